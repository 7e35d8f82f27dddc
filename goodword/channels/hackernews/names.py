"""What does Hacker News call its things, where are they, and what do we say about them?"""

import os
import re
from datetime import timedelta

SITE = "https://news.ycombinator.com"
# Two services tell of it, neither asks for a key: one finds by words, the other knows each item as it is now.
# A mirror (or a test) may answer for both.
MIRROR = os.environ.get("GOODWORD_HACKERNEWS", "").rstrip("/")
SEARCH = MIRROR or "https://hn.algolia.com"
ITEMS = MIRROR or "https://hacker-news.firebaseio.com"

ADDRESS = re.compile(
    r"https?://(?:www\.)?news\.ycombinator\.(?:com|org)/(?:item|reply)/?\?(.*)", re.IGNORECASE
)
ITEM = re.compile(r"[0-9]{1,12}", re.ASCII)
USER = re.compile(r"[\w-]{1,40}", re.ASCII)

ANSWER_WITHIN = 8.0  # seconds for one answer while listening; most come in a tenth of one
FIND_WITHIN = 4.5  # seconds for a person who typed a name and waits
MAX_ANSWER = 5_000_000  # bytes; a thousand long comments are less

HISTORY = timedelta(days=30)  # what was said before we listened
HISTORY_POSTS = 100  # newest of them, for each search
OVERLAP = timedelta(minutes=20)  # the search learns of a comment some minutes late
PAGE, MOST_PAGES = 200, 5  # posts of one answer; answers to one question
FOLLOWED_FOR = timedelta(days=15)  # after two weeks no more comments are taken there
MOST_FOLLOWED = 200  # stories
AT_ONCE = 40  # stories asked for in one question: an address has its limits
REMEMBERED = 500  # posts whose replies we look for
DEEPEST = 40  # answers to answers to answers; hardly anybody gets that far
KNOWN = 5_000  # items that stand above others, kept in memory
ABOVE = 5  # comments above the one that matters: enough to see what it is about
LOOKED_AT = 20  # posts that we keep, looked at again at each poll: are they still there?
MOST_PROFILES = 20  # authors asked for at each poll

NO_ANSWER = "Hacker News did not answer: we try again by ourselves."
NOT_UNDERSTOOD = "Hacker News answered in a way that we do not understand."
TOO_MUCH = "Hacker News asks us to wait: too much was asked of it."
ANSWER_THERE = (
    "Hacker News takes no answers from other programs. Answer on the site, and note here what you said."
)
NO_SUCH_USER = "Hacker News knows no user called %(name)s."
AWAY_TOO_LONG = "More was said on Hacker News while we were away than it lets us read again."
