"""Somebody brings a file: they see what it holds, say what its columns mean, and learn what came of it."""

from __future__ import annotations

import json
import os
import re
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import override_settings

from goodword.listening.models import Post
from goodword.listening.narrowing import narrow
from goodword.team.models import AuditEntry
from goodword.web import uploads
from tests.world import Member, World

# The import runs in a thread with a connection of its own, as in life.
pytestmark = pytest.mark.django_db(transaction=True)

GOOD = "id,author,when said,words\n1,ada,2026-02-01 08:00,Lovely kettle\n2,uma,2026-02-02 08:00,It leaks\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path) -> Iterator[Path]:
    with override_settings(UPLOADS=tmp_path / "uploads", FILE_UPLOAD_TEMP_DIR=str(tmp_path)):
        (tmp_path / "uploads").mkdir()
        yield tmp_path / "uploads"


def brings(member: Member, content: str | bytes, name: str = "posts.csv") -> HttpResponse:
    data = content.encode() if isinstance(content, str) else content
    return member.does("/import/", file=SimpleUploadedFile(name, data))


def address(answer: HttpResponse) -> str:
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def imports(member: Member, place: str, **fields: Any) -> HttpResponse:
    """Submit the form as the page shows it, with some fields changed, and wait until it is done."""
    page = member.looks_at(place).content.decode()
    form: dict[str, Any] = {"channel": "file"}
    for name, options in re.findall(r'<select[^>]* name="([^"]+)">(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        form[name] = chosen[1] if chosen else ""
    answer = member.does(place, **form | fields)
    for thread in threading.enumerate():
        if thread.name.startswith("import-"):
            thread.join(20)
    return answer


def test_a_file_is_looked_at_mapped_and_imported(bo: Member, home: Path) -> None:
    place = address(brings(bo, GOOD))
    page = bo.looks_at(place).content.decode()
    assert "Lovely kettle" in page
    assert "Say which one does" in page  # neither words nor when said is a name it knows
    assert imports(bo, place).status_code == 422
    assert not Post.objects.exists()

    assert imports(bo, place, **{"means-2": "at", "means-3": "text"}).status_code == 302
    assert set(Post.objects.values_list("text", flat=True)) == {"Lovely kettle", "It leaks"}
    result = bo.looks_at(place).content.decode()
    assert "2 posts are new." in result
    assert "older than 3 days" in result
    assert AuditEntry.objects.get(verb="imported posts").by == bo.teammate
    # Nothing is left of the file itself.
    assert not any("Lovely kettle" in path.read_text() for path in home.rglob("*") if path.is_file())


def test_columns_that_are_known_need_no_answer(bo: Member) -> None:
    place = address(brings(bo, GOOD.replace("when said", "created_at").replace("words", "Full Text")))
    assert "Say which one does" not in bo.looks_at(place).content.decode()
    imports(bo, place, channel="hackernews")
    assert set(Post.objects.values_list("channel", flat=True)) == {"hackernews"}


def test_refused_rows_are_listed_with_number_and_reason(bo: Member) -> None:
    rows = [{"text": "fine", "at": "2026-02-01", "author": "ada"}, {"text": "<b>bad</b>", "at": "<i>soon"}]
    place = address(brings(bo, "\n".join(json.dumps(row) for row in rows), "posts.jsonl"))
    imports(bo, place)
    page = bo.looks_at(place).content.decode()
    assert "1 row was refused." in page
    assert "This row does not say who wrote it." in page


def test_what_stands_in_a_file_never_runs(bo: Member) -> None:
    evil = "<script>alert(1)</script>"
    rows = json.dumps({evil: evil, "text": evil, "at": "2026-02-01", "author": evil})
    place = address(brings(bo, rows, evil + ".jsonl"))
    assert evil not in bo.looks_at(place).content.decode()
    imports(bo, place)
    assert evil not in bo.looks_at(place).content.decode()
    assert Post.objects.get().text == evil


@pytest.mark.parametrize(
    ("content", "why"),
    [("", "is empty"), ("\x89PNG" + "\x01" * 500, "holds no text"), ("PK\x03\x04....", "save it as CSV")],
)
def test_what_is_no_table_is_refused_at_the_door(bo: Member, home: Path, content: str, why: str) -> None:
    answer = brings(bo, content.encode("latin-1"), "thing.csv")
    assert answer.status_code == 422
    # Django itself drops an upload of no bytes.
    assert why in answer.content.decode() or (not content and "Choose a file" in answer.content.decode())
    assert not any(home.iterdir())


def test_without_a_file_nothing_happens(bo: Member) -> None:
    assert bo.does("/import/").status_code == 422


def test_a_channel_name_that_cannot_be_is_refused_with_the_form_as_it_was(bo: Member) -> None:
    place = address(brings(bo, GOOD))
    answer = imports(bo, place, channel="Über uns", **{"means-2": "at", "means-3": "title"})
    assert answer.status_code == 422
    assert 'value="title" selected' in answer.content.decode()
    assert not Post.objects.exists()


def test_a_large_file_goes_by_way_of_the_disk(bo: Member) -> None:
    line = json.dumps({"text": "long " * 2000, "at": "2026-02-01", "author": "ada"}) + "\n"
    place = address(brings(bo, line * 400, "large.jsonl"))  # 4 MB: Django streams it into a file
    imports(bo, place)
    assert Post.objects.count() == 1
    assert "400 rows were read." in bo.looks_at(place).content.decode()


def test_a_viewer_may_not_import(olga: Member, bo: Member) -> None:
    place = address(brings(bo, GOOD))
    assert olga.looks_at("/import/").status_code == 403
    assert brings(olga, GOOD).status_code == 403
    assert olga.looks_at(place).status_code == 403
    assert olga.does(place, **{"means-2": "at", "means-3": "text"}).status_code == 403
    assert olga.does(place + "removal/").status_code == 403
    assert not Post.objects.exists()


def test_who_is_narrowed_imports_nothing_that_they_would_never_see(world: World, bo: Member) -> None:
    narrow(bo.teammate, [world.connection], world.dana.teammate, now=world.now)
    refused = bo.looks_at("/import/")
    assert refused.status_code == 403
    assert "An owner can import a file." in refused.content.decode()
    assert 'href="/import/"' not in bo.looks_at("/people/").content.decode()


def test_another_brand_sees_nothing_of_it(eve: Member, bo: Member, home: Path) -> None:
    place = address(brings(bo, GOOD))
    assert eve.looks_at(place).status_code == 404
    assert eve.does(place, **{"means-2": "at", "means-3": "text"}).status_code == 404
    assert eve.does(place + "removal/").status_code == 404
    assert len(list(home.iterdir())) == 1


@pytest.mark.parametrize("token", ["0" * 32, "..", "0" * 31 + "é"])
def test_an_upload_that_is_not_there_is_not_found(bo: Member, token: str) -> None:
    assert bo.looks_at(f"/import/{token}/").status_code == 404


def test_a_file_can_be_removed_before_it_is_imported(bo: Member, home: Path) -> None:
    place = address(brings(bo, GOOD))
    assert bo.does(place + "removal/").status_code == 302
    assert not any(home.iterdir())
    assert bo.looks_at(place).status_code == 404


def test_an_import_that_was_interrupted_says_so_and_goes_on(bo: Member, world: World) -> None:
    place = address(brings(bo, GOOD))
    upload = uploads.find(place.strip("/").split("/")[-1], world.brand)
    assert upload
    upload.note(uploads.Progress("running", 1))
    assert "1 row was read so far." in bo.looks_at(place).content.decode()

    record = upload.folder / "progress.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | {"at": time.time() - 120}))
    assert "stopped after 1 row." in bo.looks_at(place).content.decode()
    imports(bo, place, **{"means-2": "at", "means-3": "text"})
    assert Post.objects.count() == 2
    assert "2 posts are new." in bo.looks_at(place).content.decode()


def test_what_nobody_imported_is_swept_away(bo: Member, home: Path) -> None:
    brings(bo, GOOD)
    [forgotten] = home.iterdir()
    long_ago = time.time() - timedelta(days=2).total_seconds()
    os.utime(forgotten, (long_ago, long_ago))
    brings(bo, GOOD)
    assert not forgotten.exists()
    assert len(list(home.iterdir())) == 1
