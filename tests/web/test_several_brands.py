"""Who serves several brands is always in the one they think they are in, also with two tabs open."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from goodword.conversations import reading, set_up
from goodword.conversations.models import Conversation, Mute, Reply
from goodword.conversations.set_up import Chosen, Wanted
from goodword.conversations.wrong_brand import another_brand_in
from goodword.listening.models import Connection, Post, Query
from goodword.matching import QuerySyntaxError
from goodword.people import identity
from goodword.people.models import Profile
from goodword.team.models import AuditEntry, Brand, Role, Teammate
from goodword.web.looks import BRAND_TONES, brand_tone
from tests.world import ADA, SAM, UMA, Member, World


@pytest.fixture
def both(world: World) -> Member:
    """Bo answers for Kettle & Co, and for Other Brand as well."""
    Teammate.objects.create(brand=world.other_brand, user=world.bo.teammate.user, role=Role.MEMBER)
    return world.bo


@pytest.fixture
def owner(world: World) -> Member:
    """Dana owns both."""
    Teammate.objects.create(brand=world.other_brand, user=world.dana.teammate.user, role=Role.OWNER)
    return world.dana


def now_in(member: Member) -> str:
    """The brand that the next page without any other word is of."""
    page = member.looks_at("/inbox/").content.decode()
    found = re.search(r'name="for_brand" value="(\d+)"', page)
    assert found
    return Brand.objects.get(pk=found.group(1)).name


def goes_to(member: Member, brand: Brand) -> None:
    member.does(f"/brands/{brand.pk}/choice/")


# --- where one is ----------------------------------------------------------------------------------


def test_with_one_brand_nothing_of_several_is_shown(world: World) -> None:
    world.hears(UMA, "My kettle is broken!")
    page = world.bo.looks_at("/inbox/").content.decode()
    assert "data-switch" not in page
    assert "brand-mark" not in page
    assert "brand=" not in page.replace("for_brand=", "")
    assert "All brands" not in page


def test_the_brand_is_in_sight_with_its_mark_and_what_waits_in_the_others(world: World, both: Member) -> None:
    world.other_brand_hears(SAM, "Does your kettle whistle?")
    page = both.looks_at("/people/").content.decode()
    assert f"brand-tone-{brand_tone(world.brand)}" in page
    assert '<span class="side-count" title="1 waits">1</span>' in page


def test_a_link_to_a_conversation_of_another_brand_of_mine_goes_there_and_says_so(
    world: World, both: Member
) -> None:
    theirs = world.conversation_of(world.other_brand_hears(SAM, "Does your kettle whistle?"))
    page = both.looks_at(f"/conversations/{theirs.pk}/")
    assert page.status_code == 200
    assert "You are now in Other Brand." in page.content.decode()
    assert now_in(both) == "Other Brand"
    assert "You are now in" not in both.looks_at("/inbox/").content.decode(), "said once"


def test_to_a_stranger_it_is_as_if_there_were_none(world: World) -> None:
    theirs = world.conversation_of(world.other_brand_hears(SAM, "Does your kettle whistle?"))
    pages = [world.bo.looks_at(f"/conversations/{pk}/") for pk in (theirs.pk, 999_999_999)]
    assert [page.status_code for page in pages] == [404, 404]
    said = [re.sub(r"[A-Za-z0-9]{64}|/conversations/\d+/", "", page.content.decode()) for page in pages]
    assert said[0] == said[1]
    assert now_in(world.bo) == "Kettle & Co"


def test_where_my_role_there_does_not_allow_it_nothing_happens_anywhere(world: World, both: Member) -> None:
    Teammate.objects.filter(brand=world.other_brand, user=both.teammate.user).update(role=Role.VIEWER)
    theirs = world.other_brand_hears(SAM, "Does your kettle whistle?")
    conversation = world.conversation_of(theirs)
    answer = both.does(f"/conversations/{conversation.pk}/replies/", text="It does.")
    assert answer.status_code == 403
    assert not Reply.objects.exists()
    assert now_in(both) == "Kettle & Co"


# --- two tabs --------------------------------------------------------------------------------------


def test_an_answer_from_the_other_tab_goes_out_for_the_brand_of_its_conversation(
    world: World, both: Member
) -> None:
    ours = world.hears(UMA, "My kettle is broken!")
    goes_to(both, world.other_brand)
    answer = both.replies(ours, "We send you a new one.", for_brand=world.brand.pk)
    assert answer.status_code == 302
    assert Reply.objects.get().by == both.teammate


def test_a_form_of_the_whole_brand_acts_on_the_brand_it_was_shown_for(world: World, owner: Member) -> None:
    """A query written in the tab of one brand never becomes a query of another."""
    goes_to(owner, world.other_brand)
    owner.does("/queries/new/", text="teapot", kind="brand", for_brand=world.brand.pk)
    assert Query.objects.get(text="teapot").brand == world.brand
    assert now_in(owner) == "Kettle & Co", "one is where one acts"


def test_each_form_says_for_which_brand_it_was_shown(world: World, owner: Member) -> None:
    world.hears(UMA, "My kettle is broken!")
    pages = ["/inbox/", "/queries/new/", "/team/", "/brand/", "/connections/new/fake/", "/import/", "/you/"]
    for address in pages:
        page = owner.looks_at(address).content.decode()
        forms = re.findall(r'<form[^>]*method="post".*?</form>', page, flags=re.S)
        assert forms, address
        assert all(f'name="for_brand" value="{world.brand.pk}"' in form for form in forms), address


def test_a_form_of_a_brand_i_left_does_nothing_and_gives_the_words_back(world: World, owner: Member) -> None:
    Teammate.objects.filter(brand=world.brand, user=owner.teammate.user).update(removed_at=world.now)
    before = Query.objects.count()
    answer = owner.does("/queries/new/", text="teapot OR samovar", for_brand=world.brand.pk)
    assert answer.status_code == 403
    assert "teapot OR samovar" in answer.content.decode()
    assert Query.objects.count() == before


def test_a_brand_that_is_not_mine_and_none_at_all_are_refused_alike(world: World) -> None:
    answers = [
        world.dana.does("/queries/new/", text="teapot", for_brand=brand)
        for brand in (world.other_brand.pk, 999_999_999, "x")
    ]
    assert {answer.status_code for answer in answers} == {403}
    pages = {re.sub(r"[A-Za-z0-9]{64}", "", answer.content.decode()) for answer in answers}
    assert len(pages) == 1
    assert not Query.objects.filter(text="teapot").exists()


def test_what_renews_itself_in_the_other_tab_stays_in_its_brand_and_moves_nobody(
    world: World, both: Member
) -> None:
    world.hears(UMA, "My kettle is broken!")
    world.other_brand_hears(SAM, "Does your kettle whistle?")
    goes_to(both, world.other_brand)
    part = {"HTTP_X_REQUESTED_WITH": "fetch"}
    renewed = both.client.get(f"/inbox/list/?brand={world.brand.pk}", **part).content.decode()  # type: ignore[arg-type]
    assert "My kettle is broken!" in renewed
    assert "whistle" not in renewed
    assert now_in(both) == "Other Brand"


# --- all brands ------------------------------------------------------------------------------------


def test_one_list_ranks_who_waits_in_all_my_brands(world: World, both: Member) -> None:
    world.hears(UMA, "My kettle is broken!")
    world.other_brand_hears(SAM, "Does your kettle whistle?")
    page = both.looks_at("/inbox/", brand="all").content.decode()
    assert "My kettle is broken!" in page
    assert "Does your kettle whistle?" in page
    assert page.count("list-brand") == 2
    assert "All brands" in page


def test_it_is_the_same_list_at_every_page_and_in_every_view(world: World, both: Member) -> None:
    for number in range(7):
        world.hears(UMA, f"My kettle is broken, {number}!", at=world.now - timedelta(minutes=number))
        world.other_brand_hears(SAM, f"Does your kettle whistle, {number}?")
        world.passes(timedelta(minutes=1))
    mine = list(Teammate.objects.filter(user=both.teammate.user).select_related("brand", "user"))
    for view in reading.VIEWS:
        whole = [row.conversation.pk for row in reading.inbox(mine, view, now=world.now).rows]
        paged, after = [], ""
        while True:
            page = reading.inbox(mine, view, now=world.now, after=after, limit=3)
            paged += [row.conversation.pk for row in page.rows]
            if not (after := page.after):
                break
        assert paged == whole
    ranked = reading.inbox(mine, "open", now=world.now).rows
    assert len(ranked) == 14
    places = [row.conversation.rank_at for row in ranked]
    assert places == sorted(places)  # type: ignore[type-var]


def test_who_came_from_all_brands_goes_on_in_all_of_them(world: World, both: Member) -> None:
    ours, theirs = world.hears(UMA, "My kettle is broken!"), world.other_brand_hears(SAM, "Does it whistle?")
    here = f"/conversations/{world.conversation_of(theirs).pk}/"
    page = both.looks_at(here, brand="all").content.decode()
    assert "Back to all brands" in page
    assert "You are now in" not in page
    done = both.does(f"{here}resolutions/", how="resolved", from_all="1")
    assert done["Location"] == f"/conversations/{world.conversation_of(ours).pk}/?brand=all"


def test_all_brands_are_those_i_serve(world: World) -> None:
    world.other_brand_hears(SAM, "Does your kettle whistle?")
    assert "whistle" not in world.bo.looks_at("/inbox/", brand="all").content.decode()


# --- the signer, and the wrong brand ---------------------------------------------------------------


def test_who_signs_and_for_which_account_stands_beside_the_button(world: World) -> None:
    page = world.bo.looks_at(
        f"/conversations/{world.conversation_of(world.hears(UMA, 'Help!')).pk}/"
    ).content.decode()
    signed = page[page.index('class="signed-who"') : page.index("data-send")]
    assert "as Bo" in signed
    assert "Kettle &amp; Co" in signed
    assert "@kettleandco" in signed


def test_naming_another_brand_of_mine_is_asked_about_once_and_never_forbidden(
    world: World, both: Member
) -> None:
    post = world.hears(UMA, "My kettle is broken!")
    asked = both.replies(post, "Other Brand is sorry!", key="k")
    assert asked.status_code == 409
    page = asked.content.decode()
    assert "This names Other Brand, and you answer for Kettle &amp; Co. Send it all the same?" in page
    assert "Other Brand is sorry!" in page
    assert not Reply.objects.exists()
    assert both.replies(post, "Other Brand is sorry!", key="k", meant="1").status_code == 302
    assert Reply.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [
        ("Write to Other Brand.", True),
        ("write to OTHER brand", True),
        ("Ask @otherkettles about it", True),
        ("Any other brand would have sent it back.", True),  # it cannot know: it only asks
        ("Another branding.", False),
        ("Kettle & Co is sorry.", False),
        ("", False),
    ],
)
def test_it_is_the_name_or_the_handle_as_a_word(
    world: World, both: Member, text: str, is_asked: bool
) -> None:
    Connection.objects.filter(brand=world.other_brand).update(handle="otherkettles")
    assert (another_brand_in(text, both.teammate) is not None) == is_asked


def test_the_longer_name_is_meant_where_one_is_a_part_of_the_other(world: World, both: Member) -> None:
    Brand.objects.filter(pk=world.other_brand.pk).update(name="Kettle")
    assert another_brand_in("Kettle & Co is sorry.", both.teammate) is None
    assert another_brand_in("Kettle is sorry.", both.teammate) == world.other_brand


def test_who_serves_one_brand_is_never_asked(world: World) -> None:
    assert another_brand_in("Other Brand is better.", world.bo.teammate) is None


# --- nothing crosses -------------------------------------------------------------------------------


def test_the_same_author_heard_by_two_brands_is_two_people(world: World, both: Member) -> None:
    ours, theirs = world.hears(ADA, "My kettle sings."), world.other_brand_hears(ADA, "Your kettle sings.")
    assert ours.author != theirs.author
    assert ours.author.person != theirs.author.person
    for post, word in ((ours, "My kettle"), (theirs, "Your kettle")):
        page = both.looks_at(f"/people/{post.author.person_id}/").content.decode()
        assert word in page
        assert {"My kettle": "Your kettle", "Your kettle": "My kettle"}[word] not in page


def test_profiles_of_two_brands_are_never_joined(world: World) -> None:
    ours, theirs = world.hears(ADA, "My kettle sings."), world.other_brand_hears(ADA, "Your kettle sings.")
    with pytest.raises(identity.AnotherBrand):
        identity.join(theirs.author, ours.author.person, evidence="", by=None, now=world.now)
    assert Profile.objects.get(pk=theirs.author.pk).person == theirs.author.person


def test_what_one_brand_mutes_is_work_in_the_other(world: World) -> None:
    ours = world.hears(ADA, "A kettle question: does it whistle?")
    world.bo.does(f"/conversations/{world.conversation_of(ours).pk}/mutes/", what="author")
    theirs = world.other_brand_hears(ADA, "Does your kettle whistle?")
    assert Conversation.objects.filter(brand=world.other_brand, root=theirs.root).exists()


# --- a set-up is copied ----------------------------------------------------------------------------


def test_a_set_up_is_shown_and_then_copied_with_the_names_replaced(world: World, owner: Member) -> None:
    _write_a_set_up(world)
    goes_to(owner, world.other_brand)
    address = f"/brand/copying/?from={world.brand.pk}"
    page = owner.looks_at("/brand/copying/", **{"from": world.brand.pk}).content.decode()
    assert "&#34;other brand&#34; OR otherbrand" in page
    assert "raffle" in page
    assert Query.objects.filter(brand=world.other_brand).count() == 1, "nothing is copied by looking"
    chosen = {"query_0": "1", "name_0": "Us", "text_0": '"other brand" OR otherbrand', "kind_0": "brand"}
    owner.does(address, **{"from": world.brand.pk}, **chosen, rules="1", words="1", team=_team_of(world))
    world.other_brand.refresh_from_db()
    assert Query.objects.filter(brand=world.other_brand, text='"other brand" OR otherbrand').count() == 1
    assert world.other_brand.admits == ["addressed", "purchase"]
    assert Mute.objects.get(brand=world.other_brand).word == "raffle"
    assert Teammate.objects.active().filter(brand=world.other_brand, user=world.cy.teammate.user).exists()
    assert AuditEntry.objects.filter(brand=world.other_brand, verb="copied a set-up").count() == 1
    assert Connection.objects.filter(brand=world.other_brand).count() == 1, "connections never are copied"


def test_copied_twice_it_changes_nothing(world: World, owner: Member) -> None:
    _write_a_set_up(world)
    source, into = owner.teammate, Teammate.objects.get(brand=world.other_brand, user=owner.teammate.user)
    chosen = Chosen(
        [Wanted("Us", "other", "brand")], rules=True, hours=True, words=True, team=_team_of(world)
    )
    first = set_up.copy(source, into, chosen, now=world.now)
    assert first == {"queries": 1, "words": 1, "team": 3}
    again = set_up.copy(source, into, chosen, now=world.now)
    assert again == {"queries": 0, "words": 0, "team": 0}


def test_a_query_that_makes_no_sense_stops_all_of_it_and_keeps_what_was_typed(
    world: World, owner: Member
) -> None:
    _write_a_set_up(world)
    goes_to(owner, world.other_brand)
    fields = {"from": world.brand.pk, "query_0": "1", "name_0": "Us", "text_0": "(kettle", "kind_0": "brand"}
    answer = owner.does("/brand/copying/", **fields, words="1")
    assert answer.status_code == 422
    assert "(kettle" in answer.content.decode()
    assert not Mute.objects.filter(brand=world.other_brand).exists()
    into = Teammate.objects.get(brand=world.other_brand, user=owner.teammate.user)
    with pytest.raises(QuerySyntaxError):
        set_up.copy(owner.teammate, into, Chosen([Wanted("", "(", "brand")]), now=world.now)


def test_nobody_copies_from_a_brand_that_they_do_not_own(world: World) -> None:
    Teammate.objects.create(brand=world.other_brand, user=world.dana.teammate.user, role=Role.MEMBER)
    page = world.dana.looks_at("/brand/copying/", **{"from": world.other_brand.pk}).content.decode()
    assert "There is no other brand of yours" in page


def test_a_copied_muted_word_mutes_and_can_be_heard_again(world: World, owner: Member) -> None:
    _write_a_set_up(world)
    into = Teammate.objects.get(brand=world.other_brand, user=owner.teammate.user)
    set_up.copy(owner.teammate, into, Chosen(words=True), now=world.now)
    assert _is_work(world, world.other_brand_hears(SAM, "Is there a kettle raffle?")) is False
    mute = Mute.objects.get(brand=world.other_brand)
    owner.does(f"/brand/muted/{mute.pk}/removal/", for_brand=world.other_brand.pk)
    assert _is_work(world, world.other_brand_hears(UMA, "Another kettle raffle?")) is True


def _is_work(world: World, post: Post) -> bool:
    return Conversation.objects.filter(brand=post.brand, root=post.root).exists()


def _write_a_set_up(world: World) -> None:
    Brand.objects.filter(pk=world.brand.pk).update(name="Steam Wren", admits=["addressed", "purchase"])
    for row in (world.brand, world.dana.teammate.brand):
        row.refresh_from_db()
    Query.objects.filter(brand=world.brand).update(text='"steam wren" OR steamwren', name="Us")
    heard = world.hears(SAM, "Is there a raffle?")
    world.bo.does(f"/conversations/{world.conversation_of(heard).pk}/mutes/", what="word", word="raffle")


def _team_of(world: World) -> list[int]:
    return [member.teammate.pk for member in (world.bo, world.cy, world.olga, world.dana)]


# --- its mark --------------------------------------------------------------------------------------


def test_each_mark_can_be_read_and_stands_out_in_light_and_dark() -> None:
    styles = Path("assets/css/brands.css").read_text()
    tones = re.findall(r"\.brand-tone-(\d+) \{ background: (#[0-9a-f]{6}); \}", styles)
    assert [int(number) for number, _colour in tones] == list(range(1, BRAND_TONES + 1))
    assert len({colour for _number, colour in tones}) == BRAND_TONES
    for _number, colour in tones:
        assert _contrast(colour, "#ffffff") >= 4.5, "its letters"
        assert _contrast(colour, "#201f27") >= 3, "on the dark ground"


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
