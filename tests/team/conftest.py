"""A mail server is set: what is written can be looked at."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_django.fixtures import Settings

from goodword.team import letters
from goodword.team.models import Letter

Written = Callable[[], list[tuple[str, letters.Words]]]


@pytest.fixture
def mail(settings: Settings) -> None:
    settings.EMAIL_HOST = "mail.kettle.example"
    settings.DEFAULT_FROM_EMAIL = "goodword@kettle.example"


@pytest.fixture
def written(mail: None) -> Written:
    """Every letter that waits: to whom, and what it says."""

    def read() -> list[tuple[str, letters.Words]]:
        return [(letter.address, letters.opened(letter)) for letter in Letter.objects.order_by("pk")]

    return read
