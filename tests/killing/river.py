"""A stream of events without end, the same every time: what is heard while we are killed again and again.

Seven people open threads, answer each other, edit what they said and delete it.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from goodword.channels import base
from goodword.channels.base import Author
from tests.fakechannel import NOON

PEOPLE = [Author(f"person-{i}", handle=f"person{i}", name=f"Person {i}") for i in range(7)]
WORDS = [
    "Does the kettle whistle?",
    "My kettle arrived broken. I am so angry!",
    "I love this kettle, it is wonderful.",
    "The kettle is blue.",
    "Thanks!",
    "Where can I buy the kettle?",
]
BEGAN = NOON - timedelta(days=3)


def river(length: int, seed: int = 7) -> list[base.Event]:
    chance = random.Random(seed)
    events: list[base.Event] = []
    alive: list[base.Post] = []  # neither edited nor deleted yet
    while len(events) < length:
        at = BEGAN + timedelta(seconds=20 * len(events))
        happening = chance.random()
        if happening < 0.06 and len(alive) > 5:
            post = alive.pop(chance.randrange(len(alive)))
            events.append(base.Edited(_edited(post, chance)))
        elif happening < 0.12 and len(alive) > 5:
            events.append(base.Gone(alive.pop(chance.randrange(len(alive))).native_id))
        else:
            parent = chance.choice(alive[-6:]) if alive and chance.random() < 0.5 else None
            post = _said(len(events), at, parent, chance)
            alive.append(post)
            events.append(base.Seen(post))
    return events


def _said(number: int, at: datetime, parent: base.Post | None, chance: random.Random) -> base.Post:
    native_id = f"river/{number}"
    return base.Post(
        native_id=native_id,
        author=chance.choice(PEOPLE),
        text=f"{chance.choice(WORDS)} ({number}, about the kettle)",
        at=at,
        parent=parent.native_id if parent else "",
        root=parent.root if parent else native_id,
        addressed=chance.random() < 0.5,
        reference={"post": native_id},
    )


def _edited(post: base.Post, chance: random.Random) -> base.Post:
    return base.Post(**{**vars(post), "text": f"{post.text} Edited: {chance.choice(WORDS)}"})
