"""Every number on screen names its formula and opens to its rows, for everybody who may look."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.conversations.models import Wait
from goodword.listening.models import Post
from goodword.metrics.metric import Unit, metrics
from goodword.web import metric_rows
from goodword.web.charts import FLOOR, TOP, Week, chart, step_of_counts, step_of_share, step_of_time
from goodword.web.metric_rows import BOM, cell
from goodword.web.metric_words import amount, change, mark, span, with_unit
from tests.fakechannel import US
from tests.world import ADA, IVO, SAM, UMA, Author, Member, World

HOUR = timedelta(hours=1)
MALLORY = Author("mallory", handle="mallory", name="=HYPERLINK(1)")


@pytest.fixture
def week(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Uma was answered after half an hour, Sam waits, Ada praised and waits; Ivo spoke among others."""
    asked = world.hears(UMA, "Does the kettle whistle?")
    world.hears(SAM, "Which kettle is the <b>quiet</b> one?")
    world.hears(ADA, "I love my kettle, it is wonderful.")
    world.hears(IVO, "A kettle on the hob.", addressed=False)
    world.passes(HOUR / 2)
    world.hears(US, "It does.", to=asked, addressed=False)
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    return world


def page(member: Member, address: str, **query: str) -> str:
    response = member.looks_at(address, **query)
    assert response.status_code == 200
    return response.content.decode()


def main_of(page: str) -> str:
    """The page without the navigation around it."""
    return page.partition("<main")[2].partition("</main>")[0]


def table(member: Member, slug: str, **query: str) -> list[dict[str, str]]:
    response = member.looks_at(f"/metrics/{slug}/", format="csv", **query)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith("attachment")
    text = response.content.decode()
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM))))


# --- the page of all -------------------------------------------------------------------------------


def test_a_viewer_sees_every_number_with_its_unit_and_its_formula(week: World, olga: Member) -> None:
    seen = unescape(page(olga, "/metrics/"))
    for metric in metrics().values():
        assert str(metric.name) in seen
        assert str(metric.formula) in seen
        assert metric.meaning in seen
        assert f"/metrics/{metric.slug}/?weeks=12" in seen
    assert "33%" in seen
    assert "1 of 3" in seen
    assert "30 min" in seen


def test_a_number_without_rows_says_so_and_is_never_a_zero_of_zero(
    world: World, olga: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    world.hears(IVO, "A kettle on the hob.", addressed=False)
    seen = page(olga, "/metrics/")
    assert "Nothing to count in these weeks." in seen
    assert ">0%<" not in seen


def test_where_nothing_was_heard_the_page_says_what_to_do(world: World, dana: Member, olga: Member) -> None:
    assert "Nothing to count in these weeks" in page(dana, "/metrics/")
    assert "Connect an account" in page(dana, "/metrics/")
    assert 'href="/connections/"' not in main_of(page(olga, "/metrics/"))


def test_no_page_ranks_or_names_teammates(week: World, dana: Member) -> None:
    asked = Wait.objects.get(post__author__native_id="uma")
    Wait.objects.filter(pk=asked.pk).update(answered_by=week.bo.teammate)
    for address in ("/metrics/", "/metrics/reply-rate/"):
        assert not re.search(r"\bBo\b", main_of(page(dana, address)))
    assert not re.search(r"\bBo\b", str(table(dana, "reply-rate")))


def test_the_charts_have_names_a_table_and_no_inline_style(week: World, olga: Member) -> None:
    seen = page(olga, "/metrics/")
    assert " style=" not in seen
    assert seen.count('<svg class="chart-drawing"') == seen.count("<table>") == 3
    assert len(re.findall(r"<desc id=", seen)) == 3


# --- one metric ------------------------------------------------------------------------------------


def test_a_number_opens_exactly_its_rows_each_with_its_conversation(week: World, olga: Member) -> None:
    seen = page(olga, "/metrics/reply-rate/", weeks="4")
    assert seen.count('<a class="row"') == 3
    for name in ("uma", "sam", "ada"):
        post = Post.objects.get(brand=week.brand, author__native_id=name)
        assert f'href="/conversations/{week.conversation_of(post).pk}/"' in seen
    assert "answered after 30 min" in seen
    assert "waiting for 30 min" in seen


def test_the_rows_can_be_narrowed_to_those_the_number_counts_and_to_the_others(
    week: World, olga: Member
) -> None:
    assert page(olga, "/metrics/reply-rate/", only="yes").count('<a class="row"') == 1
    assert page(olga, "/metrics/reply-rate/", only="no").count('<a class="row"') == 2
    assert page(olga, "/metrics/reply-rate/", only="nonsense").count('<a class="row"') == 3


def test_a_column_opens_the_rows_of_its_week(week: World, olga: Member) -> None:
    week.hears(UMA, "And does it come in blue?", at=week.now - timedelta(days=7))
    addresses = re.findall(r'<a class="chart-week" href="([^"]+)"', page(olga, "/metrics/reply-rate/"))
    assert len(addresses) == 2
    earlier, this = (unescape(address).removesuffix("#rows") for address in addresses)
    assert page(olga, earlier).count('<a class="row"') == 1
    assert page(olga, this).count('<a class="row"') == 3


def test_a_post_that_never_became_work_leads_to_the_person_who_wrote_it(week: World, olga: Member) -> None:
    ivo = Post.objects.get(author__native_id="ivo")
    assert f'href="/people/{ivo.author.person_id}/"' in page(olga, "/metrics/talk-without-us/")


def test_rows_go_on_over_pages_without_losing_or_doubling_one(
    week: World, olga: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metric_rows, "PAGE", 2)
    seen, query, links = [], {}, 0
    for _turn in range(4):
        shown = page(olga, "/metrics/posts-heard/", **query)
        seen += re.findall(r'<a class="row" href="([^"]+)"', shown)
        more = re.search(r"after=([^&\"#]+)", shown.partition("To the newest")[2] if query else shown)
        links += bool(more)
        if not more:
            break
        query = {"after": unescape(more.group(1)).replace("%3A", ":").replace("%2B", "+").replace("%7E", "~")}
    assert len(seen) == len(set(seen)) == 4
    assert links == 1


def test_what_its_author_deleted_is_told_without_its_words(week: World, olga: Member) -> None:
    uma = Post.objects.get(author__native_id="uma")
    Post.objects.filter(pk=uma.pk).update(gone_at=week.now)
    assert "whistle" not in page(olga, "/metrics/reply-rate/")
    assert "Its author deleted it." in page(olga, "/metrics/reply-rate/")
    assert "whistle" not in str(table(olga, "reply-rate"))


def test_words_from_outside_stay_words(week: World, olga: Member) -> None:
    assert "&lt;b&gt;quiet&lt;/b&gt;" in page(olga, "/metrics/reply-rate/")


@pytest.mark.parametrize(
    "query",
    [
        {"weeks": "0"},
        {"weeks": "99999999999999999999"},
        {"weeks": "²"},
        {"week": "0001-01-01"},
        {"week": "9999-12-31"},
        {"week": "soon"},
        {"after": "2026-03-10~x"},
        {"after": "2026-03-10T12:00:00~5"},
        {"after": "0001-01-01T00:00:00+14:00~99999999999999999999"},
        {"after": "\x00"},
        {"format": "xml"},
    ],
)
def test_an_address_that_makes_no_sense_shows_the_page_as_usual(
    week: World, olga: Member, query: dict[str, str]
) -> None:
    assert "The rows behind it" in page(olga, "/metrics/reply-rate/", **query)


def test_a_metric_that_does_not_exist_is_not_found(week: World, olga: Member) -> None:
    assert olga.looks_at("/metrics/likes/").status_code == 404


def test_nobody_looks_without_signing_in_and_nobody_changes_anything(week: World, olga: Member) -> None:
    assert Client().get("/metrics/").status_code == 302
    assert olga.does("/metrics/reply-rate/").status_code == 405


def test_another_brand_sees_none_of_our_rows(week: World, eve: Member) -> None:
    assert "Nothing to count in these weeks" in page(eve, "/metrics/")
    assert not table(eve, "posts-heard")


def test_times_are_those_of_the_brands_clock(week: World, olga: Member) -> None:
    week.brand.time_zone = "Asia/Kathmandu"  # 5:45 ahead
    week.brand.save()
    assert {row["said at"] for row in table(olga, "reply-rate")} == {"2026-03-10 17:45:00+05:45"}


# --- as a table ------------------------------------------------------------------------------------


def test_the_table_holds_all_rows_behind_the_number(week: World, olga: Member) -> None:
    rows = table(olga, "reply-rate")
    assert sorted((row["person"], row["counted"], row["minutes to answer"]) for row in rows) == [
        ("Ada Moreau", "no", ""),
        ("Sam Ortiz", "no", ""),
        ("Uma Okafor", "yes", "30.0"),
    ]
    assert len(table(olga, "reply-rate", only="yes")) == 1


def test_no_cell_of_the_table_begins_as_a_formula(week: World, olga: Member) -> None:
    week.hears(MALLORY, "\n\t =cmd|' /C calc'!A0 \x00 kettle?")
    week.hears(MALLORY, "@SUM(1+1) kettle?")
    for row in table(olga, "reply-rate") + table(olga, "posts-heard"):
        assert all(value.strip()[:1] not in tuple("=+-@") for value in row.values() if value)
    assert "'=HYPERLINK(1)" in {row["person"] for row in table(olga, "reply-rate")}


HIDING = st.sampled_from(
    ["", " ", "\t", "\n", "\r", "\x00", "\x0b", "\u00a0", "\u200b", "\ufeff", "\u2003", "\u202e"]
)


@settings(max_examples=200, deadline=None)
@given(before=st.lists(HIDING, max_size=4), sign=st.sampled_from("=+-@＝＋－＠﹢"), after=st.text(max_size=8))
def test_a_formula_is_recognised_behind_whatever_hides_it(before: list[str], sign: str, after: str) -> None:
    assert cell("".join(before) + sign + after).startswith("'")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30))
def test_a_harmless_cell_keeps_its_words(words: str) -> None:
    assert cell(f"a{words}").startswith("a")
    assert not cell(words).lstrip()[:1] or cell(words).lstrip()[0] not in "=+-@"


# --- words and drawings ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (3599, "1 h"),
        (7500, "2 h 5 min"),
        (86_399, "1 d"),
        (273_600, "3 d 4 h"),
    ],
)
def test_a_time_is_said_in_its_two_largest_units(seconds: float, words: str) -> None:
    assert span(seconds) == words


def test_a_share_that_is_nearly_all_is_not_all() -> None:
    assert [amount(Unit.SHARE, share) for share in (0, 0.004, 0.714, 0.996, 1)] == [
        "0%", "0.4%", "71%", "99.6%", "100%",
    ]  # fmt: skip


def test_numbers_are_said_with_what_they_count() -> None:
    assert with_unit(Unit.PEOPLE, 1) == "1 person"
    assert with_unit(Unit.THREADS, 1284) == "1,284 threads"
    assert mark(Unit.SECONDS, 129_600) == "36 h"


def test_the_change_is_told_only_where_both_have_an_answer() -> None:
    assert change(Unit.SHARE, 0.8, 0.7) == "up from 70% before"
    assert change(Unit.SECONDS, 60, 120) == "down from 2 min before"
    assert change(Unit.SHARE, 0.801, 0.799) == "as before"
    assert change(Unit.SHARE, None, 0.7) == change(Unit.SHARE, 0.8, None) == ""


@settings(max_examples=60, deadline=None)
@given(
    parts=st.lists(
        st.lists(st.one_of(st.none(), st.floats(0, 1e7)), min_size=2, max_size=2), min_size=1, max_size=26
    ),
    stacked=st.booleans(),
    step=st.sampled_from([step_of_counts, step_of_time]),
)
def test_every_column_stays_inside_the_drawing(parts: list, stacked: bool, step: object) -> None:  # type: ignore[type-arg]
    weeks = [Week(str(i), "", "", some) for i, some in enumerate(parts)]
    drawn = chart("x", "", "", ["a", "b"], weeks, step=step, named=str, stacked=stacked)  # type: ignore[arg-type]
    assert len(drawn.lines) <= 6
    for column in drawn.columns:
        assert 0 <= column.x <= column.x + column.width <= 100.001
        for bar in column.bars:
            assert TOP - 0.001 <= bar.y <= bar.y + bar.height <= FLOOR + 0.001


def test_the_whole_of_a_share_reaches_the_top() -> None:
    drawn = chart("x", "", "", ["a"], [Week("1", "", "", [1.0])], step=step_of_share, named=str, top=1.0)
    assert drawn.columns[0].bars[0].y == pytest.approx(TOP)


# --- the card of today -----------------------------------------------------------------------------


def test_the_foot_of_the_navigation_says_how_far_we_are_today(week: World, olga: Member) -> None:
    assert "1 of 3" in page(olga, "/people/").partition("side-foot")[2]


def test_without_work_there_is_no_card(world: World, olga: Member) -> None:
    assert "side-today" not in page(olga, "/people/")


def test_midnight_is_the_brands(week: World, olga: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 10, 23, 30, tzinfo=UTC))
    assert "1 of 3" in page(olga, "/people/").partition("side-foot")[2]
    week.brand.time_zone = "Europe/Berlin"  # there it is already the next day
    week.brand.save()
    assert "0 of 2" in page(olga, "/people/").partition("side-foot")[2]
