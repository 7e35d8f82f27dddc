"""What does the network call its things, and how do we say what it means by them?"""

import re
from datetime import UTC, datetime

POST, LIKE, FACET = "app.bsky.feed.post", "app.bsky.feed.like", "app.bsky.richtext.facet"
POST_URI = re.compile(rf"at://(did:[a-z]+:[\w.:%-]{{1,256}})/{re.escape(POST)}/([\w.~:-]{{1,512}})", re.ASCII)
# A post as browsers name it, by its author's handle or number.
POST_PAGE = re.compile(
    r"https?://(?:[\w.-]{1,100}\.)?bsky\.app/profile/([\w.:%-]{1,256})/post/([\w.~:-]{1,512})/?(?:[?#].*)?",
    re.ASCII,
)
OPEN_SERVICE = "https://public.api.bsky.app"  # shows to anybody what is public
PROFILE = "app.bsky.actor.profile/self"
WEB = "https://bsky.app/profile"
PICTURES = "https://cdn.bsky.app/img/feed_fullsize/plain"
VIDEOS = "https://video.bsky.app/watch"
FIRST_WORDS = datetime(2022, 11, 1, tzinfo=UTC)  # nothing was said on Bluesky before
ABOVE = 10  # posts above the one that turns to us: enough to see what it is about
MAX_PICTURE = 1_000_000  # bytes, the network's own limit
NO_SIGN_IN = "Bluesky did not accept the handle and app password: make a new app password and enter it here."
TOO_MUCH = "Bluesky asks us to wait: too much was asked of it."
GAPS = {
    "FutureCursor": "Bluesky's live stream began anew: edits and deletes before may have been missed.",
    "OutdatedCursor": "We were away longer than Bluesky's live stream reaches back: edits may be missed.",
}
UNREADABLE = "Our place in Bluesky's live stream could not be read: something may have been missed."
TOO_MANY = "More was said while we were away than Bluesky lets us read again."
CLOSED = {
    "limited": "The author has limited who may reply.",
    "blocked": "They have blocked this account, or it has blocked them.",
}
