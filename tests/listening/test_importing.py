"""A file comes in once, whole, whatever its order; what is bad in it is named, and nothing floods."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodword.channels.file.columns import mapping_in
from goodword.conversations.models import Conversation, State
from goodword.listening import importing
from goodword.listening.importing import CannotImport, Report, import_posts
from goodword.listening.models import Post, Step
from goodword.people.models import Person, Profile
from goodword.team.models import Brand

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HACKER_NEWS = Path(__file__).parents[2] / "../shared/data/hackernews/simonwillison-net.jsonl"

Rows = Sequence[dict[str, Any]]


@pytest.fixture
def brand() -> Brand:
    return Brand.objects.create(name="Kettle & Co")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "posts.jsonl"


def row(native_id: str, parent: str = "", **more: Any) -> dict[str, Any]:
    return {
        "id": native_id,
        "parent": parent,
        "text": f"post {native_id}",
        "author": "ada",
        "at": "2026-02-01T08:00:00Z",
    } | more


def bring(brand: Brand, file: Path, rows: Rows, **options: Any) -> Report:
    file.write_text("\n".join(json.dumps(one) for one in rows))
    return import_posts(brand, file, now=NOW, **options)


def kept(brand: Brand) -> list[tuple[Any, ...]]:
    fields = ("channel", "native_id", "parent", "root", "text", "at", "author__native_id", "is_history")
    return sorted(Post.objects.filter(brand=brand).values_list(*fields))


def roots(brand: Brand) -> dict[str, str]:
    return dict(Post.objects.filter(brand=brand).values_list("native_id", "root"))


# --- once, and in any order ------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing(brand: Brand, file: Path) -> None:
    rows = [row("1"), row("2", parent="1"), row("3", parent="unknown"), row("1")]
    first = bring(brand, file, rows)
    assert (first.read, first.new, first.known, first.refused) == (4, 3, 1, [])
    before = kept(brand)
    again = bring(brand, file, rows)
    assert (again.read, again.new, again.known) == (4, 0, 4)
    assert kept(brand) == before


def test_a_post_told_twice_is_one_and_addressed_if_one_telling_says_so(brand: Brand, file: Path) -> None:
    report = bring(brand, file, [row("1", parent="a"), row("1", parent="b", inbound=True)])
    assert (report.read, report.new, report.known, report.history) == (2, 1, 1, 1)
    post = Post.objects.get()
    assert (post.parent, post.root, post.addressed) == ("a", "a", True)


def test_an_import_that_was_stopped_is_simply_started_again(
    brand: Brand, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)

    def power_cut(report: Report) -> None:
        if report.read == 4:
            raise KeyboardInterrupt

    rows = [row(str(n)) for n in range(7)]
    with pytest.raises(KeyboardInterrupt):
        bring(brand, file, rows, progress=power_cut)
    assert Post.objects.count() == 4
    rest = bring(brand, file, rows)
    assert (rest.new, rest.known) == (3, 4)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parents=st.lists(st.integers(-1, 9), min_size=2, max_size=8),
    order=st.randoms(use_true_random=False),
    cut=st.integers(0, 8),
    batch=st.integers(1, 4),
)
def test_any_order_and_any_split_into_files_gives_the_same_rows(
    tmp_path: Path, parents: list[int], order: Any, cut: int, batch: int
) -> None:
    """Parents may be missing, come later, lie in the other file, or answer each other in circles."""
    rows = [row(str(n), parent="" if parent < 0 else str(parent)) for n, parent in enumerate(parents)]
    whole = Brand.objects.create(name="whole")
    bring(whole, tmp_path / "whole", rows)

    shuffled = list(rows)
    order.shuffle(shuffled)
    parts = Brand.objects.create(name="parts")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importing, "BATCH", batch)
        for number, part in enumerate((shuffled[:cut], shuffled[cut:])):
            if part:
                bring(parts, tmp_path / f"part {number}", part)
    assert kept(parts) == kept(whole)


def test_a_thread_is_followed_to_its_root_through_rows_and_stored_posts(brand: Brand, file: Path) -> None:
    bring(brand, file, [row("3", parent="2"), row("5", parent="missing")])
    assert roots(brand) == {"3": "2", "5": "missing"}
    Post.objects.update(step=Step.DONE)
    bring(brand, file, [row("1"), row("4", parent="3"), row("2", parent="1")])
    assert roots(brand) == {"1": "1", "2": "1", "3": "1", "4": "1", "5": "missing"}
    # Whoever moved to another thread is placed anew.
    assert Post.objects.get(native_id="3").step == Step.HEARD
    assert Post.objects.get(native_id="5").step == Step.DONE


def test_posts_that_answer_each_other_in_a_circle_do_no_harm(brand: Brand, file: Path) -> None:
    for one in [row("b", parent="c"), row("d", parent="b"), row("c", parent="a"), row("a", parent="b")]:
        bring(brand, file, [one])
    bring(brand, file, [row("e", parent="e"), row("f", parent="d")])
    assert roots(brand) == {"a": "a", "b": "a", "c": "a", "d": "a", "e": "e", "f": "a"}


def test_a_long_chain_is_followed_in_a_moment(brand: Brand, file: Path) -> None:
    chain = [row(str(n), parent=str(n + 1)) for n in range(1500)]
    bring(brand, file, chain)
    assert set(roots(brand).values()) == {"1500"}


def test_a_brand_does_not_see_the_threads_of_another(brand: Brand, file: Path) -> None:
    other = Brand.objects.create(name="Other Brand")
    bring(other, file, [row("2", parent="1")])
    bring(brand, file, [row("1", parent="0")])
    assert roots(other) == {"2": "1"}


# --- it never floods -------------------------------------------------------------------------------


def test_what_is_old_arrives_as_read_and_what_is_fresh_is_work(brand: Brand, file: Path) -> None:
    old, fresh = NOW - timedelta(days=3, minutes=1), NOW - timedelta(days=2)
    rows = [row("old", at=old.isoformat()), row("fresh", at=fresh.isoformat())]
    report = bring(brand, file, rows)
    assert dict(Post.objects.values_list("native_id", "is_history")) == {"old": True, "fresh": False}
    assert report.history == 1
    assert "older than 3 days" in " ".join(report.sentences())
    assert bring(brand, file, rows).history == 0


def test_what_our_people_wrote_counts_as_ours_and_what_was_said_to_us_as_addressed(
    brand: Brand, file: Path
) -> None:
    bring(brand, file, [row("1", inbound=True), row("2", inbound=False, author="kettle"), row("3")])
    posts = {post.native_id: post for post in Post.objects.select_related("author")}
    assert posts["1"].addressed
    assert not posts["1"].is_ours
    assert posts["2"].is_ours
    assert posts["2"].author.is_ours
    assert not posts["2"].is_mention
    assert (posts["3"].addressed, posts["3"].is_ours, posts["3"].is_mention) == (False, False, True)


# --- bad rows, bad files ---------------------------------------------------------------------------


def test_bad_rows_are_named_and_the_good_ones_come_in(brand: Brand, file: Path) -> None:
    file.write_text(
        "\n".join(
            [
                json.dumps(row("1")),
                "",
                "{broken",
                json.dumps(row("2", text="")),
                json.dumps(row("3", at="1970-01-01")),
                "[]",
                json.dumps(row("4")),
            ]
        )
    )
    report = import_posts(brand, file, now=NOW)
    assert (report.read, report.new) == (6, 2)
    assert [(refused.row, refused.reason) for refused in report.refused] == [
        (2, "This row is not valid JSON."),
        (3, "This row has neither a text nor a title."),
        (4, "The time “1970-01-01” lies before 1990."),
        (5, "This row is not a JSON object."),
    ]


@pytest.mark.parametrize("dry_run", [False, True])
def test_another_list_that_counts_from_one_again_is_not_taken_for_known(
    brand: Brand, file: Path, dry_run: bool
) -> None:
    bring(brand, file, [row("1"), row("2")])
    second = [row("1", text="by somebody else", author="uma"), row("2"), row("3")]
    report = bring(brand, file, second, dry_run=dry_run)
    assert (report.read, report.new, report.known) == (3, 1, 1)
    assert [(refused.row, "channel name" in refused.reason) for refused in report.refused] == [(1, True)]
    assert bring(brand, file, second, channel="survey", dry_run=dry_run).new == 3


def test_hostile_words_come_in_and_stay_words(brand: Brand, file: Path) -> None:
    texts = ["a\x00b", "lone \ud800", "x" * 1_000_000, "\u202eevil", "<script>alert(1)</script>", "=1+1"]
    report = bring(brand, file, [row(f"{n} {text}", text=text, author=text) for n, text in enumerate(texts)])
    assert (report.new, report.refused) == (len(texts), [])
    assert Post.objects.filter(text="<script>alert(1)</script>").exists()
    assert bring(brand, file, [row(f"{n} {t}", text=t, author=t) for n, t in enumerate(texts)]).new == 0


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "is empty"),
        ("hello world\nhow are you\n", "No column is known to hold the text"),
        ("text,author\nhi,ada\n", "No column is known to hold the time"),
        ("text,at\nhi,2026-01-01\n", "No column is known to hold the author"),
        ("text,at,author\n", "holds no rows"),
        ("[1, 2]", "No column|holds no rows"),
    ],
)
def test_a_file_that_holds_no_posts_is_refused_whole(
    brand: Brand, file: Path, content: str, why: str
) -> None:
    file.write_text(content)
    with pytest.raises(CannotImport, match=why):
        import_posts(brand, file, now=NOW)


def test_a_mapping_to_a_column_that_is_not_there_is_refused(brand: Brand, file: Path) -> None:
    with pytest.raises(CannotImport, match="no column “wortlaut”"):
        bring(brand, file, [row("1")], mapping=mapping_in("wortlaut=text"))
    with pytest.raises(CannotImport, match="no name for a channel"):
        bring(brand, file, [row("1")], channel="Hacker News!")


def test_a_trial_reports_the_same_numbers_and_keeps_nothing(
    brand: Brand, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    bring(brand, file, [row("1")])
    rows = [row("1"), row("2"), row("3"), row("2"), row("4", text=""), row("3"), row("5")]
    trial = bring(brand, file, rows, dry_run=True)
    assert Post.objects.count() == 1
    assert trial == bring(brand, file, rows)


# --- the command -----------------------------------------------------------------------------------


def command(*words: str) -> tuple[int, dict[str, Any], str]:
    """Exit code, the JSON of the last line, and what stands on stderr."""
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command("import", *words, "--json", stdout=out, stderr=err)
    except SystemExit as end:
        code = int(end.code or 0)
    except CommandError as error:
        return error.returncode, {}, str(error)
    return code, json.loads(out.getvalue().splitlines()[-1]), err.getvalue()


def test_the_command_takes_posts_to_the_inbox_and_says_what_it_did(file: Path) -> None:
    fresh = timezone.now() - timedelta(hours=1)
    file.write_text(json.dumps(row("1", inbound=True, at=fresh.isoformat(), text="Does it ship to Porto?")))
    code, said, _err = command("posts", str(file), "--channel", "hackernews")
    assert (code, said["read"], said["new"], said["known"], said["refused"]) == (0, 1, 1, 0, [])
    assert Conversation.objects.get().state == State.OPEN
    assert Post.objects.get().channel == "hackernews"
    assert command("posts", str(file), "--channel", "hackernews")[1]["known"] == 1


def test_the_command_exits_with_1_when_rows_were_refused(file: Path) -> None:
    file.write_text(json.dumps(row("1")) + "\n" + json.dumps(row("2", at="soon")))
    code, said, err = command("posts", str(file))
    assert code == 1
    assert said["new"] == 1
    assert said["refused"] == [{"row": 2, "reason": "The time “soon” cannot be read."}]
    assert "Row 2" in err


def test_the_command_exits_with_2_when_the_call_was_wrong(file: Path, tmp_path: Path) -> None:
    file.write_text(json.dumps(row("1")))
    for words in [
        (str(tmp_path),),
        (str(tmp_path / "missing.csv"),),
        (str(file), "--map", "x"),
        (str(file), "--map", "x=colour"),
        (str(file), "--channel", "Über"),
        (str(file), "--brand", "Nobody's"),
    ]:
        if "--brand" in words:
            Brand.objects.create(name="Kettle & Co")
        code, _said, why = command("posts", *words)
        assert code == 2
        assert why.endswith(".")
    assert not Post.objects.exists()


def test_with_no_brand_one_is_made_and_with_several_one_must_be_named(file: Path) -> None:
    file.write_text(json.dumps(row("1")))
    command("posts", str(file))
    first = Brand.objects.get()
    second = Brand.objects.create(name="Second")
    assert command("posts", str(file))[0] == 2
    assert command("posts", str(file), "--brand", "Second")[0] == 0
    assert command("posts", str(file), "--brand", str(first.pk))[1]["known"] == 1
    assert Post.objects.get(brand=second).native_id == "1"


def test_the_trial_of_the_command_keeps_nothing(file: Path) -> None:
    file.write_text(json.dumps(row("1")))
    code, said, err = command("posts", str(file), "--dry-run")
    assert (code, said["new"]) == (0, 1)
    assert "nothing was kept" in err
    assert not Post.objects.exists()


# --- real input ------------------------------------------------------------------------------------


def test_981_submissions_by_411_people_come_in_once(brand: Brand) -> None:
    if not HACKER_NEWS.exists():
        pytest.skip("../shared/data/hackernews is not here")
    now = datetime(2026, 12, 1, tzinfo=UTC)
    first = import_posts(brand, HACKER_NEWS, now=now, channel="hackernews")
    assert (first.read, first.new, first.known, first.refused) == (981, 981, 0, [])
    assert Profile.objects.count() == Person.objects.count() == 411
    before = kept(brand)
    again = import_posts(brand, HACKER_NEWS, now=now, channel="hackernews")
    assert (again.new, again.known) == (0, 981)
    assert kept(brand) == before
