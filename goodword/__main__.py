"""`goodword ...`: every command of the house, through Django."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goodword.settings")
    from django.core.management import execute_from_command_line

    from goodword.store.databases import NoSuchDatabase

    try:
        if len(sys.argv) == 1 or (sys.argv[1] in ("help", "--help", "-h") and len(sys.argv) == 2):
            print(_commands())
        else:
            execute_from_command_line(sys.argv)
    except NoSuchDatabase as error:
        sys.exit(_said(str(error)))


def _commands() -> str:
    """What this house can do, one line each; Django's own commands work, too."""
    import django
    from django.core.management import get_commands, load_command_class

    django.setup()
    ours = sorted(name for name, app in get_commands().items() if app == "goodword")
    lines = [f"  goodword {name:<12} {load_command_class('goodword', name).help}" for name in ours]
    return "\n".join(["Goodword's commands (each knows --help):", "", *lines])


def _said(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


if __name__ == "__main__":
    main()
