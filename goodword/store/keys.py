"""Where does a secret key of this install come from? From a file that is made once."""

import os
import secrets
from pathlib import Path


def key_in(path: Path) -> str:
    """The key in `path`, made at first use and readable by its owner only.

    Two processes may start at once: the link to the final name succeeds for one of them, whole.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
