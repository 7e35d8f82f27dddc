"""The files in models/ are what their list says, are small, and learnt nothing that they are tested on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from goodword.understanding import trained
from goodword.understanding.analysis import INTENTS, Said, analyse, analyse_many
from models.making import data, sources
from models.making.data import CLASSES, key_of

MOST_MEGABYTES = 30
LEAST_POSTS = 1_500
POSTS = ["Where is my parcel? It was due on Monday.", "I love this lamp!", "Danke, hat geklappt", "😍"]

needs_files = pytest.mark.skipif(not trained.has(trained.FULL_STAGE), reason="the trained files are not here")
needs_data = pytest.mark.skipif(not data.is_there(), reason=f"the data is not here: {data.DATA}")


@needs_files
def test_every_file_is_the_one_that_was_listed() -> None:
    assert trained.damaged() == []


@needs_files
def test_a_file_that_was_changed_is_named_and_without_a_list_all_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = tmp_path / "models"
    shutil.copytree(trained.folder(), models, ignore=shutil.ignore_patterns("posts", "making"))
    monkeypatch.setattr(trained, "folder", lambda: models)
    assert trained.damaged() == []
    with (models / "heads" / "scales.json").open("a") as file:
        file.write(" ")
    assert trained.damaged() == ["heads/scales.json"]
    (models / trained.CHECKSUMS).unlink()
    assert trained.damaged() == [trained.CHECKSUMS, *trained.FULL_STAGE]


@needs_files
def test_together_they_are_small() -> None:
    total = sum((trained.folder() / name).stat().st_size for name in trained.FULL_STAGE)
    assert total < MOST_MEGABYTES * 1e6


@needs_files
@pytest.mark.slow
def test_many_are_understood_as_each_alone() -> None:
    """All but: eight-bit products take their scale from all that is read together."""
    together = analyse_many([Said(text) for text in POSTS * 8], "full")
    for text, said in zip(POSTS, together, strict=False):
        alone = analyse(text, stage="full")
        assert alone.language == said.language
        assert alone.sentiment.positive == pytest.approx(said.sentiment.positive, abs=0.1)
        assert alone.stage == "full"
        assert len(alone.vector) == 64


# --- our own posts -----------------------------------------------------------------------------------


def test_our_posts_are_many_and_labelled_with_the_words_there_are() -> None:
    rows = list(data.own_posts())
    assert len(rows) >= LEAST_POSTS
    assert {row.language for row in rows} == {"en", "es", "de", "fr", "pt"}
    assert {row.sentiment for row in rows} == set(CLASSES)
    assert {name for row in rows for name in row.yes} <= {*INTENTS, *data.ASPECTS, *data.FLAGS}
    assert max(Counter(row.id for row in rows).values()) == 1
    assert max(Counter(key_of(row.text) or row.text for row in rows).values()) == 1


def test_the_split_is_fixed_and_no_post_is_on_two_sides() -> None:
    parts = {part: {row.id for row in sources.own(part)} for part in ("teach", "calibrate", "test")}
    assert sum(map(len, parts.values())) == len(list(data.own_posts()))
    assert [sources.part_of(name) for name in ("de-0001", "fr-0002")] == ["calibrate", "test"]
    assert len(parts["test"]) > 400


@needs_data
def test_nothing_that_teaches_is_tested_on() -> None:
    taught = {key_of(row.text) for row in sources.lessons()[0]}
    tested = [*sources.own("test"), *sources.own("calibrate"), *data.comments("test")]
    assert taught
    assert not taught & {key_of(row.text) for row in tested if key_of(row.text)}


# --- where it runs ------------------------------------------------------------------------------------

ASK = (
    "import json, sys\n"
    "from goodword.understanding.analysis import analyse\n"
    "said = [analyse('Where is my parcel?', stage=stage) for stage in ('first', 'full')]\n"
    "print(json.dumps([[one.model, one.stage, list(one.decisions)] for one in said]))\n"
    "unwanted = ('torch', 'sklearn', 'scipy', 'transformers')\n"
    "print(json.dumps([name for name in unwanted if name in sys.modules]))\n"
)


def asked(*before: str, **environment: str) -> list[list[object]]:
    ran = subprocess.run(
        [*before, sys.executable, "-c", ASK],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=True,
    )
    said, loaded = map(json.loads, ran.stdout.splitlines())
    assert loaded == []
    return list(said)


@pytest.mark.slow
def test_without_the_files_the_rules_answer(tmp_path: Path) -> None:
    for model, _stage, decisions in asked(GOODWORD_MODELS=str(tmp_path)):
        assert str(model).startswith("rules-")
        assert decisions == ["question"]


@needs_files
@pytest.mark.slow
def test_what_is_damaged_does_not_answer(tmp_path: Path) -> None:
    models = tmp_path / "models"
    shutil.copytree(trained.folder(), models, ignore=shutil.ignore_patterns("posts", "making"))
    (models / "encoder.onnx").write_bytes(b"half of it")
    (_, first, _), (_, full, _) = asked(GOODWORD_MODELS=str(models))
    assert (first, full) == ("first", "first")


@needs_files
@pytest.mark.slow
def test_it_runs_where_there_is_no_network_and_loads_nothing_that_only_making_needs() -> None:
    alone = ["unshare", "--map-root-user", "--net"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("this machine does not let a process have a network of its own")
    (_, first, said_first), (_, full, said_full) = asked(*alone)
    assert (first, full) == ("first", "full")
    assert "question" in said_first  # type: ignore[operator]
    assert "question" in said_full  # type: ignore[operator]
