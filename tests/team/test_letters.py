"""The letters that Goodword writes by itself: these and no others, to our own people alone."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

import goodword
from goodword.team import letters
from goodword.team.letters import Fixed, write
from goodword.team.models import Letter
from tests.team.conftest import Written
from tests.world import Member, World

GOODWORD = Path(goodword.__file__).parent
ALL = [value for value in vars(letters).values() if isinstance(value, Fixed)]
PLACES = re.compile(r"%\((\w+)\)")


def facts_for(letter: Fixed) -> dict[str, str | int]:
    wanted = set(PLACES.findall(" ".join(map(str, [letter.subject, *letter.paragraphs, letter.item]))))
    return {name: fact(name) for name in wanted - {"host"}}


def fact(name: str) -> str | int:
    if name in letters.OUR_ADDRESSES:
        return f"{settings.URL}/you/"
    return 3 if name == "num" else "Kettle & Co"


def test_without_a_mail_server_nothing_is_written_and_nothing_fails(world: World, bo: Member) -> None:
    facts = {"link": letters.address("you")}
    assert write(letters.PASSWORD_CHANGED, bo.teammate.user, now=world.now, facts=facts) is None
    assert not Letter.objects.exists()


@pytest.mark.parametrize("letter", ALL, ids=[letter.kind for letter in ALL])
def test_every_letter_can_be_written_from_names_numbers_and_our_own_addresses(
    world: World, written: Written, bo: Member, letter: Fixed
) -> None:
    write(letter, bo.teammate.user, now=world.now, facts=facts_for(letter), items=[facts_for(letter)])
    [(address, words)] = written()
    assert address == "bo@kettle.example"
    assert words.subject
    assert "%(" not in words.subject + words.text
    assert set(re.findall(r"https?://[^/\s]+", words.text)) <= {settings.URL}


def test_one_file_alone_lists_letters_and_one_alone_hands_them_over() -> None:
    sources = {file.relative_to(GOODWORD).as_posix(): file.read_text() for file in GOODWORD.rglob("*.py")}
    assert {name for name, text in sources.items() if "Fixed(" in text} == {"team/letters.py"}
    assert {name for name, text in sources.items() if "django.core.mail" in text} == {"team/postbox.py"}
    assert {name for name, text in sources.items() if "Letter.objects.create" in text} == {"team/letters.py"}


def test_no_two_letters_are_of_the_same_kind() -> None:
    assert len({letter.kind for letter in ALL}) == len(ALL)


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", f"{settings.URL}.evil.example/", f"{settings.URL}/\nhttps://evil/"]
)
def test_a_letter_leads_nowhere_but_to_us(world: World, mail: None, bo: Member, elsewhere: str) -> None:
    with pytest.raises(ValueError, match="no other place"):
        write(letters.PASSWORD_CHANGED, bo.teammate.user, now=world.now, facts={"link": elsewhere})
    assert not Letter.objects.exists()


@pytest.mark.django_db
def test_what_somebody_chose_as_a_name_is_one_short_line_and_no_address(
    written: Written, world: World
) -> None:
    by = "Win now!\r\nBcc: all@kettle.example https://evil.example/x \u202eevil\x00 \ud800" + "x" * 2000
    facts = {"by": by, "brand": "www.evil.example", "link": letters.address("you")}
    write(letters.INVITATION, "nia@kettle.example", now=world.now, facts=facts)
    [(_address, words)] = written()
    assert "\n" not in words.subject
    assert len(words.subject) < 250
    assert not re.search(r"evil\.example|https?://(?!localhost:8000/)|\u202e", words.subject + words.text)


@given(st.text())
def test_no_name_breaks_a_line_or_makes_an_address(name: str) -> None:
    line = letters._harmless(name)
    assert line.isprintable() or "\u2060" in line
    assert "/" not in line
    assert not re.search(r"\w\.\w", line)


def test_what_waits_is_locked_since_a_link_in_it_signs_in(world: World, mail: None, bo: Member) -> None:
    facts = {"link": letters.address("reset", "a-secret-token")}
    letter = write(letters.PASSWORD_RESET, bo.teammate.user, now=world.now, facts=facts)
    assert letter
    assert "a-secret-token" not in letter.sealed
    assert "a-secret-token" in letters.opened(letter).text
    assert letter.expires_at == world.now + timedelta(hours=1), "a dead link is not worth a letter"


def test_everybody_is_written_to_in_their_own_language(world: World, written: Written, bo: Member) -> None:
    user = bo.teammate.user
    user.language = "de"
    write(letters.ADDRESS_CHANGED, user, now=world.now)
    user.language = "en"
    write(letters.ADDRESS_CHANGED, user, now=world.now)
    (_bo, german), (_again, english) = written()
    assert english.subject == "Your e-mail address was changed"
    assert german.subject == "Deine E-Mail-Adresse wurde geändert"
