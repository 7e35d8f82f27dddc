"""What does the network say? From its bytes and records to events, without asking anybody."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from .. import base
from ..base import Author, Edited, Event, Media, Post, Seen, Watch
from ..reading import items, mapping, mappings, moment, number, short, text, web_address
from .names import ABOVE, FIRST_WORDS, PICTURES, POST, POST_URI, PROFILE, UNREADABLE, VIDEOS, WEB
from .records import strong_of, written_time


@dataclass(frozen=True)
class Place:
    """Where we stand: in the firehose, and in time for what we ask. Written down, it is the cursor."""

    began: datetime  # what is older is history, also in a stream that we read from its beginning
    seq: int | None = None
    since: datetime | None = None

    def written(self) -> str:
        times = {"began": written_time(self.began), "since": self.since and written_time(self.since)}
        return json.dumps({"seq": self.seq, **times})

    @classmethod
    def read(cls, cursor: str | None, now: datetime) -> tuple[Place, str]:
        """The place, and what we miss if the cursor cannot be read."""
        if cursor is None:
            return cls(now), ""
        try:
            kept = json.loads(cursor)
            seq, since = kept["seq"], kept["since"]
            began = datetime.fromisoformat(kept["began"])
            return cls(began, seq and int(seq), since and datetime.fromisoformat(since)), ""
        except (ValueError, TypeError, KeyError):
            return cls(now), UNREADABLE


@dataclass(frozen=True)
class Frame:
    """One message of the firehose: its place in the stream, and what it tells us."""

    at: datetime
    seq: int | None = None
    events: tuple[Event, ...] = ()
    trouble: str = ""  # the network's own word, such as FutureCursor


def parse_frame(data: bytes, me: str, watch: Watch, now: datetime) -> Frame:
    """Keep of a frame what concerns us. Never raises: one broken frame must not stop the stream."""
    import libipld

    try:
        header, body = map(mapping, libipld.decode_dag_cbor_multi(data))
    except (ValueError, RecursionError):
        return Frame(now)
    at = min(moment(body.get("time"), now), now)
    seq = body["seq"] if isinstance(body.get("seq"), int) else None
    match header.get("t"):
        case "#commit":
            return Frame(at, seq, tuple(_of_commit(body, at, me, watch)))
        case "#account" | "#identity" as kind if watch.knows_author(did := short(body.get("did"))):
            return Frame(at, seq, (_of_author(kind, did, body),))
    return Frame(at, seq, trouble=short(body.get("error") or body.get("name")))


def _of_commit(body: Mapping[str, Any], at: datetime, me: str, watch: Watch) -> Iterator[Event]:
    did, records = short(body.get("repo")), None
    for operation in mappings(body.get("ops")):
        path, cid = short(operation.get("path")), operation.get("cid")
        uri = f"at://{did}/{path}"
        is_post = path.startswith(POST) and POST_URI.fullmatch(uri)
        if is_post and operation.get("action") == "delete" and watch.knows_post(uri):
            yield base.Gone(uri)
        if not isinstance(cid, bytes) or not (is_post or (path == PROFILE and watch.knows_author(did))):
            continue
        records = _records(body.get("blocks")) if records is None else records
        record = mapping(records.get(cid))
        if not is_post:
            name, bio = short(record.get("displayName")), short(record.get("description"))
            yield base.AuthorChanged(replace(_known_by(did), name=name, bio=bio))
            continue
        edited = operation.get("action") == "update" and watch.knows_post(uri)
        if record and (edited or did == me or _concerns(record, me, watch)):
            post = parse_record(uri, _cid(cid), record, at, me)
            yield Edited(post) if edited else Seen(post)


def _of_author(kind: str, did: str, body: Mapping[str, Any]) -> Event:
    if kind == "#identity":
        return base.AuthorChanged(replace(_known_by(did), handle=short(body.get("handle"))))
    if body.get("active") is False:
        return base.AuthorGone(did, short(body.get("status")) or "deactivated")
    return base.AuthorBack(did)


def _records(blocks: Any) -> Mapping[bytes, Any]:
    import libipld

    try:
        return libipld.decode_car(blocks)[1]
    except (ValueError, TypeError, RecursionError):
        return {}


def _concerns(record: Mapping[str, Any], me: str, watch: Watch) -> bool:
    in_our_thread = strong_of(mapping(record.get("reply")).get("root"))[0].startswith(f"at://{me}/")
    return in_our_thread or _addresses(record, me) or watch.interested(text(record.get("text")))


def _addresses(record: Mapping[str, Any], me: str) -> bool:
    """Does the post mention us, answer us or quote us?"""
    answered, quoted = strong_of(mapping(record.get("reply")).get("parent"))[0], _quoted(record)
    ours = f"at://{me}/"
    return answered.startswith(ours) or quoted.startswith(ours) or me in _features(record, "did")


def parse_view(view: Any, me: str, now: datetime) -> tuple[Post, datetime] | None:
    """A post as notifications, searches, threads and lists show it, and when the network took it in."""
    view = mapping(view)
    uri, heard_at = short(view.get("uri")), min(moment(view.get("indexedAt"), now), now)
    if not POST_URI.fullmatch(uri):
        return None
    record = mapping(view.get("record") or view.get("value"))
    post = parse_record(uri, short(view.get("cid")), record, heard_at, me)
    author = parse_author(view.get("author"))
    if author.native_id == post.author.native_id:
        post = replace(post, author=author)
    post = replace(post, reference={**post.reference, "closed": closed(view)})
    return post, heard_at if "indexedAt" in view else post.at


def parse_thread(answer: Any, me: str, now: datetime) -> list[Post]:
    """The post asked for and those above it, the oldest first."""
    posts: list[Post] = []
    node = mapping(mapping(answer).get("thread"))
    while node and len(posts) <= ABOVE:
        if found := parse_view(node.get("post"), me, now):
            posts.append(found[0])
        node = mapping(node.get("parent"))
    return posts[::-1]


def parse_record(uri: str, cid: str, record: Mapping[str, Any], heard_at: datetime, me: str) -> Post:
    """A record as it lies in its author's repository. `uri` is the address of a post."""
    did, _, key = uri.removeprefix("at://").split("/", 2)
    reply = mapping(record.get("reply"))
    root_uri, root_cid = strong_of(reply.get("root"))
    said_at = moment(record.get("createdAt"), heard_at)  # by the author's clock, unless it cannot be
    return Post(
        native_id=uri,
        author=_known_by(did),
        text=text(record.get("text")),
        at=said_at if FIRST_WORDS <= said_at <= heard_at else heard_at,
        url=f"{WEB}/{did}/post/{key}",
        parent=strong_of(reply.get("parent"))[0],
        root=root_uri or uri,
        addressed=did != me and _addresses(record, me),
        ours=did == me,
        languages=tuple(code[:35] for language in items(record.get("langs")) if (code := short(language))),
        media=tuple(_media(record, did)),
        links=tuple(_links(record)),
        reference={"uri": uri, "cid": cid, "root_uri": root_uri or uri, "root_cid": root_cid or cid},
    )


def parse_author(profile: Any) -> Author:
    profile = mapping(profile)
    return replace(
        _known_by(short(profile.get("did"))),
        handle=short(profile.get("handle")),
        name=short(profile.get("displayName")),
        avatar_url=web_address(profile.get("avatar")),
        bio=short(profile.get("description")),
        followers=number(profile.get("followersCount")),
    )


def closed(view: Mapping[str, Any]) -> str:
    """Why a post as shown to us takes no reply from us: a key of CLOSED, or nothing."""
    relation = mapping(mapping(view.get("author")).get("viewer"))
    if relation.get("blockedBy") or relation.get("blocking") or view.get("blocked"):
        return "blocked"
    return "limited" if mapping(view.get("viewer")).get("replyDisabled") else ""


def _known_by(did: str) -> Author:
    return Author(native_id=did, url=f"{WEB}/{did}")


def _media(record: Mapping[str, Any], did: str) -> Iterator[Media]:
    for embed in _embeds(record):
        for image in mappings(embed.get("images")):
            if cid := _blob(image.get("image")):
                ratio = mapping(image.get("aspectRatio"))
                size = number(ratio.get("width")), number(ratio.get("height"))
                yield Media(f"{PICTURES}/{did}/{cid}@jpeg", "image", short(image.get("alt")), *size)
        if cid := _blob(embed.get("video")):
            yield Media(f"{VIDEOS}/{did}/{cid}/thumbnail.jpg", "video", short(embed.get("alt")))


def _links(record: Mapping[str, Any]) -> Iterator[str]:
    found = [*_features(record, "uri"), *(mapping(e.get("external")).get("uri") for e in _embeds(record))]
    if quoted := POST_URI.fullmatch(_quoted(record)):
        found.append(f"{WEB}/{quoted[1]}/post/{quoted[2]}")
    yield from dict.fromkeys(filter(None, map(web_address, found)))


def _embeds(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The embed, and the media inside it when it also quotes a post."""
    embed = mapping(record.get("embed"))
    return [embed, mapping(embed.get("media"))]


def _quoted(record: Mapping[str, Any]) -> str:
    quoted = mapping(mapping(record.get("embed")).get("record"))
    return strong_of(quoted.get("record") or quoted)[0]


def _features(record: Mapping[str, Any], name: str) -> list[str]:
    """What the facets of a text hold: the `did` of each mention, the `uri` of each link."""
    facets = mappings(record.get("facets"))
    return [short(feature.get(name)) for facet in facets for feature in mappings(facet.get("features"))]


def _blob(blob: Any) -> str:
    """The content hash of a picture: bytes in the firehose, `$link` in JSON."""
    ref = mapping(blob).get("ref")
    return _cid(ref) if isinstance(ref, bytes) else short(mapping(ref).get("$link"))


def _cid(raw: bytes) -> str:
    return "b" + base64.b32encode(raw).decode().lower().rstrip("=")
