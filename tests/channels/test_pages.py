"""What is read of a page that introduces itself, and of one that wants to do harm?"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.channels.pages import Page, parse_page

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
HTML = "text/html; charset=utf-8"


def page(html: str, kind: str = HTML) -> Page:
    return parse_page(html.encode("utf-8", "surrogatepass"), kind, NOW)


def test_open_graph_is_read() -> None:
    found = page(
        "<html><head><title>Forum</title>"
        '<meta property="og:title" content="Kettle &amp; co: broken lid">'
        "<meta name='author' content='Jo Smith'>"
        '<meta content="The lid broke after\n  two weeks." property="og:description">'
        '<meta property="article:published_time" content="2026-03-01T10:00:00+01:00">'
    )
    assert found == Page(
        "Kettle & co: broken lid",
        "Jo Smith",
        "The lid broke after\ntwo weeks.",
        datetime(2026, 3, 1, 9, 0, tzinfo=UTC),
    )


def test_json_ld_tells_a_review_with_its_author() -> None:
    said = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "Organization", "name": "Trust"},
            {
                "@type": "Review",
                "author": {"@type": "Person", "name": "Ada"},
                "datePublished": "2026-02-03",
                "reviewBody": "Lovely kettle. " * 10,
                "headline": "Lovely",
            },
        ],
    }
    found = page(f'<script type="application/ld+json">{json.dumps(said)}</script>')
    assert (found.title, found.author) == ("Lovely", "Ada")
    assert found.text.startswith("Lovely kettle.")
    assert found.at == datetime(2026, 2, 3, tzinfo=UTC)


def test_without_any_of_it_the_title_is_left() -> None:
    assert page("<TITLE lang=en>Just a page</TITLE>") == Page("Just a page")
    assert not page("")


def test_an_author_that_is_an_address_is_no_name_and_a_time_to_come_is_no_time() -> None:
    found = page(
        '<meta property="article:author" content="https://facebook.com/jo">'
        '<meta property="article:published_time" content="2027-01-01">'
    )
    assert found == Page()


@pytest.mark.parametrize(
    "kind", ["text/html; charset=windows-1252", "text/html", "text/html; charset=nonsense"]
)
def test_other_encodings_are_read_or_at_least_survived(kind: str) -> None:
    found = parse_page("<title>Schön</title>".encode("cp1252"), kind, NOW)
    assert found.title in ("Schön", "Sch\ufffdn")


LD = "<script type='application/ld+json'>"
HOSTILE = {
    "never closed": "<meta " * 170_000,
    "nothing but names": "<meta " + "a" * 1_000_000,
    "tags without end": "<meta " + "a=" * 500_000 + ">",
    "names in tags": "".join(f"<meta {'a' * 2_400}>" for _ in range(400)),
    "titles": "<title>" * 140_000,
    "scripts without end": '<script type="application/ld+json">' * 28_000,
    "nested": '<script type="application/ld+json">' + "[" * 900_000 + "</script>",
    "great number": '<script type="application/ld+json">' + "9" * 900_000 + "</script>",
    "entities": f'<meta name="description" content="{"&amp;" * 400}">' * 400,
    "quotes": "<meta content='" * 60_000,
    "nul and surrogates": "\x00\ud800<title>\x00\ud800</title>",
    "wrong shapes": f'{LD}{{"@type":["Review"],"author":[[]],"text":{{"a":1}}}}</script>',
}


@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_page_is_read_in_no_time(html: str) -> None:
    began = time.process_time()
    page(html)
    assert time.process_time() - began < 1.5


@settings(max_examples=100)
@given(
    st.binary(max_size=500),
    st.sampled_from([HTML, "", "text/html; charset=utf-16", "text/html; charset=idna"]),
)
def test_no_bytes_raise(body: bytes, kind: str) -> None:
    parse_page(b'<script type="application/ld+json">' + body + b"</script><meta " + body, kind, NOW)
