"""`goodword seed`: does it say what it does, do nothing twice, and refuse what makes no sense?"""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from goodword.demo.brand import made_from
from goodword.team.models import Brand

# Not in the quick suite: whole brands are made.
pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.both_databases]


def seed(*arguments: str) -> str:
    out = StringIO()
    call_command("seed", "--people", "30", "--posts", "150", *arguments, stdout=out)
    return out.getvalue()


def test_it_makes_the_demo_once_and_another_only_when_told() -> None:
    assert "150 posts of 30 people" in seed("--until", "2026-09-30")
    assert "nothing to do" in seed("--until", "2026-09-30")
    with pytest.raises(CommandError, match="--replace") as refused:
        seed("--until", "2026-09-29")
    assert refused.value.returncode == 2
    seed("--until", "2026-09-29", "--replace")
    told = made_from(Brand.objects.get(is_demo=True))
    assert told is not None
    assert told[1].isoformat() == "2026-09-29T00:00:00+00:00"


@pytest.mark.parametrize(
    "arguments",
    [["--people", "3"], ["--posts", "10"], ["--posts", "-5"], ["--until", "soon"], ["--people", "x"]],
)
def test_what_makes_no_sense_is_refused_before_anything_is_made(arguments: list[str]) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("seed", *arguments, stdout=StringIO())
    assert refused.value.returncode in (1, 2)
    assert not Brand.objects.exists()
