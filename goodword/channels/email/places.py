"""Which places send notification mails, and where in them are the author and the words?

One row for each place. To add one: the domains its mails come from, the hosts its links lead to, and what
its subjects look like, with `who` for the author. A place without a pattern is recognised all the same:
then the subject says what happened, and its author is the place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    key: str
    name: str
    senders: tuple[str, ...]  # domains, with all below them; or whole addresses
    links: tuple[str, ...]  # hosts that a teammate may be sent to, with all below them
    subjects: tuple[str, ...] = ()  # patterns; the first that matches tells `who`
    words: tuple[str, ...] = ()  # patterns in the text; the first that matches tells `said`, maybe `who`
    answer: tuple[str, ...] = ()  # words in a link's address that mark the one to answer at


# How several places introduce the words of a comment or review.
_IN_QUOTES = r"[\"“„«](?P<said>[^\"”“»]{2,3000})[\"”“»]"
_BELOW_COLON = (
    r"(?:wrote|said|commented|replied|reviewed)[^\n:]{0,80}:\s*\n+(?P<said>.{2,3000}?)(?:\n\s*\n|\Z)"
)

PLACES: tuple[Place, ...] = (
    Place(
        "facebook",
        "Facebook",
        ("facebookmail.com", "facebook.com", "business.fb.com"),
        ("facebook.com", "fb.com", "fb.me"),
        (
            r"^(?P<who>.{1,80}?) (?:commented on|replied to|mentioned|tagged|recommended|reviewed|sent"
            r"|posted on|wrote on)\b",
            r"^(?P<who>.{1,80}?) hat .{0,60}(?:kommentiert|geantwortet|erwähnt|markiert|bewertet|empfohlen)",
        ),
        (_IN_QUOTES, _BELOW_COLON),
        ("comment", "posts", "story", "permalink", "review", "messages"),
    ),
    Place(
        "instagram",
        "Instagram",
        ("mail.instagram.com", "instagram.com"),
        ("instagram.com",),
        (r"^@?(?P<who>[\w.]{1,30}) (?:commented|mentioned|replied|tagged|sent|hat )",),
        (
            _IN_QUOTES,
            r"^@?(?P<who>[\w.]{1,30}) (?:commented|mentioned you in a comment): (?P<said>.{2,2000}?)$",
        ),
        ("/p/", "/reel/", "comments", "direct"),
    ),
    Place(
        "linkedin",
        "LinkedIn",
        ("linkedin.com",),
        ("linkedin.com",),
        (r"^(?P<who>.{1,80}?) (?:commented on|mentioned|replied to|tagged|shared|hat )\b",),
        (_IN_QUOTES, _BELOW_COLON),
        ("comment", "feed/update", "posts"),
    ),
    Place(
        "youtube",
        "YouTube",
        ("youtube.com",),
        ("youtube.com", "youtu.be"),
        (
            r"^(?:New comment from |Neuer Kommentar von )(?P<who>.{1,80}?)(?: on| zu|:|$)",
            r"^(?P<who>.{1,80}?) (?:commented on|replied to|mentioned)\b",
        ),
        (_IN_QUOTES, _BELOW_COLON),
        ("lc=", "comments", "watch"),
    ),
    Place(
        "tiktok",
        "TikTok",
        ("tiktok.com",),
        ("tiktok.com",),
        (r"^@?(?P<who>[\w.]{1,30}) (?:commented|mentioned|replied|tagged)",),
        (_IN_QUOTES, _BELOW_COLON),
        ("comment", "/video/"),
    ),
    Place(
        "x",
        "X",
        ("x.com", "twitter.com", "e.twitter.com"),
        ("x.com", "twitter.com", "t.co"),
        (
            r"\(@(?P<who>\w{1,15})\) (?:replied|mentioned|quoted|sent|has sent|hat )",
            r"^(?P<who>.{1,80}?) (?:replied to|mentioned|quoted|sent)\b",
        ),
        (_IN_QUOTES, r"@\w{1,15}\)?\s*\n+(?P<said>.{2,3000}?)(?:\n\s*\n|\Z)"),
        ("/status/", "messages"),
    ),
    Place(
        "reddit",
        "Reddit",
        ("redditmail.com", "reddit.com"),
        ("reddit.com", "redd.it"),
        (r"^u/(?P<who>[\w-]{2,20}) (?:replied|mentioned|commented|sent)", r"from u/(?P<who>[\w-]{2,20})"),
        (
            r"u/(?P<who>[\w-]{2,20})[^\n]{0,80}\n+(?P<said>.{2,3000}?)(?:\n\s*\n|\Z)",
            _IN_QUOTES,
        ),
        ("/comments/", "message"),
    ),
    Place(
        "google-reviews",
        "Google Business",
        (
            "businessprofile-noreply@google.com",
            "google-my-business-noreply@google.com",
            "noreply-local-guides@google.com",
            "businessprofile.google.com",
        ),
        ("business.google.com", "google.com", "g.page", "goo.gl"),
        (
            r"^(?P<who>.{1,80}?) (?:left a review|reviewed|wrote a review|hat .{0,60}(?:Rezension|bewertet))",
            r"(?:review|Rezension) (?:from|by|von) (?P<who>.{1,80}?)(?: for| on| für|$)",
        ),
        (_IN_QUOTES, _BELOW_COLON),
        ("review",),
    ),
    Place(
        "trustpilot",
        "Trustpilot",
        ("trustpilot.com", "trustpilotmail.com"),
        ("trustpilot.com",),
        (
            r"(?:review|Bewertung) (?:from|by|von) (?P<who>.{1,80}?)(?:[:!.]|$)",
            r"^(?P<who>.{1,80}?) (?:reviewed|wrote|hat )",
        ),
        (_IN_QUOTES, _BELOW_COLON),
        ("review",),
    ),
    Place(
        "tripadvisor",
        "Tripadvisor",
        ("tripadvisor.com", "e.tripadvisor.com", "tripadvisor.de", "tripadvisor.fr", "tripadvisor.es"),
        ("tripadvisor.com", "tripadvisor.de", "tripadvisor.fr", "tripadvisor.es", "tripadvisor.co.uk"),
        (
            r"(?:review|Bewertung) (?:from|by|von) (?P<who>.{1,80}?)(?:[:!.]|$)",
            r"^(?P<who>.{1,80}?) (?:reviewed|wrote|hat )",
        ),
        (_IN_QUOTES, _BELOW_COLON),
        ("review", "ManagementResponse"),
    ),
    Place(
        "app-store",
        "App Store",
        ("email.apple.com", "appstoreconnect@apple.com", "no_reply@email.apple.com"),
        ("appstoreconnect.apple.com", "apps.apple.com"),
        (r"review (?:from|by) (?P<who>.{1,80}?)(?: for|:|$)",),
        (_IN_QUOTES, _BELOW_COLON),
        ("ratings", "review"),
    ),
    Place(
        "google-play",
        "Google Play",
        ("noreply-play-developer-console@google.com", "googleplay-developer-noreply@google.com"),
        ("play.google.com",),
        (r"review (?:from|by) (?P<who>.{1,80}?)(?: for|:|$)",),
        (_IN_QUOTES, _BELOW_COLON),
        ("review", "reply"),
    ),
    Place(
        "etsy",
        "Etsy",
        ("etsy.com",),
        ("etsy.com",),
        (
            r"(?:message|Nachricht) (?:from|von) (?P<who>.{1,80}?)(?: about| zu|[:!.]|$)",
            r"^(?P<who>.{1,80}?) (?:left|reviewed|sent|wrote|messaged)\b",
        ),
        (_IN_QUOTES, _BELOW_COLON),
        ("messages", "conversations", "reviews"),
    ),
    Place(
        "amazon",
        "Amazon",
        (
            "marketplace.amazon.com",
            "marketplace.amazon.de",
            "marketplace.amazon.co.uk",
            "amazon.com",
            "amazon.de",
            "amazon.co.uk",
            "amazon.fr",
            "amazon.es",
        ),
        ("amazon.com", "amazon.de", "amazon.co.uk", "amazon.fr", "amazon.es", "sellercentral.amazon.com"),
        (
            r"(?:from|by|von) (?:Amazon (?:customer|Kunde|seller) )?(?P<who>.{1,60}?)(?: \(|[:!.]|$)",
            r"^(?P<who>.{1,80}?) (?:reviewed|asked|wrote)\b",
        ),
        (_IN_QUOTES, r"(?:Message|Nachricht):\s*\n+(?P<said>.{2,3000}?)(?:\n\s*\n|\Z)", _BELOW_COLON),
        ("messaging", "review", "feedback"),
    ),
)

COMPILED = {
    place.key: (
        tuple(re.compile(pattern, re.IGNORECASE) for pattern in place.subjects),
        tuple(re.compile(pattern, re.IGNORECASE | re.MULTILINE | re.DOTALL) for pattern in place.words),
    )
    for place in PLACES
}


def place_of(address: str) -> Place | None:
    """The place whose notifications come from this address."""
    domain = address.rpartition("@")[2]
    for place in PLACES:
        if any(address == sender or _is_below(domain, sender) for sender in place.senders):
            return place
    return None


def leads_there(place: Place, host: str) -> bool:
    return any(_is_below(host, known) for known in place.links)


def _is_below(domain: str, parent: str) -> bool:
    return domain == parent or domain.endswith(f".{parent}")
