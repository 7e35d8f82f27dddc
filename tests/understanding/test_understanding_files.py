"""A file of posts is understood whole, whatever stands in it and however often it is interrupted."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from goodword.understanding.analysis import INTENTS
from goodword.understanding.files import understand_file

KEYS = {"id", "language", "sentiment", "label", "abstain", "intents", "decisions", "evidence", "model"}
MORE = {"language_probability", "needs_answer", "hostility"}


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    return tmp_path / "posts.jsonl"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "analyses.jsonl"


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def write(path: Path, rows: Iterator[dict[str, Any]] | list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def test_each_post_becomes_a_line_with_the_agreed_keys(posts: Path, out: Path) -> None:
    write(
        posts,
        [{"id": 7, "text": "Where is my order?"}, {"id": "b", "text": "Lumo is lovely", "brand": "@lumo"}],
    )
    call_command("understand", "--in", posts, "--out", out)
    question, praise = rows_of(out)
    assert question.keys() - MORE == KEYS
    assert praise.keys() - MORE == KEYS | {"brand_sentiment"}
    assert (question["id"], praise["id"]) == (7, "b")
    assert question["decisions"] == ["question"]
    assert set(question["intents"]) == set(INTENTS)
    assert set(question["sentiment"]) == {"negative", "neutral", "positive"}
    assert {"start": 0, "end": 5, "of": "question"} in question["evidence"]


def test_bad_rows_are_named_by_number_and_the_good_ones_are_done(
    posts: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = json.dumps({"id": "1", "text": "Hello there"}).encode()
    bad = [
        b"{",
        b"[1]",
        b'{"text": "no id"}',
        b'{"id": true, "text": ""}',
        b'{"id": 1}',
        b'{"id": 2, "text": 3}',
    ]
    bad += [
        b'{"id": 3, "text": "\xff"}',
        b"[" * 100_000,
        b'{"id": 4, "text": "", "language": 9}',
        b"1" * 9_000,
    ]
    posts.write_bytes(b"\xef\xbb\xbf" + good + b"\n\n" + b"\n".join(bad) + b"\n")
    with pytest.raises(SystemExit) as left:
        call_command("understand", "--in", posts, "--out", out, "--json")
    assert left.value.code == 1
    assert [row["id"] for row in rows_of(out)] == ["1"]
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [refused["row"] for refused in told["refused"]] == list(range(3, 3 + len(bad)))
    assert all(refused["reason"].endswith(".") for refused in told["refused"])
    assert (told["read"], told["new"], told["known"]) == (1 + len(bad), 1, 0)


def test_posts_already_in_the_output_are_skipped(posts: Path, out: Path) -> None:
    write(
        posts, [{"id": 1, "text": "Hello"}, {"id": "1", "text": "Another post"}, {"id": 1, "text": "Hello"}]
    )
    assert understand_file(posts, out).new == 2
    before = out.read_bytes()
    again = understand_file(posts, out)
    assert (again.new, again.known) == (0, 3)
    assert out.read_bytes() == before


def test_a_line_left_unfinished_is_done_again(posts: Path, out: Path) -> None:
    write(posts, [{"id": n, "text": f"Post number {n}"} for n in range(5)])
    understand_file(posts, out)
    whole = out.read_bytes()
    for cut in (1, 50, len(whole) // 2, len(whole) - 1):
        out.write_bytes(whole[:cut])
        understand_file(posts, out)
        assert out.read_bytes() == whole


@pytest.mark.slow
def test_a_killed_run_resumes_and_nothing_is_lost_or_doubled(posts: Path, out: Path) -> None:
    count = 1_500
    write(posts, ({"id": n, "text": f"Where is order number {n}? Thanks!"} for n in range(count)))
    program = (
        "import sys; from pathlib import Path; from goodword.understanding.files import understand_file as f"
    )
    command = [
        sys.executable,
        "-c",
        f"{program}; f(Path(sys.argv[1]), Path(sys.argv[2]))",
        str(posts),
        str(out),
    ]
    with subprocess.Popen(command) as run:
        while not (out.exists() and out.stat().st_size) and run.poll() is None:
            pass
        run.send_signal(signal.SIGKILL)
    assert run.returncode == -signal.SIGKILL
    assert 0 < len(out.read_bytes().splitlines()) < count
    assert understand_file(posts, out).refused == ()
    assert [row["id"] for row in rows_of(out)] == list(range(count))


def test_a_wrong_call_is_refused_with_two(posts: Path, out: Path) -> None:
    with pytest.raises(CommandError) as missing:
        call_command("understand", "--in", posts, "--out", out)
    assert missing.value.returncode == 2
    write(posts, [{"id": 1, "text": "Hello"}])
    with pytest.raises(CommandError) as same:
        call_command("understand", "--in", posts, "--out", posts)
    assert same.value.returncode == 2
    assert rows_of(posts) == [{"id": 1, "text": "Hello"}]


def test_a_missing_input_leaves_no_output_behind(posts: Path, out: Path) -> None:
    with pytest.raises(FileNotFoundError):
        understand_file(posts, out)
    assert not out.exists()


def test_ids_are_echoed_as_given_even_when_they_cannot_be_printed(posts: Path, out: Path) -> None:
    ids = ["\ud800", "\x00", "a\u2028b", "", 10**30, -1]
    write(posts, [{"id": name, "text": "\ud800\x00 Hello"} for name in ids])
    understand_file(posts, out)
    assert [json.loads(line)["id"] for line in out.read_bytes().splitlines()] == ids
