"""HTML read aloud: what one would hear, and nothing that explodes."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.channels.base import Media
from goodword.channels.laid_out import MOST_LINKS, Tag, pieces, read

HOSTILE = {
    "nested": "<div>" * 60_000,
    "nested and closed": "<b>" * 30_000 + "</b>" * 30_000,
    "signs": "<" * 300_000,
    "tags that never end": "<a " * 60_000,
    "values that never end": '<a "' * 60_000,
    "comments": "<!--" * 250_000,
    "empty comments": "<!-->" * 250_000,
    "ampersands": "&" * 1_000_000,
    "numbers": "&#" * 500_000,
    "scripts": "<script>" * 100_000,
    "almost closed scripts": "<script></scrip" * 50_000,
    "attributes": ("<a " + "x=y " * 900 + ">") * 60,
    "cells": "<td>" * 60_000,
    "code": "<pre>" * 40_000 + "x",
    "links": "<a href=/x>x</a>" * 15_000,
    "NULs": "\x00\ud800<p>" * 30_000,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_no_html_costs_more_than_its_length(what: str) -> None:
    began = time.process_time()
    reading = read(HOSTILE[what], "https://a.example/")
    assert time.process_time() - began < 3
    assert len(reading.text) <= 100_000
    reading.text.encode()
    assert "\x00" not in reading.text
    assert len(reading.links) <= MOST_LINKS


PARTS = [*"<>/ \"'=&;#ax!-\n\t\x00", "script", "href=", "<pre", "<img src=", "<a "]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=80).map("".join))
def test_no_text_breaks_the_reading(html: str) -> None:
    reading = read(html, "https://a.example/")
    assert reading.text == reading.text.strip()
    assert all(link.startswith(("https://", "http://")) for link in reading.links)


@given(
    st.text(
        alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zs"], exclude_characters="<&"), max_size=80
    )
)
def test_text_without_markup_is_read_as_it_is(text: str) -> None:
    assert read(text).text == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>Two<br><br><br>Three", "One\nTwo\n\nThree"),
        ("<ul><li>Tea<li>Cups</ul>after", "• Tea\n• Cups\n\nafter"),
        ("  so   <b>much</b>\n space ", "so much space"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("a<script>alert('x')</script><style>p{}</style>b", "ab"),
        ("1 < 2 &amp;&amp; 3 > 2 &lt;b&gt;", "1 < 2 && 3 > 2 <b>"),
        ("<!-- no --><![CDATA[x]]>yes<?php no ?>", "yes"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<img alt='>' src=x>after", "after"),
        ("<P>Caps</P>", "Caps"),
        ("no-break&nbsp;space", "no-break space"),
        ("", ""),
    ],
)
def test_it_reads_as_it_looks(html: str, text: str) -> None:
    assert read(html).text == text


def test_an_address_that_is_shown_cut_off_is_read_whole() -> None:
    html = (
        '<a href="https:&#x2F;&#x2F;a.example&#x2F;long&#x2F;way">https:&#x2F;&#x2F;a.example&#x2F;lo...</a>'
    )
    reading = read(html)
    assert (reading.text, reading.links) == ("https://a.example/long/way", ("https://a.example/long/way",))
    assert read('<a href="https://a.example/">our shop</a>').text == "our shop"


def test_only_web_addresses_are_links() -> None:
    html = "".join(
        f'<a href="{to}">x</a>'
        for to in ("javascript:alert(1)", "mailto:a@b.example", "/a", "//c.example/", "http://[")
    )
    assert read(html, "https://b.example/x/").links == ("https://b.example/a", "https://c.example/")


def test_pictures_are_kept_apart_and_those_that_count_readers_are_not() -> None:
    html = (
        '<img src="a.png" alt="A &quot;kettle&quot;" width="640" height="480">'
        '<img src="/t.gif" width=1><img src="data:x">'
    )
    assert read(html, "https://a.example/b/").pictures == (
        Media("https://a.example/b/a.png", "image", 'A "kettle"', 640, 480),
    )


def test_tags_come_with_what_they_say() -> None:
    found = list(pieces("<A HREF='x' rel=me\nTitle=\"a > b\">t</a>"))
    (opening, text, closing) = [piece for piece in found if piece]
    assert isinstance(opening, Tag)
    assert isinstance(closing, Tag)
    assert (opening.name, opening.attribute("href"), opening.attribute("title")) == ("a", "x", "a > b")
    assert (text, closing.closes, opening.attribute("none")) == ("t", True, "")
