"""Where can one try everything without an account? Here: places that deliver nowhere.

What is sent is appended to a spool, a file of lines in the folder its connection names; `listen` reads
the same file. About every second person answers back: what and when is decided from the draft's key
alone and written down together with the draft, so that nothing has to sleep and nothing is forgotten.
"""

from __future__ import annotations

import json
import math
import os
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from .base import (
    Author,
    Cap,
    Channel,
    Checkpoint,
    Draft,
    Edited,
    Event,
    Field,
    Gone,
    Health,
    NeedsLogin,
    Permission,
    Post,
    Refused,
    Seen,
    Sent,
    Unreachable,
    Visibility,
    Watch,
    stable_key,
)
from .keeping import as_json, from_json

ANSWERS_BACK = 0.5  # of the people: as in life, the others read it and go on with their day
SOONEST, LATEST = 6.0, 55.0  # seconds until they do; longer, and nobody who tries it out would wait
MOST_ANSWERS = 4  # in one thread: then even the most talkative has said it all
OURS = "ours"
SPOOL_HELP = "A folder on this machine: what you send is kept in it and goes nowhere else."

# What a text message can hold: 160 characters of the phones' own alphabet, or 70 of any other.
GSM_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_DOUBLE = frozenset("^{}\\[~]|€")  # these take two places each
ONE_SEGMENT, EACH_OF_SEVERAL = {True: 160, False: 70}, {True: 153, False: 67}


def segments(text: str) -> int:
    """How many text messages this is, as a phone company counts (0 for nothing)."""
    is_gsm = all(c in GSM_ALPHABET or c in GSM_DOUBLE for c in text)
    if is_gsm:
        places = sum(2 if c in GSM_DOUBLE else 1 for c in text)
    else:
        places = len(text.encode("utf-16-le", "surrogatepass")) // 2
    if places <= ONE_SEGMENT[is_gsm]:
        return 1 if places else 0
    return math.ceil(places / EACH_OF_SEVERAL[is_gsm])


# --- pure: lines of the spool ------------------------------------------------------------------------


def parse_line(line: bytes) -> tuple[datetime | None, Event | None]:
    """When a line of the spool is due, and what it tells us; nothing of a line that is broken."""
    try:
        said = json.loads(line)
        match said:
            case {"kind": "seen", "post": dict(post)}:
                return _time(said), Seen(from_json(post), history=bool(said.get("history")))
            case {"kind": "edited", "post": dict(post)}:
                return _time(said), Edited(from_json(post))
            case {"kind": "gone", "native_id": str(native_id)}:
                return _time(said), Gone(native_id)
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    return None, None


def line_of(kind: str, at: datetime, **said: Any) -> bytes:
    return json.dumps({"kind": kind, "at": at.isoformat(), **said}, default=str).encode() + b"\n"


def _time(said: Mapping[str, Any]) -> datetime:
    at = datetime.fromisoformat(said["at"])
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def reference_of(post: Post, mood: str = "", language: str = "en", answers: int = 0) -> dict[str, Any]:
    """What `send` must know to answer this post, and its author to answer back."""
    return {
        "id": post.native_id,
        "root": post.root or post.native_id,
        "visibility": str(post.visibility),
        "to": {"native_id": post.author.native_id, "handle": post.author.handle, "name": post.author.name},
        "mood": mood,
        "language": language,
        "answers": answers,
    }


def answer_back(draft: Draft, sent: Sent, now: datetime) -> Post | None:
    """What the person says to our reply, and when (`at`); None if they leave it at that."""
    told = draft.reference
    chance = random.Random(f"answer {draft.key}")  # noqa: S311 (the same draft, the same answer)
    if not isinstance(told.get("to"), dict) or chance.random() >= ANSWERS_BACK:
        return None
    if (answers := int(told.get("answers") or 0)) >= MOST_ANSWERS:
        return None
    text = answer_to(draft.text, str(told.get("mood", "")), str(told.get("language", "en")), chance)
    post = Post(
        native_id=stable_key("answer", draft.key),
        author=Author(**told["to"]),
        text=text,
        at=now + timedelta(seconds=round(chance.uniform(SOONEST, LATEST), 1)),
        parent=sent.native_id,
        root=str(told.get("root", "")),
        visibility=Visibility(told.get("visibility", "public")),
        addressed=True,
        languages=(str(told.get("language", "en")),),
    )
    mood, language = "answer", str(told.get("language", "en"))
    return replace(post, reference=reference_of(post, mood, language, answers + 1))


# --- what people say when we answered them -----------------------------------------------------------

# By language, then by what they had written about; `asked` when our reply asks them something.
# Whoever has no words for a case here says what stands under `answer`.
ANSWERS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "asked": (
            "Sure. It's the 0.6 litre one, bought in spring I think.",
            "Yes please, that would help a lot.",
            "Order number is 48213, under my partner's name.",
            "Let me check when I'm home and I'll write again tonight.",
            "Tomorrow after five works for me 🙂",
            "Honestly either is fine by me.",
        ),
        "complaint": (
            "Ok. Thanks for answering so quickly, I was pretty annoyed.",
            "Fair enough. I'll keep an eye out for it.",
            "Alright, that sounds reasonable. Let's see.",
            "Appreciate that. Didn't expect a real person, to be honest.",
            "Hm, I hope so. Will tell you if it turns up.",
            "That's all I wanted to hear, thank you.",
        ),
        "question": (
            "Ah perfect, that's what I needed to know!",
            "Got it, thanks a lot.",
            "Great, then I'll take it on the trip 👍",
            "Makes sense. Thank you!",
            "Good to know, I'd have guessed the other way round.",
        ),
        "praise": (
            "Ha, you're welcome! Keep going.",
            "Made my day that you read these 😊",
            "Any time. My sister wants one now, by the way.",
            "☺️",
            "Well, you earned it.",
        ),
        "purchase": (
            "Lovely, just ordered one!",
            "Then I'll wait for payday and go for it.",
            "Perfect, thanks. Going for the green one.",
            "Good, that settles it.",
        ),
        "suggestion": (
            "Cool, would be so happy to see that.",
            "Nice that somebody reads this. Good luck with it!",
            "No hurry, just an idea I had while packing.",
            "Happy to try out a first version if you need people 😄",
        ),
        "answer": ("Thanks!", "Great, thank you.", "👍", "All clear, have a good one!", "Will do. Cheers."),
    },
    "de": {
        "asked": (
            "Ja gern, das würde mir helfen.",
            "Die Bestellnummer ist 48213.",
            "Ich schaue heute Abend nach und melde mich.",
            "Morgen nach fünf passt es mir gut.",
        ),
        "complaint": (
            "Na gut, danke für die schnelle Antwort.",
            "In Ordnung, dann warte ich noch ein bisschen.",
            "Danke, mit einer echten Antwort hätte ich gar nicht gerechnet.",
        ),
        "question": (
            "Super, genau das wollte ich wissen!",
            "Alles klar, vielen Dank.",
            "Prima, dann nehme ich sie mit.",
        ),
        "praise": ("Gern geschehen, macht weiter so!", "Wie nett, dass ihr das lest 😊"),
        "answer": ("Danke!", "Prima, danke euch.", "👍", "Alles klar, schönen Tag noch!"),
    },
    "es": {
        "asked": (
            "Sí, por favor, me ayudaría mucho.",
            "El pedido es el 48213.",
            "Lo miro esta noche y os digo.",
        ),
        "complaint": ("Vale, gracias por contestar tan rápido.", "De acuerdo, espero un poco más entonces."),
        "question": ("Perfecto, justo lo que quería saber.", "Genial, muchas gracias."),
        "praise": ("¡De nada, seguid así!", "Qué ilusión que lo leáis 😊"),
        "answer": ("¡Gracias!", "Muy bien, gracias.", "👍"),
    },
    "fr": {
        "asked": (
            "Oui, volontiers.",
            "Le numéro de commande est 48213.",
            "Je regarde ce soir et je vous redis.",
        ),
        "complaint": ("D'accord, merci d'avoir répondu si vite.", "Bon, j'attends encore un peu alors."),
        "question": ("Parfait, c'est ce que je voulais savoir.", "Super, merci beaucoup."),
        "praise": ("Avec plaisir, continuez comme ça !", "Ça fait plaisir d'être lu 😊"),
        "answer": ("Merci !", "Très bien, merci.", "👍"),
    },
    "pt": {
        "asked": (
            "Sim, por favor, ajudava muito.",
            "O número da encomenda é 48213.",
            "Vejo hoje à noite e digo.",
        ),
        "complaint": (
            "Está bem, obrigada por responderem tão depressa.",
            "Certo, espero mais um pouco então.",
        ),
        "question": ("Perfeito, era isso que eu queria saber.", "Ótimo, muito obrigado."),
        "praise": ("De nada, continuem assim!", "Que bom que vocês leem isto 😊"),
        "answer": ("Obrigada!", "Muito bem, obrigado.", "👍"),
    },
}


def answer_to(reply: str, mood: str, language: str, chance: random.Random) -> str:
    """A short answer that fits what was asked of the person, or else what they had written about."""
    said = ANSWERS.get(language, ANSWERS["en"])
    asked = "?" in reply and mood != "answer"
    return chance.choice(said.get("asked" if asked else mood) or said["answer"])


# --- the channels ------------------------------------------------------------------------------------


class Playground(Channel):
    """What all places of the playground do. Each place below differs in what people expect there."""

    icon = "flask-conical"
    caps = frozenset(
        {Cap.HEAR, Cap.REPLY, Cap.LIKE, Cap.PICTURE, Cap.TAKE_BACK}
        | {Cap.EDITS, Cap.DELETES, Cap.RESUME, Cap.LOOK_UP}
    )
    fields = (Field("spool", "Folder", help=SPOOL_HELP),)
    connectable = False  # only the demo brand talks here
    poll_every = timedelta(seconds=2)

    def now(self) -> datetime:
        """The time; a test that wants another overrides it."""
        return datetime.now(UTC)

    @classmethod
    def can(cls, action: Cap, post: Post) -> Permission:
        if action is Cap.TAKE_BACK and not post.ours:
            return Permission(False, "Only what you wrote yourselves can be taken back.")
        return super().can(action, post)

    # hearing

    def check(self) -> Health:
        self._append(b"")
        return Health(
            native_id=self.account.native_id or OURS,
            handle=self.name,
            works=("Everything you send is kept on this machine and goes nowhere else.",),
        )

    def listen(self, watch: Watch, cursor: str | None) -> Iterator[Event]:
        """What is due of the lines after `cursor`, an offset in bytes. A line that is not due yet holds
        back those behind it, for less than a minute."""
        offset, began = (_offset(cursor), False) if cursor is not None else (0, True)
        now = self.now()
        for line in self._lines(offset):
            due, event = parse_line(line)
            if watch.stopped() or (due and due > now):
                break
            offset += len(line)
            if event:
                yield replace(event, history=True) if began and isinstance(event, Seen) else event
        yield Checkpoint(str(offset))

    # answering: appended to the spool, once per key

    def send(self, draft: Draft) -> Sent:
        if self.max_length is not None and self.length(draft.text) > self.max_length:
            raise Refused("The text is longer than this place allows: nothing was sent.")
        if known := self.sent_already(draft.key):
            return known
        now = self.now()
        sent = self._sent("sent", draft.key)
        lines = line_of("sent", now, key=draft.key, text=draft.text, to=dict(draft.reference))
        if answer := answer_back(draft, sent, now):
            lines += line_of("seen", answer.at, post=as_json(answer))
        self._append(lines)
        return sent

    def like(self, reference: Mapping[str, Any], key: str) -> Sent:
        self._append(line_of("liked", self.now(), key=key, to=dict(reference)))
        return self._sent("liked", key)

    def take_back(self, sent: Sent) -> None:
        """Told by `listen` as any other delete; taking back twice changes nothing."""
        self._append(line_of("gone", self.now(), native_id=sent.native_id))

    def sent_already(self, key: str, draft: Draft | None = None) -> Sent | None:
        for line in self._lines(0):
            said = _dict(line)
            if said.get("kind") in ("sent", "liked") and said.get("key") == key:
                return self._sent(said["kind"], key)
        return None

    # what its people do: for the demo and for tests

    def person_says(self, post: Post, *, history: bool = False) -> None:
        self._append(line_of("seen", post.at, post=as_json(post), history=history))

    def person_edits(self, post: Post) -> None:
        self._append(line_of("edited", self.now(), post=as_json(post)))

    def person_deletes(self, native_id: str) -> None:
        self._append(line_of("gone", self.now(), native_id=native_id))

    # the spool

    @classmethod
    def _sent(cls, what: str, key: str) -> Sent:
        native_id = stable_key(what, key)
        return Sent(native_id=native_id, reference={"id": native_id})

    @property
    def _spool(self) -> Path:
        folder = self.account.settings.get("spool", "")
        if not folder:
            raise NeedsLogin(
                "This connection names no folder for what you send: remove the demo and make it anew."
            )
        return Path(folder) / f"{self.key}.jsonl"

    def _append(self, lines: bytes) -> None:
        """One write in append mode: two workers at once do not mix their lines."""
        try:
            self._spool.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(self._spool, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(handle, lines)
            finally:
                os.close(handle)
        except OSError as trouble:
            raise Unreachable(CANNOT_WRITE) from trouble

    def _lines(self, offset: int) -> Iterator[bytes]:
        """The whole lines from `offset` on; one that is still being written comes next time."""
        try:
            with self._spool.open("rb") as spool:
                spool.seek(offset)
                for line in spool:
                    if line.endswith(b"\n"):
                        yield line
        except FileNotFoundError:
            return
        except OSError as trouble:
            raise Unreachable(CANNOT_WRITE) from trouble


CANNOT_WRITE = "The folder for what you send cannot be used: nothing was sent, it is safe to try again."


class TextMessages(Playground):
    key = "playground-sms"
    name = "Text messages"
    icon = "smartphone"
    caps = Playground.caps - {Cap.LIKE, Cap.PICTURE, Cap.TAKE_BACK, Cap.EDITS, Cap.DELETES}
    reply_within = timedelta(minutes=15)
    max_length = 10  # segments: more is a letter
    counted_in = "messages"
    private = True

    @classmethod
    def length(cls, text: str) -> int:
        return segments(text)


class Bluesky(Playground):
    key = "playground-bluesky"
    name = "Bluesky"
    icon = "cloud"
    max_length = 300


class Forum(Playground):
    key = "playground-forum"
    name = "Forum"
    icon = "messages-square"
    reply_within = timedelta(hours=12)


class Reviews(Playground):
    key = "playground-reviews"
    name = "Reviews"
    icon = "star"
    caps = Playground.caps - {Cap.LIKE, Cap.PICTURE}
    reply_within = timedelta(hours=24)
    max_length = 2_000


class Mail(Playground):
    key = "playground-mail"
    name = "E-mail"
    icon = "mail"
    caps = Playground.caps - {Cap.LIKE, Cap.TAKE_BACK, Cap.EDITS, Cap.DELETES}
    reply_within = timedelta(hours=8)
    private = True


PLACES: tuple[type[Playground], ...] = (TextMessages, Bluesky, Forum, Reviews, Mail)


def _dict(line: bytes) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _offset(cursor: str) -> int:
    return int(cursor) if re.fullmatch(r"[0-9]{1,18}", cursor) else 0
