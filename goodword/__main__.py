"""`goodword ...`: every command of the house, through Django."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goodword.settings")
    from django.core.management import CommandError, execute_from_command_line

    from goodword import __version__
    from goodword.store.environment import CannotStart

    try:
        if sys.argv[1:] in (["--version"], ["version"]):
            print(__version__)
        elif len(sys.argv) == 1 or (sys.argv[1] in ("help", "--help", "-h") and len(sys.argv) == 2):
            print(_commands())
        else:
            execute_from_command_line(_raising(sys.argv))
    except CannotStart as error:
        sys.exit(_said(str(error)))
    except CommandError as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(_said(str(error), error.returncode))


def _raising(words: list[str]) -> list[str]:
    """Django would put "CommandError:" before each sentence; asked for a traceback, it leaves them to us."""
    is_command = not words[1].startswith("-") and words[1] != "help"
    return [*words, "--traceback"] if is_command else words


def _commands() -> str:
    """What this house can do, one line each; Django's own commands work, too."""
    import django
    from django.core.management import get_commands, load_command_class

    django.setup()
    ours = sorted(name for name, app in get_commands().items() if app == "goodword")
    lines = [f"  goodword {name:<12} {load_command_class('goodword', name).help}" for name in ours]
    return "\n".join(["Goodword's commands (each knows --help):", "", *lines])


def _said(sentence: str, code: int = 2) -> int:
    print(sentence, file=sys.stderr)
    return code


if __name__ == "__main__":
    main()
