"""Which labelled texts do we learn from and measure on, and how are their labels read as ours?

Everything but our own posts lies beside the project; `LookupError` names what is not there. A text is a
`Row`; a label it does not speak of is None, which teaches nothing and is not counted.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from goodword.understanding.analysis import INTENTS
from models.making.places import DATA, POSTS

CLASSES = ("negative", "neutral", "positive")
NEUTRAL_WITHIN = 0.5  # of a rating from -4 to 4: the raters' own scale calls less than that no feeling


@dataclass(frozen=True)
class Row:
    """One text and what people said of it."""

    text: str
    source: str
    language: str = "en"
    sentiment: str | None = None
    yes: frozenset[str] = frozenset()  # the heads it is an example of
    no: frozenset[str] = frozenset()  # the heads it is a counter-example of
    id: str = ""
    brand: str | None = None
    kind: str = ""


# --- our own ---------------------------------------------------------------------------------------

FLAGS = ("needs_answer", "hostile", "sarcastic", "sensitive")
# What a post can be about, where it is about a brand's doing.
ASPECTS = (
    "price",
    "delivery",
    "quality",
    "service",
    "features",
    "app",
    "payment",
    "returns",
    "stock",
    "account",
    "place",
)


def own_posts() -> Iterator[Row]:
    for path in sorted(POSTS.glob("*.jsonl")):
        if path.name == "second.jsonl":
            continue
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            yes = frozenset((*row["intents"], *row["aspects"])) | {flag for flag in FLAGS if row[flag]}
            yield Row(
                text=row["text"],
                source="own",
                language=row["language"],
                sentiment=row["sentiment"],
                yes=yes,
                no=frozenset((*INTENTS, *ASPECTS, *FLAGS)) - yes,
                id=row["id"],
                brand=row["brand"],
                kind=row["kind"],
            )


# --- others' ---------------------------------------------------------------------------------------


def rated_tweets() -> Iterator[Row]:
    """Posts with the mean of twenty ratings from -4 to 4 (Hutto & Gilbert 2014, MIT)."""
    yield from _rated("tweets_GroundTruth.txt", "tweets")


def rated_reviews() -> Iterator[Row]:
    """Sentences of reviews of gadgets, rated in the same way."""
    yield from _rated("amazonReviewSnippets_GroundTruth.txt", "reviews")


def review_sentences() -> Iterator[Row]:
    """Positive or negative sentences of reviews of gadgets, films, restaurants (Kotzias 2015, CC BY 4.0)."""
    for name in ("amazon_cells", "imdb", "yelp"):
        for line in _lines(f"uci-sentences/{name}_labelled.txt"):
            text, _, label = line.strip().rpartition("\t")
            if text and label in ("0", "1"):
                feeling = "positive" if label == "1" else "negative"
                told = NOTHING_TOLD if name == "imdb" else of_reviews(feeling)
                yield Row(text.strip(), "sentences", sentiment=feeling, yes=told[0], no=told[1])


Told = tuple[frozenset[str], frozenset[str]]
NOTHING_TOLD: Told = (frozenset(), frozenset())


def of_reviews(feeling: str) -> Told:
    """Who writes badly of what they bought complains; who writes well of it praises."""
    return {
        "negative": (frozenset({"complaint"}), frozenset({"praise", "thanks"})),
        "neutral": (frozenset(), frozenset({"complaint", "praise", "thanks", "churn"})),
        "positive": (frozenset({"praise"}), frozenset({"complaint", "churn"})),
    }[feeling]


POSITIVE = frozenset(
    {"admiration", "amusement", "approval", "caring", "excitement", "gratitude"}
    | {"joy", "love", "optimism", "pride", "relief"}
)
NEGATIVE = frozenset(
    {"anger", "annoyance", "disappointment", "disapproval", "disgust", "embarrassment"}
    | {"fear", "grief", "nervousness", "remorse", "sadness"}
)
PRAISING = frozenset({"admiration", "gratitude", "love"})
ASKING = frozenset({"curiosity", "confusion"})


def comments(part: str) -> Iterator[Row]:
    """Comments with 27 emotions (Demszky 2020, Apache-2.0). `part` is train, dev or test.

    Their sentiment is told where all emotions of a comment have one sign, or where it has none at all;
    curiosity, confusion, desire, realization and surprise have no sign and leave it untold.
    """
    names = [line.strip() for line in _lines("goemotions/labels.txt")]
    for line in _lines(f"goemotions/{part}.tsv"):
        text, labels, _ = line.rstrip("\n").split("\t")
        felt = {names[int(i)] for i in labels.split(",")}
        told = {"praise": bool(felt & PRAISING), "thanks": "gratitude" in felt}
        if not felt & ASKING and "?" not in text:
            told["question"] = False
        elif "curiosity" in felt and "?" in text:
            told["question"] = True
        if felt <= POSITIVE | {"neutral"}:
            told["complaint"] = False
        yield Row(
            text,
            "comments",
            sentiment=_one_sign(felt),
            yes=frozenset(name for name, it in told.items() if it),
            no=frozenset(name for name, it in told.items() if not it),
        )


def _one_sign(felt: set[str]) -> str | None:
    if felt == {"neutral"}:
        return "neutral"
    positive, negative = bool(felt & POSITIVE), bool(felt & NEGATIVE)
    if positive == negative or not felt <= POSITIVE | NEGATIVE | {"neutral"}:
        return None
    return "positive" if positive else "negative"


def hostile_tweets() -> Iterator[Row]:
    """Tweets called offensive, hateful or neither by three people or more (Davidson 2017, MIT).

    All hold a word of a list of slurs, many of them in friendly talk of African Americans, which the raters
    called offensive: those (class 1) are therefore no examples of hostility here. Hateful ones are, and
    those called neither are counter-examples.
    """
    for row in csv.DictReader(io.StringIO(_text("davidson/labeled_data.csv"))):
        told = {"0": (frozenset({"hostile"}), frozenset()), "2": (frozenset(), frozenset({"hostile"}))}
        if row["class"] in told:
            yes, no = told[row["class"]]
            yield Row(row["tweet"], "hostile", yes=yes, no=no)


BEGINS_A_QUESTION = frozenset(
    {"how", "what", "where", "when", "why", "which", "who", "can", "could", "is", "are", "do", "does", "will"}
)


def bank_requests(part: str) -> Iterator[Row]:
    """Requests to a bank, of 77 intents (PolyAI 2020, CC BY 4.0).

    None says whether it is a question; those that begin like one are. Of every second the question mark is
    taken, since people leave it out.
    """
    for at, row in enumerate(csv.DictReader(io.StringIO(_text(f"banking77/{part}.csv")))):
        asks = row["text"].split(maxsplit=1)[0].lower() in BEGINS_A_QUESTION
        text = row["text"].rstrip("? ") if at % 2 else row["text"]
        yield Row(text, "bank", yes=frozenset({"question"}) if asks else frozenset(), kind=row["category"])


# --- reading ---------------------------------------------------------------------------------------


def is_there() -> bool:
    return DATA.is_dir()


def key_of(text: str) -> str:
    """Two texts with the same key are the same text: lower case, letters and digits only."""
    return regex.sub(r"[^\p{L}\p{N}]+", "", text.lower())


def _rated(name: str, source: str) -> Iterator[Row]:
    for line in _lines(f"vader-gt/{name}"):
        _, mean, text = line.rstrip("\n").split("\t")
        feeling = _class_of(float(mean))
        told = of_reviews(feeling) if source == "reviews" else NOTHING_TOLD
        yield Row(text, source, sentiment=feeling, yes=told[0], no=told[1])


def _class_of(mean: float) -> str:
    if mean <= -NEUTRAL_WITHIN:
        return "negative"
    return "positive" if mean >= NEUTRAL_WITHIN else "neutral"


def _lines(path: str) -> list[str]:
    return _text(path).removesuffix("\n").split("\n")


def _text(path: str) -> str:
    try:
        return (DATA / path).read_text("utf-8", errors="replace")
    except OSError:
        raise LookupError(f"{DATA / path} is not there.") from None
