"""Whatever a page offers, whoever looks at it may follow."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tests.world import ADA, SAM, Member, World

SCREENS = ["inbox", "people", "metrics", "search", "connections", "queries", "team", "check", "you"]
LINK = re.compile(r'<a\b[^>]*\shref="(/[^"#]*)"')


@pytest.mark.parametrize("role", ["dana", "bo", "olga"])
def test_no_link_leads_where_ones_role_may_not_go(world: World, role: str) -> None:
    world.hears(SAM, "Where is my kettle?")
    world.hears(ADA, "Lovely kettle!")
    world.works()
    member: Member = getattr(world, role)
    links = {link for screen in SCREENS for link in links_of(member, reverse(screen))}
    assert len(links) > 10
    refused = {link for link in links if member.looks_at(link.replace("&amp;", "&")).status_code >= 400}
    assert refused == set()


@pytest.mark.parametrize(
    ("role", "says"),
    [("dana", "Your first week"), ("bo", "Nothing was heard yet"), ("olga", "Nothing was heard yet")],
)
def test_an_inbox_that_never_heard_anything_says_how_to_begin_and_offers_what_one_may(
    world: World, role: str, says: str
) -> None:
    member: Member = getattr(world, role)
    whole, part = (member.looks_at(reverse(name)).content.decode() for name in ("inbox", "inbox_list"))
    for page in (whole, part):  # a phone shows the list alone
        assert says in page
    assert all(member.looks_at(link).status_code == 200 for link in links_of(member, reverse("inbox")))


def links_of(member: Member, address: str) -> set[str]:
    return set(LINK.findall(member.looks_at(address).content.decode())) - {"/"}
