"""How much do we take of a feed, how often do we look, and what do we say of one that does not work?"""

from datetime import timedelta

MAX_FEED = 8_000_000  # bytes, unpacked; a podcast's feed with a thousand episodes is about as large
FETCH_WITHIN = 20.0  # seconds for a whole feed, with its redirects
FIND_WITHIN = 4.5  # seconds for a person who typed a name and waits
CHECK_WITHIN = 9.0  # seconds for a person who connects
AT_ONCE = 4  # sites asked at the same time; the feeds of one site wait for each other

DEEPEST = 200  # elements within elements; honest ones stay below thirty
MOST_ELEMENTS = 60_000  # of one document: a thousand entries of sixty
MOST_ATTRIBUTES = 200  # of one element
MOST_PIECES = 400_000  # tags, signs and lines; a parser stops at each, and a long feed has a tenth of them
MOST_ENTRIES = 1_000  # of one document that are read
KEPT_ENTRIES = 300  # newest of them that are heard and remembered

USUAL_PACE = timedelta(minutes=15)
FASTEST_PACE, SLOWEST_PACE = timedelta(minutes=5), timedelta(hours=6)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=10), timedelta(hours=12)  # after trouble
SOUGHT_ANEW_AFTER = 3  # failures; then the site is asked anew where its feed is
NOT_SOON = timedelta(days=1)  # what is gone for good is asked for once a day

OLD = timedelta(days=3)  # an entry that first shows up so late is no news: its feed was rearranged
BELOW_FOR = timedelta(days=14)  # so long the comments of an entry that matters are asked for
MOST_BELOW = 50  # entries whose comments are
MOST_SEARCHES = 10  # of a brand's queries that each place is asked for

LEASE = timedelta(days=10)  # asked for; a hub may grant less, and tells it to the address that it calls only
RENEW_AFTER = timedelta(days=1)  # so it is asked anew long before the usual ends

NO_FEED = "There is no feed at this address, and its page names none."
NOT_XML = "What lies at this address is no feed that we can read."
BOMB = "This feed declares entities of its own, as attackers do: it was not read."
TOO_DEEP = "This feed is nested far deeper than any honest one: it was not read."
ODD = "This feed is made as no honest one is: it was not read."
CUT_OFF = "This feed ends in the middle: what was whole before was read."
GONE = "This feed is gone for good, says its site."
MISSING = "There is nothing at this address any more (404)."
LOCKED = "This feed is not open to everybody: its site asks for a sign-in or turns us away (%(status)s)."
BUSY = "This site asks us to come back later."
BROKEN = "This site has a fault of its own just now (%(status)s)."
NOTHING_GIVEN = "Give the address of at least one feed or site, or choose a place to search."
NONE_ANSWERED = "None of the places that can be searched answered."
NO_ANSWERS = "A feed takes no answers. Answer on its page, and note here what you said."
