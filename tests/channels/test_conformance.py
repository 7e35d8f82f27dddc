"""Every channel there is, through the suite of `conformance.py`; and is a new one really only one file?"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

import tests.channels.places
from goodword.channels import base
from goodword.channels.base import Channel, channels
from goodword.channels.by_hand import ByHand
from tests.channels.conformance import CHECKS, Check, run
from tests.world import Member

# Which channels are not run through the suite, and why; the reason is shown as a skipped test.
WITHOUT_A_PLACE: dict[str, str] = {
    "file": "a file is read once and nobody talks in it: tests/listening covers its rows",
}


def _places() -> dict[str, ModuleType]:
    """By key of channel: the file that opens a place for it."""
    names = [module.name for module in pkgutil.iter_modules(tests.channels.places.__path__)]
    modules = [importlib.import_module(f"tests.channels.places.{name}") for name in names]
    return {key: module for module in modules for key in module.KEYS}


PLACES = _places()


def _cases() -> Iterator[object]:
    for key, channel in channels().items():
        for check in CHECKS:
            if check.applies_to(channel) and key in PLACES:
                marks = getattr(PLACES[key], "MARKS", ())
                yield pytest.param(key, check, id=f"{key}-{check.name}", marks=marks)


@pytest.mark.parametrize(("key", "check"), list(_cases()))
def test_it_keeps_what_its_caps_claim(key: str, check: Check, request: pytest.FixtureRequest) -> None:
    with PLACES[key].open_place(key, request) as place:
        run(check, place)


@pytest.mark.parametrize("key", list(channels()))
def test_every_channel_runs_through_the_suite_or_says_why_not(key: str) -> None:
    if issubclass(channels()[key], ByHand):
        assert not channels()[key].caps, "what teammates write down claims nothing that could be run"
        return
    if key in WITHOUT_A_PLACE:
        pytest.skip(f"{key}: {WITHOUT_A_PLACE[key]}")
    assert key in PLACES, f"add a file with {key!r} in its KEYS to tests/channels/places/"


@pytest.mark.parametrize("key", list(channels()))
def test_every_channel_introduces_itself(key: str) -> None:
    channel = channels()[key]
    assert channel.key == key
    assert channel.name
    assert channel.icon
    for field in channel.fields:
        assert field.label, f"{field.name} has no label"
        assert not (field.secret and field.default), f"{field.name} is secret and has a default"


# --- one new file ----------------------------------------------------------------------------------

TOY = '''
"""What is said in a tin-can telephone?"""

from goodword.channels.base import Cap, Channel, Checkpoint, Field, Health, Seen, Sent


class TinCan(Channel):
    key = "tin-can"
    name = "Tin-can telephone"
    max_length = 1_000
    caps = frozenset({Cap.HEAR, Cap.REPLY})
    fields = (Field("string", "String", "How long is the string?"),)
    said, sent = [], []  # what went through the string

    def check(self):
        return Health("us", "our end", works=("The string is tight.",))

    def listen(self, watch, cursor):
        for post in self.said[int(cursor or 0):]:
            yield Seen(post, history=cursor is None)
        yield Checkpoint(str(len(self.said)))

    def send(self, draft):
        self.sent.append(draft.text)
        return Sent(f"ours-{len(self.sent)}")
'''


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Channel]]:
    """A channel written into one new file beside the others, and forgotten afterwards."""
    import goodword.channels

    (tmp_path / "tincan.py").write_text(TOY)
    monkeypatch.setattr(goodword.channels, "__path__", [*goodword.channels.__path__, str(tmp_path)])
    base._load_all.cache_clear()
    yield channels()["tin-can"]
    del Channel._registry["tin-can"], sys.modules["goodword.channels.tincan"]
    base._load_all.cache_clear()


class _String:
    """The other end of the string."""

    can_misbehave = frozenset[str]()

    def __init__(self, kind: type[Channel]) -> None:
        self.channel = kind()
        self.kind = kind
        kind.said.clear()
        kind.sent.clear()

    def says(self, words: str, to: str = "") -> str:
        native_id = f"theirs-{len(self.kind.said)}"
        author = base.Author("a friend")
        at = datetime.now(UTC)
        self.kind.said.append(
            base.Post(native_id, author, words, at, parent=to, root=to or native_id, addressed=True)
        )
        return native_id

    def texts_of_ours(self) -> list[str]:
        return list(self.kind.sent)


def test_a_channel_is_one_new_file_which_the_suite_then_runs(toy: type[Channel]) -> None:
    ran = [check for check in CHECKS if check.applies_to(toy) and not check.misbehaviour]
    for check in ran:
        run(check, _String(toy))
    assert {check.name for check in ran} >= {
        "what_is_said_to_us_is_heard_with_its_author_and_time",
        "a_reply_arrives_once_exactly_as_written",
    }


def test_a_channel_of_one_new_file_can_be_connected_on_screen(toy: type[Channel], dana: Member) -> None:
    page = dana.looks_at("/connections/").content.decode()
    assert toy.name in page
    assert f"/connections/new/{toy.key}/" in page
    assert dana.looks_at(f"/connections/new/{toy.key}/").status_code == 200


def test_the_suite_catches_a_channel_that_claims_too_much(
    toy: type[Channel], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toy, "send", lambda self, draft: base.Sent("never sent"))
    monkeypatch.setattr("tests.channels.conformance.PATIENCE", 0.3)
    check = next(check for check in CHECKS if check.name == "a_reply_arrives_once_exactly_as_written")
    with pytest.raises(AssertionError):
        run(check, _String(toy))
