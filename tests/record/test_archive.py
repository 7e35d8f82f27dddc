"""No bit of a backup can turn, and no byte be missing, without being noticed."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
import zstandard

from goodword.record.archive import LIST, Damaged, Writer, members, verified


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "one.tar.zst"
    with path.open("wb") as opened:
        writer = Writer(opened)
        writer.add("head.json", b"{}")
        writer.add("rows/post/000000.jsonl", b'["Lovely kettle!"]\n' * 200)
        writer.add_file("home/attachments/ab", io.BytesIO(random.Random(1).randbytes(3000)), 3000)
        writer.finish({"about": {"version": "1"}})
    return path


def test_what_was_written_is_read(file: Path) -> None:
    assert set(verified(file)["members"]) == {"head.json", "rows/post/000000.jsonl", "home/attachments/ab"}


def test_every_single_flipped_bit_is_noticed(file: Path) -> None:
    whole = file.read_bytes()
    bits = random.Random(7).sample(range(len(whole) * 8), 1500)
    for bit in [*range(200), *range(len(whole) * 8 - 320, len(whole) * 8), *bits]:  # both ends, all of them
        broken = bytearray(whole)
        broken[bit // 8] ^= 1 << bit % 8
        file.write_bytes(broken)
        with pytest.raises(Damaged):
            verified(file)


def test_every_missing_end_and_every_appended_byte_is_noticed(file: Path) -> None:
    whole = file.read_bytes()
    for length in [*range(0, len(whole), 7), len(whole) - 1]:
        file.write_bytes(whole[:length])
        with pytest.raises(Damaged):
            verified(file)
    file.write_bytes(whole + b"\0")
    with pytest.raises(Damaged):
        verified(file)


def test_a_file_of_something_else_is_said_to_be_none(tmp_path: Path) -> None:
    for name, data in {"text": b"hello " * 100, "zeros": bytes(5000), "empty": b""}.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(Damaged):
            verified(tmp_path / name)


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "home/../../outside"])
def test_a_member_that_leads_out_of_its_folder_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "evil.tar.zst"
    with path.open("wb") as opened:
        writer = Writer(opened)
        writer.add(name, b"evil")
        writer.finish({})
    with pytest.raises(Damaged):
        verified(path)


def test_a_link_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "link.tar.zst"
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        entry = tarfile.TarInfo("home/link")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(entry)
    path.write_bytes(zstandard.compress(packed.getvalue()))
    with pytest.raises(Damaged), members(path) as all_of_them:
        list(all_of_them)


@pytest.mark.skipif(not shutil.which("zstd"), reason="the program zstd is missing: this was NOT tested")
def test_any_machine_can_open_it_without_us(file: Path) -> None:
    unpacked = subprocess.run(["zstd", "-dc", file], capture_output=True, check=True, timeout=30).stdout
    with tarfile.open(fileobj=io.BytesIO(unpacked)) as tar:
        assert tar.getnames()[-1] == LIST
