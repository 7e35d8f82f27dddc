"""An owner hands a brand over on its page, and takes one over on the page of a new one."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from goodword.team.models import Brand, Teammate
from goodword.web import handovers
from goodword.web.uploads import Progress, Upload
from tests.world import SAM, Member, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]  # a snapshot sees what is committed


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def now(upload: Upload, work: Callable[[], Progress]) -> None:
        upload.note(work())

    monkeypatch.setattr(handovers, "_in_background", now)


def words(member: Member, address: str) -> str:
    return " ".join(unescape(member.looks_at(address).content.decode()).split())


def file_of(member: Member) -> bytes:
    page = member.does("/brand/handovers/").headers["Location"]
    assert "Download the file" in words(member, page)
    answer: Any = member.looks_at(f"{page}file/")
    assert answer.status_code == 200, "she has just signed in"
    assert "attachment" in answer.headers["Content-Disposition"]
    return b"".join(answer.streaming_content)


def test_out_here_and_in_there(world: World, dana: Member, eve: Member) -> None:
    world.hears(SAM, "Does the kettle whistle?")
    brought = SimpleUploadedFile("kettle.goodword", file_of(dana))
    page = eve.does("/brands/takeovers/", file=brought, keep_team="1").headers["Location"]
    said = words(eve, page)
    assert "Kettle & Co is here. Its connections are paused" in said
    assert "Go to Kettle & Co" in said
    new = Brand.objects.exclude(pk=world.brand.pk).get(name="Kettle & Co")
    eve.does(f"/brands/{new.pk}/choice/")
    assert "Does the kettle whistle?" in words(eve, "/inbox/")
    assert Teammate.objects.active().filter(brand=new, user=dana.teammate.user).exists()


def test_who_hands_a_brand_over_is_written_down(world: World, dana: Member) -> None:
    file_of(dana)
    assert world.brand.audit.filter(verb="handed the brand over", by=dana.teammate).count() == 1


def test_a_file_of_something_else_is_told_in_a_sentence(eve: Member) -> None:
    letter = SimpleUploadedFile("letter.txt", b"Dear all")
    page = eve.does("/brands/takeovers/", file=letter).headers["Location"]
    assert "This file is damaged, or no brand that was handed over" in words(eve, page)
    assert "Choose a file first." in unescape(eve.does("/brands/takeovers/").content.decode())


def test_only_owners_of_that_brand_get_its_file(world: World, dana: Member, eve: Member, bo: Member) -> None:
    page = dana.does("/brand/handovers/").headers["Location"]
    for address in (page, f"{page}file/"):
        assert eve.looks_at(address).status_code == 404
        assert bo.looks_at(address).status_code == 403
