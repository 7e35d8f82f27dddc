"""Which mentions become work? The rest is only counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from goodword.channels.base import Visibility
from goodword.conversations.models import Mute
from goodword.listening.models import Analysis, Post
from goodword.matching import Matcher, as_phrase

# What an owner can choose from, on the brand's page.
RULES = {
    "addressed": _("is addressed to us"),
    "question": _("asks something"),
    "complaint": _("complains"),
    "praise": _("praises"),
    "suggestion": _("suggests something"),
    "purchase": _("wants to buy"),
    "churn": _("thinks of leaving"),
    "recommendation": _("recommends us"),
}
DEFAULT_RULES = ("addressed", "question", "complaint", "praise")


@dataclass(frozen=True)
class Muted:
    """What the brand's people muted: authors and threads by key, words folded."""

    authors: frozenset[int]
    threads: frozenset[tuple[str, str]]
    words: Matcher[int]

    @classmethod
    def of(cls, brand_id: int) -> Muted:
        mutes: Iterable[Mute] = Mute.objects.filter(brand=brand_id, undone_at=None).select_related(
            "conversation"
        )
        by_kind = {what: [m for m in mutes if m.what == what] for what in Mute.What}
        return cls(
            authors=frozenset(m.profile_id for m in by_kind[Mute.What.AUTHOR] if m.profile_id),
            threads=frozenset(
                (m.conversation.channel, m.conversation.root)
                for m in by_kind[Mute.What.THREAD]
                if m.conversation
            ),
            words=Matcher({m.pk: as_phrase(m.word) for m in by_kind[Mute.What.WORD]}),
        )

    def silences(self, post: Post) -> bool:
        if post.author_id in self.authors or (post.channel, post.root) in self.threads:
            return True
        return bool(self.words.match(f"{post.title}\n{post.text}"))


def admits(post: Post, analysis: Analysis | None, rules: Collection[str], muted: Muted) -> bool:
    """Does this post become work, by the brand's rules?"""
    if post.is_ours or post.is_automatic or not post.is_mention or not post.is_readable:
        return False
    if post.needs_answer is not None:
        return post.needs_answer  # a teammate has decided
    if muted.silences(post):
        return False
    if post.visibility == Visibility.DIRECT:
        return True  # a private message is never only counted
    decisions = set(analysis.decisions) if analysis else set()
    if "spam" in decisions and not post.addressed:
        return False
    return ("addressed" in rules and post.addressed) or bool(decisions & set(rules))


def is_only_thanks(analysis: Analysis | None) -> bool:
    """A goodbye after our answer starts no clock: nobody waits for a reply to "thanks"."""
    if analysis is None:
        return False
    decisions = set(analysis.decisions)
    return "thanks" in decisions and decisions <= {"thanks", "praise"}
