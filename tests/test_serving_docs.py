"""What docs/serve.md tells people to copy is tried here."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from goodword import CHECKOUT
from goodword.record.contents import LEFT_OUT

PAGE = (CHECKOUT / "docs/serve.md").read_text("utf-8")


def block(kind: str) -> str:
    found = re.search(rf"```{kind}\n(.*?)```", PAGE, re.S)
    assert found
    return found[1]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is missing: this was NOT tested")
def test_systemd_understands_the_service(tmp_path: Path) -> None:
    unit = (
        block("ini")
        .replace("/opt/goodword/.venv/bin/goodword", "/bin/true")
        .replace("User=goodword", "User=root")
    )
    (tmp_path / "goodword@.service").write_text(unit.replace("Group=goodword", "Group=root"))
    for part in ("web", "listen", "work"):
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", tmp_path / f"goodword@{part}.service"],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        said = [line for line in done.stderr.splitlines() if "goodword@" in line]
        assert (done.returncode, said) == (0, []), done.stderr


def test_the_service_may_write_to_its_home_and_nowhere_else() -> None:
    unit = block("ini")
    for line in ("ProtectSystem=strict", "NoNewPrivileges=yes", "StateDirectory=goodword", "UMask=0077"):
        assert line in unit.splitlines()


def test_nginx_says_who_comes_and_holds_nothing_back() -> None:
    server = block("nginx")
    for location in server.split("location ")[1:]:
        assert "proxy_set_header Host $host;" in location
        assert "proxy_set_header X-Forwarded-Proto $scheme;" in location
        assert "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;" in location
    assert "proxy_buffering off;" in server.partition("location /live/")[2]


def test_every_folder_of_the_home_that_is_left_out_of_backups_is_told() -> None:
    for name in LEFT_OUT - {"address"}:
        assert f"`{name}/`" in PAGE, name
