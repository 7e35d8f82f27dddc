"""A row becomes the post it tells of, whatever its columns are called, or is refused with a reason."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.channels.base import MAX_TEXT, Post, Visibility, channels
from goodword.channels.file import post_of
from goodword.channels.file.columns import Columns, Meaning, mapping_in
from goodword.channels.file.moments import moment
from goodword.channels.file.rows import LONGEST_CELL, Row, table_in
from goodword.channels.file.sentences import BadMapping, BadRow, NoTable

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ROW = {"text": "Lovely kettle", "at": "2026-03-01T08:00:00Z", "author": "ada"}

Write = Callable[[str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(content: str | bytes) -> Path:
        path = tmp_path / "posts.txt"
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
        return path

    return written


def post(row: Row, mapping: str = "") -> Post:
    return post_of(row, Columns(mapping_in(mapping)).places(row), NOW)


def rows(path: Path) -> list[Row | BadRow]:
    return list(table_in(path).rows())


def refusal(row: Row) -> str:
    with pytest.raises(BadRow) as refused:
        post(row)
    return str(refused.value)


# --- columns, by the exports that people have ------------------------------------------------------


def test_a_hacker_news_submission_is_where_it_is_discussed_and_links_to_its_page() -> None:
    heard = post(
        {
            "id": "28464481",
            "title": "Kettle Desktop",
            "url": "https://kettle.example/desktop",
            "dt": "2021-09-08T23:52:06",
            "submitter": "todsacerdoti",
            "commentsUrl": "https://news.ycombinator.com/item?id=28464481",
            "points": 12,
        }
    )
    assert (heard.native_id, heard.title, heard.text) == ("28464481", "Kettle Desktop", "")
    assert heard.url == "https://news.ycombinator.com/item?id=28464481"
    assert heard.links == ("https://kettle.example/desktop",)
    assert heard.author.native_id == heard.author.handle == "todsacerdoti"
    assert heard.at == datetime(2021, 9, 8, 23, 52, 6, tzinfo=UTC)


def test_a_tweet_of_a_support_archive_knows_what_it_answers_and_who_speaks_for_the_brand() -> None:
    customer = {
        "tweet_id": "2",
        "author_id": "115712",
        "inbound": "True",
        "created_at": "Tue Oct 31 22:11:45 +0000 2017",
        "text": "@kettle it leaks",
        "response_tweet_id": "3",
        "in_response_to_tweet_id": "",
    }
    asked = post(customer)
    assert (asked.native_id, asked.parent, asked.addressed, asked.ours) == ("2", "", True, False)
    answered = post(
        customer
        | {"tweet_id": "3", "author_id": "kettle", "inbound": "False", "in_response_to_tweet_id": "2.0"}
    )
    assert (answered.parent, answered.addressed, answered.ours) == ("2", False, True)


def test_an_octolens_mention_brings_its_author_and_audience() -> None:
    heard = post(
        {
            "id": "m-1",
            "url": "https://reddit.com/r/tea/1",
            "title": "Which kettle?",
            "body": "Any tips?",
            "source": "reddit",
            "timestamp": "2026-03-01T08:00:00+02:00",
            "author": "@uma",
            "authorName": "Uma Okafor",
            "authorFollowers": "1,064",
            "language": "en",
        }
    )
    assert (heard.native_id, heard.text, heard.title) == ("m-1", "Any tips?", "Which kettle?")
    assert (heard.author.handle, heard.author.name, heard.author.followers) == ("uma", "Uma Okafor", 1064)
    assert heard.url == "https://reddit.com/r/tea/1"
    assert heard.at.hour == 6
    assert heard.languages == ("en",)


def test_a_brandwatch_mention_without_id_is_known_by_its_address() -> None:
    row = {
        "Date": "2026-03-01 08:00:00.0",
        "Author": "pia",
        "Avatar Url": "https://pic.example/pia.png",
        "Url": "https://blog.example/kettles",
        "Title": "Kettles",
        "Snippet": "… a kettle …",
        "Full Text": "I bought a kettle.",
    }
    heard = post(row)
    assert heard.native_id == heard.url == "https://blog.example/kettles"
    assert heard.text == "I bought a kettle."
    assert post(row | {"Full Text": ""}).text == "… a kettle …"
    assert heard.author.avatar_url == "https://pic.example/pia.png"


def test_messages_of_one_conversation_id_are_one_thread() -> None:
    heard = post(
        {
            "Conversation ID": "c-9",
            "Message ID": "m-2",
            "Contact Profile ID": "p-1",
            "Created at": "2026-03-01 08:00:00 +0100",
            "Message": "Where is my parcel?",
            "Direction": "inbound",
            "Visibility": "private",
        }
    )
    assert (heard.root, heard.native_id, heard.author.native_id) == ("c-9", "m-2", "p-1")
    assert heard.addressed
    assert heard.visibility is Visibility.DIRECT


def test_an_author_may_be_an_object_of_its_own(write: Write) -> None:
    tweet = ROW | {"author": None, "user": {"screen_name": "ivo", "id_str": "77", "followers_count": 90_000}}
    [row] = rows(write(json.dumps(tweet)))
    assert isinstance(row, dict)
    author = post(row).author
    assert (author.native_id, author.handle, author.followers) == ("77", "ivo", 90_000)


def test_case_spaces_underscores_and_camel_humps_do_not_matter() -> None:
    for name in ("created_at", "CreatedAt", "created at", "CREATED-AT", "Created At "):
        assert Columns().places([name]) == {Meaning.AT: (name,)}


def test_what_a_person_says_of_a_column_comes_before_its_name() -> None:
    row = {"Wortlaut": "Schöner Kessel", "Datum": "01.03.2026 08:00", "text": "intern", "Wer": "ada"}
    heard = post(row, "Wortlaut=body,Datum=at,Wer=author")
    assert (heard.text, heard.author.handle) == ("Schöner Kessel", "ada")
    assert post(row, "text=,Wortlaut=title,Datum=at,Wer=author").text == ""


@pytest.mark.parametrize("words", ["Wortlaut", "=text", "Wortlaut=colour"])
def test_a_mapping_that_means_nothing_is_refused(words: str) -> None:
    with pytest.raises(BadMapping):
        mapping_in(words)


def test_a_post_without_any_id_has_the_same_one_each_time() -> None:
    assert post(dict(ROW)).native_id == post(dict(reversed(ROW.items()))).native_id
    assert post(ROW).native_id != post(ROW | {"text": "Lovely pot"}).native_id


# --- times -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "2017-10-31T22:10:47",
        "2017-10-31T22:10:47Z",
        "2017-10-31 23:10:47 +0100",
        "2017-10-31T22:10:47.000+00:00",
        "2017-10-31 22:10:47 UTC",
        "Tue Oct 31 22:10:47 +0000 2017",
        "Tue, 31 Oct 2017 22:10:47 +0000",
        "Tue, 31 Oct 2017 22:10:47 GMT",
        "10/31/2017 22:10:47",
        "10/31/2017 10:10:47 PM",
        "31.10.2017 22:10:47",
        "2017/10/31 22:10:47",
        1509487847,
        1509487847.0,
        1509487847000,
        "1509487847",
        "1509487847000",
    ],
)
def test_a_time_is_read_as_files_write_it(written: Any) -> None:
    assert moment(written, NOW) == datetime(2017, 10, 31, 22, 10, 47, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("0", "cannot be read"),
        (0, "before 1990"),
        ("1970-01-01", "before 1990"),
        ("3000-01-01", "in the future"),
        ("13/31/2017 22:10:47", "cannot be read"),
        ("yesterday", "cannot be read"),
        (10**400, "cannot be read"),
        (True, "cannot be read"),
        ("9" * 5000, "cannot be read"),
    ],
)
def test_an_absurd_time_is_refused_and_shown(written: Any, why: str) -> None:
    assert why in refusal(ROW | {"at": written})


def test_a_local_time_taken_for_utc_is_no_future() -> None:
    assert moment((NOW + timedelta(hours=14)).isoformat(), NOW) == NOW + timedelta(hours=14)


# --- what is refused, and what is not --------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (ROW | {"text": "  "}, "neither a text nor a title"),
        (ROW | {"at": None}, "no time"),
        (ROW | {"author": ""}, "who wrote it"),
        (ROW | {"inbound": "perhaps"}, "neither that this came in nor that it went out"),
    ],
)
def test_a_row_that_is_no_post_says_why(row: Row, why: str) -> None:
    assert why in refusal(row)


HOSTILE = [
    "a\x00b",
    "lone \ud800 surrogate",
    "x" * 1_000_000,
    "\u202egnp.exe",
    "<script>alert(1)</script>",
    "=HYPERLINK(A1)",
    "🫖" * 1000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_pass_as_text(text: str, write: Write) -> None:
    [row] = rows(write(json.dumps(ROW | {"text": text, "id": text, "author": text, "parent": text})))
    assert isinstance(row, dict)
    heard = post(row)
    heard.text.encode()
    assert "\x00" not in heard.text + heard.native_id + heard.author.native_id
    assert len(heard.text) <= MAX_TEXT
    assert len(heard.native_id) <= 300


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "x" * 9])
def test_what_is_no_web_address_never_becomes_a_link(url: str) -> None:
    heard = post(ROW | {"url": url, "avatar": url, "author_url": url})
    assert (heard.url, heard.author.avatar_url, heard.author.url) == ("", "", "")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(list(Meaning)), JSON), st.booleans())
def test_whatever_stands_in_the_cells_it_is_a_post_or_a_reason(cells: Row, complete: bool) -> None:
    row = {**cells, **ROW} if complete else dict(cells)
    try:
        heard = post(row)
    except BadRow:
        return
    assert heard.native_id
    assert heard.at.utcoffset() == timedelta(0)


# --- files -----------------------------------------------------------------------------------------

CSV = 'id,author,at,text\n1,ada,2026-03-01,"Lovely; ""really"""\n2,uma,2026-03-01,"two\nlines"\n'


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(write: Write, delimiter: str) -> None:
    found = rows(write(f"sep={delimiter}\nid,author,at,text\n1,ada,x,hello\n".replace(",", delimiter)))
    assert found == [{"id": "1", "author": "ada", "at": "x", "text": "hello"}]


def test_quoted_cells_hold_delimiters_quotes_and_line_ends(write: Write) -> None:
    texts = [row["text"] for row in rows(write(CSV)) if isinstance(row, dict)]
    assert texts == ['Lovely; "really"', "two\nlines"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (codecs.BOM_UTF8 + "id,text\n1,Schön\n".encode(), ""),
        ("id,text\n1,Schön\n".encode(), ""),
        ("id,text\n1,Schön\n".encode("utf-16"), "UTF-16"),
        ("id,text\n1,Schön\n".encode("utf-16-le"), "UTF-16"),
        ("id,text\n1,Schön\n".encode("latin-1"), "Windows-1252"),
    ],
)
def test_the_encoding_is_found_and_told_when_it_is_no_utf8(write: Write, content: bytes, told: str) -> None:
    table = table_in(write(content))
    assert list(table.rows()) == [{"id": "1", "text": "Schön"}]
    assert told in "".join(table.notes)
    assert bool(told) == bool(table.notes)


def test_one_damaged_row_does_not_garble_the_others(write: Write) -> None:
    table = table_in(write("text\nSchön\nGrüße\n".encode() + b"kaputt \xff\n"))
    assert [row["text"] for row in table.rows() if isinstance(row, dict)] == ["Schön", "Grüße", "kaputt �"]
    assert "damaged" in table.notes[0]


def test_a_json_array_is_read_as_json_lines_are(write: Write) -> None:
    many = [{"id": n, "text": "]}," * (n % 50)} for n in range(3000)]
    assert rows(write(" \n" + json.dumps(many, indent=1))) == many
    assert rows(write("\n".join(json.dumps(one) for one in many))) == many


def test_a_broken_json_row_is_refused_alone_and_a_broken_array_from_there_on(write: Write) -> None:
    lines = rows(write('{"text":"a"}\n{"text":\n[1]\n\n{"text":"b"}\n' + "[" * 100_000))
    assert [isinstance(row, BadRow) for row in lines] == [False, True, True, False, True]
    array = rows(write('[{"text":"a"}, 7, {"text": nonsense}, {"text":"b"}]'))
    assert [isinstance(row, BadRow) for row in array] == [False, True, True]


@pytest.mark.parametrize("first", ["garbage", "null", "[1]", '[{"a": 1}]', '"text,at"', '{"text": '])
def test_a_broken_first_row_does_not_hide_what_the_others_are(write: Write, first: str) -> None:
    found = rows(write(f'{first}\n{{"text": "a"}}\n{{"text": "b"}}\n'))
    assert isinstance(found[0], BadRow)
    assert found[1:] == [{"text": "a"}, {"text": "b"}]


@pytest.mark.parametrize(
    "content", ['[\n{"a": 1},\n{"a": 2}\n]', '[{"a": 1},\n{"a": 2}]', '[{"a":1},{"a":2}]\n']
)
def test_an_array_stays_one_however_its_lines_break(write: Write, content: str) -> None:
    assert rows(write(content)) == [{"a": 1}, {"a": 2}]


def test_a_csv_row_with_cells_beyond_the_header_is_refused(write: Write) -> None:
    found = rows(write("id,text\n1,a,b\n2,c\n3\n4,d,,\n"))
    assert isinstance(found[0], BadRow)
    assert found[1:] == [{"id": "2", "text": "c"}, {"id": "3"}, {"id": "4", "text": "d"}]


def test_columns_keep_their_order_and_the_first_of_two_of_one_name_holds(write: Write) -> None:
    [found] = rows(write("text,id,,text\na,1,x,b\n"))
    assert list(found.items()) == [("text", "a"), ("id", "1")]  # type: ignore[union-attr]


def test_a_quote_that_is_never_closed_does_not_swallow_the_file_in_silence(write: Write) -> None:
    found = rows(write('id,text\n1,fine\n2,"open ' + "x" * LONGEST_CELL + "\n3,after\n"))
    assert found[0] == {"id": "1", "text": "fine"}
    assert any(isinstance(row, BadRow) for row in found[1:])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 50, "holds no text"),
        (b"PK\x03\x04" + b"x" * 50, "save it as CSV"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_one_sentence(write: Write, content: bytes, why: str) -> None:
    with pytest.raises(NoTable, match=why):
        table_in(write(content))


def test_a_folder_and_a_missing_file_are_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(NoTable, match="is a folder"):
        table_in(tmp_path)
    with pytest.raises(NoTable, match="There is no file"):
        table_in(tmp_path / "missing.csv")


def test_the_file_channel_is_heard_from_its_own_screen() -> None:
    assert not channels()["file"].connectable
