"""What is said in the demo's half year, by whom and when? Posts as a channel would tell them.

Nothing here touches the database: the posts go through `listening.ingest` and the pipeline like any
other, and what became work is the product's own decision.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate

from goodword.channels.base import Author, Media, Post, Visibility, channel_named, stable_key
from goodword.channels.playground import reference_of
from goodword.demo.people import BLUESKY, FORUM, MAIL, REVIEWS, SMS, Voice
from goodword.demo.sentences import can_say, pair, say
from goodword.demo.writing import as_written_by

HALF_A_YEAR = timedelta(days=182)
LAST_QUIET = timedelta(hours=4)  # before the end only the people of story.py speak: the inbox is theirs
JUST_NOW = timedelta(minutes=12)  # and nobody of the others is in the middle of a talk

# The couriers were on strike: so many days before the end, for so long, and this part of the posts.
STRIKE_BEGAN, STRIKE_LASTED, STRIKE_SHARE = timedelta(days=63), timedelta(days=11), 0.45

# How busy each hour of a day is (UTC), and each month beside the others: people go on holiday.
HOURS = (2, 1, 1, 1, 1, 2, 5, 9, 12, 11, 10, 9, 10, 9, 8, 8, 9, 10, 12, 14, 15, 13, 9, 5)
MONTHS = {7: 0.72, 8: 0.66, 9: 0.9, 11: 1.15, 12: 1.3}
WEEKEND = 0.8

# Of a hundred posts that begin a thread: said to us, and said about us.
TO_US = {
    "complaint": 24,
    "question": 30,
    "praise": 13,
    "purchase": 12,
    "suggestion": 9,
    "mixed": 5,
    "joke": 7,
}
ABOUT_US = {
    **{"chatter": 52, "joke": 17, "praise": 6, "recommend": 4, "category": 9, "rival": 5},
    **{"question": 3, "complaint": 2, "spam": 3},
}
ADDRESSES_US = {SMS: 1.0, MAIL: 1.0, REVIEWS: 0.7, FORUM: 0.25, BLUESKY: 0.2}
FELLOWS = {FORUM: 0.45, BLUESKY: 0.25}  # how often others say something to it
REVIEWED = {"praise": 45, "complaint": 22, "recommend": 18, "mixed": 15}

# How likely our people answer, when the half year begins and when it ends: they get better at it.
ANSWERED = {"complaint": (0.8, 0.98), "late": (0.6, 0.9), "question": (0.75, 0.98), "purchase": (0.7, 0.97)}
ANSWERED |= {"suggestion": (0.5, 0.85), "praise": (0.35, 0.7), "mixed": (0.4, 0.75), "joke": (0.15, 0.4)}
ANSWERED_UNASKED = {"question": (0.4, 0.9), "complaint": (0.4, 0.95), "late": (0.4, 0.9)}
ANSWERED_UNASKED |= {"praise": (0.1, 0.4), "recommend": (0.05, 0.25)}
# Half of the first answers come sooner than these hours, at the beginning and at the end.
MEDIAN_HOURS = {
    SMS: (0.9, 0.12),
    BLUESKY: (7.0, 0.7),
    FORUM: (16.0, 2.0),
    REVIEWS: (30.0, 5.0),
    MAIL: (11.0, 1.5),
}
SPREAD = 0.7  # of the logarithm: one answer in six takes more than twice as long
AT_WORK = (7, 19)  # hours (UTC) in which our people answer

# The blocks of a grammar that belong together line by line: what is asked, and what we answer to it.
PAIRS = {"question": ("ask", "answer"), "purchase": ("buy", "sell")}
OURS = {
    "late": "ours_late",
    "question": "ours_question",
    "praise": "ours_praise",
    "purchase": "ours_purchase",
}
OURS |= {"complaint": "ours_complaint", "suggestion": "ours_suggestion", "mixed": "ours_suggestion"}
OURS |= {"recommend": "ours_praise", "joke": "ours_praise"}


@dataclass(frozen=True)
class Said:
    """A post on its channel; `by` is the number of the teammate who wrote it, if it is ours."""

    channel: str
    post: Post
    mood: str
    by: int | None = None
    key: str = ""  # of the delivery, if it is ours


def our_account(channel: str) -> Author:
    return Author(f"ours:{channel}", handle="steamwren", name="Steamwren")


def talk(
    voices: Sequence[Voice], posts: int, until: datetime, chance: random.Random, name: str
) -> list[Said]:
    """`posts` posts of these people and what we answered to them, in order of time.

    `name` tells one demo's ids from another's: the keys of deliveries are unique in a whole install.

    Everybody says something; `posts` must be at least the number of voices.
    """
    town = _Town(voices, until, chance, name)
    said: list[Said] = []
    left, silent = posts, len(voices)
    for voice in _speakers(voices, posts, chance):
        if not left:
            break
        silent -= 1
        thread = _cut(town.thread(voice), at_most=left - max(0, silent))
        left -= sum(line.by is None for line in thread)
        said += thread
    return sorted(said, key=lambda line: (line.post.at, line.post.native_id))


def _speakers(voices: Sequence[Voice], posts: int, chance: random.Random) -> Iterator[Voice]:
    """Who begins a thread: everybody once, then the talkative ones again and again."""
    yield from chance.sample(voices, len(voices))
    yield from chance.choices(voices, weights=[voice.talks for voice in voices], k=posts)


def _cut(thread: list[Said], at_most: int) -> list[Said]:
    """The beginning of a thread with at most so many posts of people."""
    people = list(accumulate(line.by is None for line in thread))
    return thread[: bisect_left(people, at_most + 1)]


class _Town:
    """Makes one thread after the other; holds what they have in common."""

    def __init__(self, voices: Sequence[Voice], until: datetime, chance: random.Random, name: str) -> None:
        self.until, self.chance, self.name = until, chance, name
        self.begins = until - HALF_A_YEAR
        self.number = 0
        self.hours = list(accumulate(HOURS))
        self.days = [self.begins + timedelta(days=day) for day in range(HALF_A_YEAR.days)]
        self.busy = list(accumulate(_busyness(day) for day in self.days))
        self.at = {c: [v for v in voices if v.channel == c and v.language == "en"] for c in (FORUM, BLUESKY)}

    def thread(self, voice: Voice) -> list[Said]:
        at = self._some_time()
        addressed = self.chance.random() < ADDRESSES_US[voice.channel]
        mood = self._mood(voice, at, addressed)
        known, answer = self._asked(mood, voice.language)
        text = say(mood, voice.language, self.chance, **known)
        opening = self._said(voice, text, mood, at, addressed=addressed)
        lines = [opening, *self._fellows(opening, voice)]
        likely = (ANSWERED if addressed else ANSWERED_UNASKED).get(mood)
        if likely and self.chance.random() < self._by_now(likely, at):
            lines += self._talk_with_us(opening, voice, answer)
        return sorted(lines, key=lambda line: line.post.at)

    # when

    def _some_time(self) -> datetime:
        day = self.chance.choices(self.days, cum_weights=self.busy)[0]
        hour = self.chance.choices(range(24), cum_weights=self.hours)[0]
        at = day.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(
            hours=hour, seconds=self.chance.randrange(3600)
        )
        # The first and the last day are not whole: who falls outside speaks some time in between.
        if not self.begins <= at < self.until - LAST_QUIET:
            at = self.begins + (self.until - LAST_QUIET - self.begins) * self.chance.random()
        return at.replace(microsecond=0)

    def _by_now(self, range_: tuple[float, float], at: datetime) -> float:
        """Between the value at the beginning of the half year and the one at its end."""
        passed = (at - self.begins) / HALF_A_YEAR
        return range_[0] + (range_[1] - range_[0]) * passed

    def _is_strike(self, at: datetime) -> bool:
        began = self.until - STRIKE_BEGAN
        return began <= at < began + STRIKE_LASTED

    def _answer_time(self, channel: str, asked: datetime) -> datetime:
        median = self._by_now(MEDIAN_HOURS[channel], asked)
        hours = self.chance.lognormvariate(0, SPREAD) * median
        at = asked + timedelta(hours=hours)
        opens, closes = AT_WORK
        if at.hour >= closes:
            at += timedelta(hours=24 - closes + opens)
        elif at.hour < opens:
            at += timedelta(hours=opens - at.hour)
        if at >= self.until - JUST_NOW:
            at = asked + (self.until - JUST_NOW - asked) * self.chance.uniform(0.3, 0.9)
        return at.replace(microsecond=0)

    # what

    def _mood(self, voice: Voice, at: datetime, addressed: bool) -> str:
        if self._is_strike(at) and self.chance.random() < STRIKE_SHARE:
            return "late"
        shares = REVIEWED if voice.channel == REVIEWS else TO_US if addressed else ABOUT_US
        moods = [mood for mood in shares if can_say(mood, voice.language)]
        if voice.channel in (SMS, MAIL):
            moods = [mood for mood in moods if mood != "joke"]
        return self.chance.choices(moods, weights=[shares[mood] for mood in moods])[0]

    def _said(
        self,
        voice: Voice,
        text: str,
        mood: str,
        at: datetime,
        *,
        addressed: bool,
        parent: Post | None = None,
    ) -> Said:
        text = as_written_by(voice.manner, text, mood, self.chance)
        if addressed and voice.channel == BLUESKY and parent is None:
            text = f"@steamwren {text}"
        titled = parent is None and voice.channel in (MAIL, FORUM)
        title = say("title", voice.language, self.chance) if titled else ""
        if not addressed and parent is None and "steamwren" not in text.lower():
            text = f"{text} #steamwren"  # talk about us that does not name us is not heard
        self.number += 1
        name = f"{self.name} {self.number}"
        return said_by(voice, text, mood, at, name, addressed=addressed, parent=parent, title=title)

    def _fellows(self, opening: Said, voice: Voice) -> Iterator[Said]:
        """What others say to it, and to each other."""
        if voice.channel not in self.at or self.chance.random() > FELLOWS[voice.channel]:
            return
        others = self.at[voice.channel]
        so_far = [opening.post]
        for fellow in (
            self.chance.choices(others, k=self.chance.choice((1, 1, 1, 2, 2, 3, 5))) if others else ()
        ):
            at = so_far[-1].at + timedelta(seconds=self.chance.randrange(120, 6 * 3600))
            if at > self.until - LAST_QUIET or fellow.author == voice.author:
                return
            language = voice.language if can_say("fellow", voice.language) else "en"
            text = say("fellow", language, self.chance)
            line = self._said(fellow, text, "fellow", at, addressed=False, parent=self.chance.choice(so_far))
            so_far.append(line.post)
            yield line

    def _asked(self, mood: str, language: str) -> tuple[dict[str, str], str]:
        """What a question is about, and what we answer to just that."""
        blocks = PAIRS.get(mood)
        if blocks and all(can_say(block, language) for block in blocks):
            ask, answer = pair(*blocks, language, self.chance)
            return {blocks[0]: ask}, answer
        return {}, ""

    def _talk_with_us(self, opening: Said, voice: Voice, answer_known: str) -> Iterator[Said]:
        """Our answer, and now and then what they say to that, and so on."""
        asked, mood = opening.post, opening.mood
        for turn in range(3):
            words = answer_known or say(
                OURS.get(mood, "ours_answer"), voice.language, self.chance, you=voice.you
            )
            answer = self._ours(asked, voice, words)
            yield answer
            more = self.chance.random()
            if turn == 2 or more > (0.5 if not turn else 0.3):
                return
            at = answer.post.at + timedelta(seconds=int(self.chance.lognormvariate(8, 1)))
            if at >= self.until - LAST_QUIET:
                return
            asks_on = not turn and mood in ("complaint", "question", "late") and more < 0.2
            mood = "second" if asks_on else "thanks"
            known, answer_known = self._asked(mood, voice.language)
            text = say(mood, voice.language, self.chance, **known)
            line = self._said(voice, text, mood, at, addressed=True, parent=answer.post)
            yield line
            if not asks_on:
                return
            asked = line.post

    def _ours(self, asked: Post, voice: Voice, words: str) -> Said:
        at = self._answer_time(voice.channel, asked.at)
        text = words.replace("{you}", voice.you)
        return said_by_us(voice.channel, text, at, asked, self.chance.choice((0, 0, 0, 1, 1)))


def said_by(
    voice: Voice,
    text: str,
    mood: str,
    at: datetime,
    name: str,
    *,
    addressed: bool,
    parent: Post | None = None,
    title: str = "",
    media: tuple[Media, ...] = (),
) -> Said:
    native_id = stable_key("demo", voice.channel, name)
    private = channel_named(voice.channel).private
    post = Post(
        native_id=native_id,
        author=voice.author,
        text=text,
        at=at,
        title=title,
        parent=parent.native_id if parent else "",
        root=(parent.root or parent.native_id) if parent else native_id,
        visibility=Visibility.DIRECT if private else Visibility.PUBLIC,
        addressed=addressed or private,
        languages=(voice.language,) if voice.channel == BLUESKY else (),
        media=media,
    )
    return Said(voice.channel, replace(post, reference=reference_of(post, mood, voice.language)), mood)


def said_by_us(channel: str, text: str, at: datetime, asked: Post, by: int) -> Said:
    """What a teammate answered, with the id that the playground gives to what it is asked to send."""
    key = stable_key("reply", asked.native_id, at.isoformat())
    native_id = stable_key("sent", key)
    post = Post(
        native_id=native_id,
        author=our_account(channel),
        text=text,
        at=at,
        parent=asked.native_id,
        root=asked.root or asked.native_id,
        visibility=asked.visibility,
        ours=True,
        reference={"id": native_id},
    )
    return Said(channel, post, "ours", by, key)


def _busyness(day: datetime) -> float:
    weekend = WEEKEND if day.weekday() >= 5 else 1.0
    return MONTHS.get(day.month, 1.0) * weekend
