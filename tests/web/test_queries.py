"""What a brand listens for: added, changed, looked at beforehand, removed and brought back."""

from __future__ import annotations

import pytest

from goodword.listening import querying
from goodword.listening.models import Query
from goodword.matching import QuerySyntaxError
from goodword.team.models import AuditEntry
from tests.world import ADA, UMA, Member, World


def words(world: World) -> list[str]:
    return list(
        Query.objects.filter(brand=world.brand, removed_at=None).order_by("pk").values_list("text", flat=True)
    )


def test_adding_a_query_listens_for_it(world: World, dana: Member) -> None:
    answer = dana.does("/queries/new/", text="  teapot OR samovar ", name="Teapots", kind="category")
    assert answer["Location"] == "/queries/"
    made = Query.objects.get(name="Teapots")
    assert (made.text, made.kind, made.made_by) == ("teapot OR samovar", "category", dana.teammate)
    world.hears(ADA, "My samovar is older than me", addressed=False)
    assert made.mentions.count() == 1


def test_a_query_without_a_name_is_called_by_its_words(world: World, dana: Member) -> None:
    dana.does("/queries/new/", text="teapot " * 40, kind="brand")
    made = Query.objects.latest("pk")
    assert made.name.startswith("teapot teapot")
    assert len(made.name) <= 100


def test_a_query_that_means_nothing_is_refused_with_the_place_underlined(world: World, dana: Member) -> None:
    answer = dana.does("/queries/new/", text="kettle AND (teapot", kind="brand")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "This parenthesis is never closed." in page
    assert '<span class="query-wrong">(</span>teapot' in page
    assert words(world) == ["kettle"]


def test_the_underlined_place_is_that_of_the_text_as_given(world: World, dana: Member) -> None:
    """Spaces in front are not kept, so they must not move the underline."""
    page = dana.does("/queries/preview/", text="     kettle AND )", kind="brand").content.decode()
    assert '<span class="query-wrong">)</span>' in page


@pytest.mark.parametrize(
    "hostile",
    ["", "   ", "\x00", "((((" * 5000, "a" * 50_000, '"', "NOT kettle", "<script>alert(1)</script> AND"],
)
def test_hostile_queries_are_refused_in_plain_words(world: World, dana: Member, hostile: str) -> None:
    answer = dana.does("/queries/new/", text=hostile, kind="brand")
    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode()
    assert words(world) == ["kettle"]


def test_an_unknown_kind_is_taken_as_our_brand(world: World, dana: Member) -> None:
    dana.does("/queries/new/", text="teapot", kind="nonsense")
    assert Query.objects.get(text="teapot").kind == "brand"


# --- the preview -----------------------------------------------------------------------------------


def test_the_preview_shows_what_the_words_would_have_met(world: World, dana: Member) -> None:
    world.hears(UMA, "The lid of my kettle leaks")
    world.hears(ADA, "Lovely kettle!")
    page = dana.does("/queries/preview/", text="leaks", kind="brand").content.decode()
    assert "It meets 1 of the 2 newest posts." in page
    assert "my kettle <mark>leaks</mark>" in page
    assert "Lovely" not in page
    assert "What can I write?" in page, "without scripts the whole page comes back"
    assert words(world) == ["kettle"], "looking changes nothing"


def test_the_preview_shows_the_title_of_a_post_that_has_nothing_else(world: World) -> None:
    world.hears(ADA, "", title="Show: a kettle that sings")
    [met] = querying.preview(world.brand, "sings").met
    assert met.pieces == [("Show: a kettle that ", False), ("sings", True)]


def test_htmx_gets_only_the_preview(world: World, dana: Member) -> None:
    answer = dana.client.post("/queries/preview/", {"text": "kettle"}, headers={"HX-Request": "true"})
    assert "What can I write?" not in answer.content.decode()
    assert "Nothing has been heard yet" in answer.content.decode()


def test_the_preview_never_shows_the_brand_next_door(world: World, dana: Member) -> None:
    world.other_brand_hears(ADA, "a kettle of theirs")
    assert querying.preview(world.brand, "kettle").looked_through == 0


def test_the_preview_never_shows_what_was_deleted(world: World) -> None:
    world.deletes(world.hears(ADA, "Lovely kettle!"))
    assert querying.preview(world.brand, "kettle").count == 0


def test_words_in_a_preview_stay_words(world: World, dana: Member) -> None:
    world.hears(ADA, "<img src=x onerror=alert(1)> kettle & <b>co</b>")
    page = dana.does("/queries/preview/", text="kettle", kind="brand").content.decode()
    assert "<img src=x" not in page
    assert "&lt;b&gt;co&lt;/b&gt;" in page


@pytest.mark.parametrize("text", ["kettle", "x" * 300 + " kettle", "kettle " * 300, "‮kettle‬ \x00 kettle"])
def test_the_pieces_of_a_preview_are_the_text_itself(world: World, text: str) -> None:
    post = world.hears(ADA, text)
    [met] = querying.preview(world.brand, "kettle").met
    whole = "".join(piece for piece, _is_word in met.pieces)
    assert post.text.startswith(whole.removesuffix("…"))
    assert all(piece.lower() == "kettle" for piece, is_word in met.pieces if is_word)


# --- changing, removing, bringing back -------------------------------------------------------------


def test_changing_a_query(world: World, dana: Member) -> None:
    dana.does(f"/queries/{world.query.pk}/", text="teapot", name="Pots", kind="product")
    world.query.refresh_from_db()
    assert (world.query.text, world.query.name, world.query.kind) == ("teapot", "Pots", "product")
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.detail["before"]) == ("changed a query", "kettle")


def test_a_change_that_means_nothing_changes_nothing(world: World, dana: Member) -> None:
    assert dana.does(f"/queries/{world.query.pk}/", text="kettle AND", kind="brand").status_code == 422
    assert words(world) == ["kettle"]
    with pytest.raises(QuerySyntaxError):
        querying.change_query(world.query, dana.teammate, "AND", name="", kind="brand", now=world.now)


def test_a_removed_query_can_be_brought_back(world: World, dana: Member) -> None:
    page = dana.client.post(f"/queries/{world.query.pk}/removal/", follow=True).content.decode()
    assert words(world) == []
    assert f'action="/queries/{world.query.pk}/return/"' in page
    assert "No words to listen for yet" in page
    dana.does(f"/queries/{world.query.pk}/return/")
    assert words(world) == ["kettle"]


# --- who may ---------------------------------------------------------------------------------------


def test_a_member_reads_the_queries_but_changes_none(world: World, bo: Member) -> None:
    page = bo.looks_at("/queries/").content.decode()
    assert "kettle" in page
    assert "Add a query" not in page
    for address in ("/queries/new/", f"/queries/{world.query.pk}/", f"/queries/{world.query.pk}/removal/"):
        assert bo.does(address, text="teapot", kind="brand").status_code == 403
    assert words(world) == ["kettle"]


def test_a_query_of_the_brand_next_door_does_not_exist_for_us(world: World, dana: Member) -> None:
    theirs = Query.objects.get(brand=world.other_brand).pk
    for noun in ("", "removal/", "return/"):
        assert dana.does(f"/queries/{theirs}/{noun}", text="x", kind="brand").status_code == 404
    given = {"text": "kettle", "query": str(theirs)}
    assert dana.does("/queries/preview/", **given).status_code == 404
