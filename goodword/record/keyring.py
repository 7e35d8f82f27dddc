"""How do the keys of an install travel in a backup, if somebody wants that? Locked by a passphrase."""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

# 128 MiB and about half a second for each guess; the salt makes a guess count for one file only.
COST = {"n": 2**17, "r": 8, "p": 1}
DEAREST = 2**20  # of n that a file may ask us to pay
SHORTEST = 12  # characters of a passphrase: it protects a file that a thief has for ever


class WrongPassphrase(Exception):
    """The keys in the backup cannot be opened with it."""


def locked_keys(folder: Path, passphrase: str) -> bytes:
    """Every file of the folder of keys, as one text that only the passphrase opens."""
    files = {
        path.name: base64.b64encode(path.read_bytes()).decode()
        for path in sorted(folder.iterdir())
        if path.is_file() and not path.name.startswith(".")
    }
    salt = secrets.token_bytes(16)
    locked = _fernet(passphrase, salt, COST["n"]).encrypt(json.dumps(files).encode())
    return json.dumps({"salt": salt.hex(), "n": COST["n"], "locked": locked.decode()}).encode()


def opened(locked: bytes, passphrase: str) -> dict[str, bytes]:
    """The keys by the names of their files. Raises WrongPassphrase."""
    try:
        told = json.loads(locked)
        cost = int(told["n"])
        if not 1 < cost <= DEAREST:
            raise ValueError(cost)
        text = _fernet(passphrase, bytes.fromhex(told["salt"]), cost).decrypt(told["locked"].encode())
        return {Path(name).name: base64.b64decode(data) for name, data in json.loads(text).items()}
    except (InvalidToken, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WrongPassphrase from error


def put_back(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the keys into their folder, in place of those there."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, data in files.items():
        draft = folder / f".{secrets.token_hex(4)}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / name)


def _fernet(passphrase: str, salt: bytes, cost: int) -> Fernet:
    derived = Scrypt(salt=salt, length=32, n=cost, r=COST["r"], p=COST["p"]).derive(passphrase.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
