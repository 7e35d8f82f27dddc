"""Wrong passwords are counted once for the whole install, however many processes serve it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.installs import PROJECT, Install, fresh_install

pytestmark = [pytest.mark.slow, pytest.mark.both_databases]

RIGHT = "a long password"

# A web process of its own: it tries to sign in with each password, and tells what came of it.
TRIES = f"""
import json, sys, django
django.setup()
from django.test import Client
from goodword.team.models import User
if not User.objects.exists():
    User.objects.create_user("bo@kettle.example", {RIGHT!r})
print("ready", flush=True)
sys.stdin.readline()
said = []
for password in sys.argv[1:]:
    given = {{"login": "bo@kettle.example", "password": password}}
    page = Client(SERVER_NAME="localhost").post("/login/", given)
    words = page.content.decode()
    said.append("in" if page.status_code == 302 else "wait" if "Wait five" in words else "wrong")
print(json.dumps(said))
"""


def starts(install: Install, *passwords: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", TRIES, *passwords],
        cwd=PROJECT,
        env=install.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def goes(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("go\n")
    process.stdin.flush()


def told(process: subprocess.Popen[str]) -> list[str]:
    said, _errors = process.communicate(timeout=60)
    answers: list[str] = json.loads(said)
    return answers


def test_two_processes_that_guess_together_have_five_tries_in_all(tmp_path: Path) -> None:
    with fresh_install(tmp_path) as install:
        first, second = starts(install, *["wrong"] * 5), starts(install, *["wrong"] * 5)
        for process in (first, second):
            goes(process)
        said = told(first) + told(second)
        assert sorted(said) == ["wait"] * 5 + ["wrong"] * 5
        late = starts(install, RIGHT)
        goes(late)
        assert told(late) == ["wait"], "a third process, started later, knows it as well"
