"""Which page does an address mean, whatever an app, a newsletter or a phone has hung onto it?

Pure: nothing here opens an address. What cannot be one is "" everywhere, and no text raises.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from .base import clean_text

LONGEST = 2000  # characters of an address: what browsers and our columns hold

# What tells where a click came from, and nothing of the page.
TRACKING = re.compile(
    r"utm_.*|pk_.*|mtm_.*|hsa_.*|mc_[ce]id|_ga|_gl|_hs\w+|[fg]bclid|gclid|dclid|msclkid|twclid|ttclid|yclid"
    r"|igshid?|igsh|si|spm|ref|ref_\w+|referrer|source|share_\w+|shared|feature|trk|trackingid|rcm|rdt|cmpid"
    r"|__\w+__|locale_override|is_from_webapp|sender_device|web_id",
    re.IGNORECASE,
)
# Of these hosts alone: there they only say which app the link was copied in.
TRACKING_AT = {"x.com": {"s", "t"}, "tiktok.com": {"_t", "_r"}, "youtube.com": {"t", "pp"}}

SAME_SITE = re.compile(r"(?:(?:www\d?|m|mobile|old|new|np|amp|touch|web)\.)+(?=[^.]+\.)", re.IGNORECASE)
ALIASES = {"twitter.com": "x.com", "youtu.be": "youtube.com", "news.ycombinator.org": "news.ycombinator.com"}

# A place within a page that is somebody's words: "#comment-12", "#issuecomment-99". Others only scroll.
SAYING = re.compile(r"[a-z_]{0,40}?(?:comment|post|reply|answer|msg|message|note|review|p|c|r)[-_]?\d+", re.I)
IN_TEXT = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?'\])}…]", re.IGNORECASE)
LONG_NAME = 8  # characters: the last part of a path that is a post's own id, not "latest" or "2"


def normal_address(address: str) -> str:
    """The one way to write the address of a page: two links to it are the same text. "" if it is none."""
    parts = _parts(address)
    if parts is None:
        return ""
    host, path, query = _site(parts), parts.path, parts.query
    if (parts.hostname or "").removeprefix("www.") == "youtu.be":
        path, query = "/watch", f"v={path.strip('/')}&{query}"
    wanted = [pair for pair in parse_qsl(query, keep_blank_values=True) if not _is_tracking(pair[0], host)]
    query = f"?{urlencode(sorted(wanted))}" if wanted else ""
    fragment = f"#{parts.fragment}" if SAYING.fullmatch(parts.fragment) else ""
    return f"https://{host}{_port(parts)}{_normal_path(path)}{query}{fragment}"


def same_page(one: str, other: str) -> bool:
    """Do both lead to the same words? A post may be called by its author's name or number in between."""
    one, other = normal_address(one), normal_address(other)
    if not one or not other:
        return False
    if one == other:
        return True
    first, second = urlsplit(one), urlsplit(other)
    name, last = first.path.rpartition("/")[2], second.path.rpartition("/")[2]
    return first.netloc == second.netloc and name == last and len(name) >= LONG_NAME and not first.query


def host_of(address: str) -> str:
    """The site, without "www." and its like: "reddit.com". "" if it is no address."""
    parts = _parts(address)
    return _site(parts) if parts else ""


def address_in(*texts: str) -> str:
    """The first web address in what a phone shared: it often puts it into the text."""
    for text in texts:
        if found := IN_TEXT.search(clean_text(text)):
            return found[0] if _parts(found[0]) else ""
    return ""


def _parts(address: str) -> SplitResult | None:
    address = clean_text(address).strip()
    if not address.lower().startswith(("https://", "http://")) or len(address) > LONGEST:
        return None
    try:
        parts = urlsplit(address)
        _ = parts.port, parts.hostname  # they are read, and may turn out broken, only when asked for
    except ValueError:
        return None
    return parts if parts.hostname and "." in parts.hostname and not re.search(r"\s", parts.netloc) else None


def _site(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if found := SAME_SITE.match(host):
        host = host[found.end() :]
    try:
        host = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        host = quote(host).lower()
    return ALIASES.get(host, host)


def _port(parts: SplitResult) -> str:
    return f":{parts.port}" if parts.port not in (None, 80, 443) else ""


def _normal_path(path: str) -> str:
    return quote(unquote(path), safe="/:@!$&'()*+,;=-._~").rstrip("/")


def _is_tracking(name: str, host: str) -> bool:
    return bool(TRACKING.fullmatch(name)) or name in TRACKING_AT.get(host, ())
