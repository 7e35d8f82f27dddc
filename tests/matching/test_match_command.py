import json
import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

QUERIES = 'pies\tapple pie\n\nparis\t"café de paris" OR #東京\n'
POSTS = [
    {"id": 17, "text": "An Apple pie"},
    {"id": "17", "text": "nothing"},
    {"id": "at://é/\ud800", "text": "👋 cafe\u0301 de Paris #東京", "language": "fr"},
]


@pytest.fixture
def files(tmp_path):
    queries, posts, matches = tmp_path / "queries.tsv", tmp_path / "posts.jsonl", tmp_path / "matches.jsonl"
    queries.write_text(QUERIES, "utf-8")
    posts.write_text("".join(json.dumps(post) + "\n" for post in POSTS), "utf-8")
    return queries, posts, matches


def match(files, *more):
    queries, posts, matches = map(str, files)
    call_command("match", "--queries", queries, "--in", posts, "--out", matches, *more)


def lines(file):
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_each_post_that_met_a_query_gets_a_line(files, capsys):
    match(files)
    assert lines(files[2]) == [
        {"id": 17, "queries": ["pies"], "spans": {"pies": [[3, 8], [9, 12]]}},
        {"id": "at://é/\ud800", "queries": ["paris"], "spans": {"paris": [[2, 16], [17, 20]]}},
    ]
    assert "3 posts read: 2 met a query, 0 refused." in capsys.readouterr().out


def test_the_counts_are_printed_as_json_where_asked(files, capsys):
    match(files, "--json")
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"read": 3, "matched": 2, "refused": 0}


def test_bad_rows_are_named_and_cost_no_other(files, capsys):
    bad = [
        b"{",
        b"[1]",
        b'{"text": "x"}',
        b'{"id": true, "text": "x"}',
        b'{"id": 1}',
        b"\xff",
        b"[" * 100_000,
    ]
    files[1].write_bytes(b"\xef\xbb\xbf\n" + b"\n".join(bad) + b'\r\n{"id": 9, "text": "pie apple"}\r\n')
    with pytest.raises(SystemExit) as left:
        match(files)
    assert left.value.code == 1
    assert [line["id"] for line in lines(files[2])] == [9]
    told = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in told] == [f"Row {row}" for row in range(2, 9)]
    assert "Row 7: This row is not written in UTF-8." in told


def test_a_bad_query_file_is_refused_with_every_place_underlined(files):
    files[0].write_text("1\tapple NEAR/x pie\nno tab\n2\tok\n2\tagain\n3\t(a\n", "utf-8")
    with pytest.raises(CommandError) as refused:
        match(files)
    assert refused.value.returncode == 2
    told = str(refused.value).splitlines()
    assert told[1:3] == ["apple NEAR/x pie", "      ^^^^^^"]
    assert [line.split(":")[0] for line in told if line.startswith("Row")] == [
        "Row 1",
        "Row 2",
        "Row 4",
        "Row 5",
    ]
    assert not files[2].exists()


@pytest.mark.parametrize("content", [b"", b"\n \n", b"1\t\xff\n"])
def test_a_query_file_without_a_query_is_refused(files, content):
    files[0].write_bytes(content)
    with pytest.raises(CommandError) as refused:
        match(files)
    assert refused.value.returncode == 2


def test_the_posts_are_never_written_over(files):
    with pytest.raises(CommandError) as refused:
        match((files[0], files[1], files[1]))
    assert refused.value.returncode == 2
    assert len(lines(files[1])) == len(POSTS)


def test_a_file_that_is_not_there_is_one_plain_sentence(files, tmp_path):
    with pytest.raises(CommandError, match="cannot be used: No such file or directory") as refused:
        match((files[0], tmp_path / "absent", files[2]))
    assert refused.value.returncode == 2


@pytest.mark.slow
def test_scripts_see_the_exit_codes_and_no_database_is_made(files, tmp_path):
    def goodword(*arguments):
        environment = {**os.environ, "GOODWORD_HOME": str(tmp_path / "home")}
        return subprocess.run(
            [sys.executable, "-m", "goodword", "match", *map(str, arguments)],
            env=environment,
            capture_output=True,
            text=True,
        )

    queries, posts, matches = files
    assert goodword("--queries", queries, "--in", posts, "--out", matches).returncode == 0
    assert list((tmp_path / "home").glob("*.sqlite*")) == []
    queries.write_text("1\t(a\n", "utf-8")
    refused = goodword("--queries", queries, "--in", posts, "--out", matches)
    assert refused.returncode == 2
    assert "(a\n^" in refused.stderr
    assert goodword("--queries", queries).returncode == 2
