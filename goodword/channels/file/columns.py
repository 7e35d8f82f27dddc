"""What do the columns of a file mean, whatever its maker called them?

Names are compared without case, spaces, underscores and camel humps. Where several columns mean the
same, the one that stands first here comes first, and the others fill in where it is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from goodword.channels.file.sentences import BadMapping


class Meaning(StrEnum):
    """What a column can tell about a post."""

    ID = "id"
    TEXT = "text"
    TITLE = "title"
    AT = "at"
    AUTHOR = "author"
    AUTHOR_ID = "author_id"
    AUTHOR_NAME = "author_name"
    AUTHOR_URL = "author_url"
    AVATAR = "avatar"
    FOLLOWERS = "followers"
    URL = "url"
    COMMENTS_URL = "comments_url"
    PARENT = "parent"
    ROOT = "root"
    INBOUND = "inbound"
    VISIBILITY = "visibility"
    LANGUAGE = "language"


# From the exports of Octolens, Brandwatch, Hootsuite, Chatwoot, Meltwater, X, Reddit, Hacker News.
SYNONYMS: dict[Meaning, str] = {
    Meaning.ID: "id, id_str, native id, tweet_id, mention id, post id, message id, status id, comment id, "
    "resource id, external id, guid",
    Meaning.TEXT: "text, full text, body, message, content, message content, tweet, comment, selftext, "
    "hit sentence, snippet, caption, review",
    Meaning.TITLE: "title, headline, subject",
    Meaning.AT: "at, dt, created_at, created, created (UTC), created_utc, timestamp, date, time, date time, "
    "published, published_at, posted_at, sent_at, pub date",
    Meaning.AUTHOR: "author, submitter, handle, author handle, author username, screen name, "
    "user screen name, username, user, by, from, sender, nick, login, contact primary identifier",
    Meaning.AUTHOR_ID: "author_id, author id_str, user_id, user id_str, from_id, sender_id, account_id, "
    "contact id, contact profile id",
    Meaning.AUTHOR_NAME: "author name, authorName, full name, author full name, display name, name",
    Meaning.AUTHOR_URL: "author url, profile url, author profile url",
    Meaning.AVATAR: "avatar, avatar url, author avatar, author avatar url, profile image url, "
    "user profile image url",
    Meaning.FOLLOWERS: "followers, author followers, followers count, user followers count, "
    "follower count, twitter followers",
    Meaning.URL: "url, permalink, link, uri, href, original url",
    Meaning.COMMENTS_URL: "comments url, discussion url, thread url",
    Meaning.PARENT: "parent, parent id, in_reply_to, in_reply_to_id, in_response_to_tweet_id, "
    "in_reply_to_status_id, in_reply_to_status_id_str, reply to, reply to id",
    Meaning.ROOT: "root, root id, thread id, conversation id",
    Meaning.INBOUND: "inbound, incoming, direction",
    Meaning.VISIBILITY: "visibility",
    Meaning.LANGUAGE: "language, lang, languages",
}

Places = dict[Meaning, tuple[str, ...]]


@dataclass(frozen=True)
class Columns:
    """The meaning of each column. `mapping` holds what a person said: their name, and what it means
    ("" for nothing); it comes before what the names themselves suggest.
    """

    mapping: Mapping[str, Meaning | None] = field(default_factory=dict)

    def places(self, names: Iterable[str]) -> Places:
        """Under which names each meaning is found, the best first."""
        ranked: list[tuple[int, Meaning, str]] = []
        for name in names:
            if name in self.mapping:
                said = self.mapping[name]
                if said:
                    ranked.append((-1, said, name))
            elif known := RANKED.get(_simple(name)):
                ranked.append((*known, name))
        ranked.sort(key=lambda one: one[0])
        found: Places = {}
        for _rank, meaning, name in ranked:
            found[meaning] = (*found.get(meaning, ()), name)
        return found


def mapping_in(words: str) -> dict[str, Meaning | None]:
    """What `theirs=ours,theirs=ours` says. BadMapping names the part that cannot be read."""
    return dict(_pair(part) for part in words.split(",") if part.strip())


def _pair(part: str) -> tuple[str, Meaning | None]:
    theirs, equals, ours = part.rpartition("=")
    if not equals or not theirs.strip():
        raise BadMapping("The part “%(part)s” is not of the form theirs=ours.", part=part.strip())
    return theirs.strip(), meaning_named(ours.strip())


def meaning_named(name: str) -> Meaning | None:
    """The meaning of that name or synonym; None for the empty name. BadMapping when there is none."""
    if not name:
        return None
    known = RANKED.get(_simple(name))
    if known is None:
        raise BadMapping(
            "No column can mean “%(name)s”. It can mean: %(names)s.",
            name=name,
            names=", ".join(Meaning),
        )
    return known[1]


def _simple(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


RANKED: dict[str, tuple[int, Meaning]] = {}
for _meaning, _names in SYNONYMS.items():
    for _rank, _name in enumerate([_meaning, *_names.split(",")]):
        RANKED.setdefault(_simple(_name), (_rank, _meaning))
