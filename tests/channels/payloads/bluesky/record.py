"""Record these payloads anew: `python -m tests.channels.payloads.bluesky.record`, in the project's root.

A short scene is played on a real Bluesky network (see tests/servers). What its firehose and its AppView
said is kept byte for byte; who is who stands in cast.json.
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import httpx
import libipld
from PIL import Image
from websockets.sync.client import connect

from tests.servers.bluesky_network import BlueskyNetwork, Somebody, bluesky, eventually

HERE = Path(__file__).parent


def record(network: BlueskyNetwork) -> None:
    brand, ada, uma = (network.person(name) for name in ("brand", "ada", "uma"))
    cast = {"brand": brand.did, "ada": ada.did, "uma": uma.did}
    before = _frames(network, after=0)[-1][0]
    _play(brand, ada, uma)
    (HERE / "cast.json").write_text(json.dumps(cast, indent=1))
    for name, (_, frame) in zip(SCENE, _frames(network, before), strict=False):
        (HERE / f"{name}.frame").write_bytes(frame)
    (HERE / "future_cursor.frame").write_bytes(_first_frame(network, after=99_999))
    _keep(
        "wrong_password", httpx.post(f"{network.service}/xrpc/com.atproto.server.createSession", json=WRONG)
    )


SCENE = [
    "ours",
    "mention",
    "reply",
    "picture",
    "quote",
    "closing",
    "gate",
    "edited",
    "deleted",
    "handle",
    "deactivated",
    "active",
]
WRONG = {"identifier": "brand.test", "password": "wrong"}


def _play(brand: Somebody, ada: Somebody, uma: Somebody) -> None:
    ours = brand.says("New beans are in! 🫘 What shall we roast first?")
    mention = ada.says("Hey @brand.test — love your beans 🫘! Do you ship abroad?", mentioning=(brand,))
    ada.says("The dark ones, please.", to=ours)
    uma.shows("My morning cup", _picture(), alt="A white cup of black coffee")
    uma.says("Look at this", quoting=ours)
    closed = uma.says("Beans that arrived late, again")
    uma.closes_thread(closed.uri)
    eventually(lambda: len(_ask(brand, "app.bsky.notification.listNotifications")["notifications"]) == 3)
    eventually(lambda: _is_closed(brand, closed.uri))
    _keep("notifications", _asked(brand, "app.bsky.notification.listNotifications"))
    _keep("search", _asked(brand, "app.bsky.feed.searchPosts", q="beans", sort="latest"))
    _keep("thread", _asked(brand, "app.bsky.feed.getPostThread", uri=_reply(ada), parentHeight=10))
    _keep("closed_thread", _asked(brand, "app.bsky.feed.getPostThread", uri=closed.uri, depth=0))
    _keep("profiles", _asked(brand, "app.bsky.actor.getProfiles", actors=[ada.did, uma.did]))
    _keep("our_records", _asked(brand, "com.atproto.repo.listRecords", repo=brand.did, collection=POSTS))
    ada.edits(mention.uri, "Hey @brand.test — love your beans! Do you ship to Norway?")
    ada.deletes(mention.uri)
    ada.takes_handle("adamarie.test")
    uma.leaves()
    uma.returns()


POSTS = "app.bsky.feed.post"


def _reply(ada: Somebody) -> str:
    return str(next(post.uri for post in ada.posts() if post.value.reply))


def _is_closed(seen_by: Somebody, uri: str) -> bool:
    thread = _ask(seen_by, "app.bsky.feed.getPostThread", uri=uri)["thread"]
    return bool(thread["post"]["viewer"].get("replyDisabled"))


def _picture() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (12, 8), "white").save(kept, "PNG")
    return kept.getvalue()


def _asked(who: Somebody, name: str, **parameters: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {who.client._session.access_jwt}"}
    return httpx.get(f"{who.network.service}/xrpc/{name}", params=parameters, headers=headers)


def _ask(who: Somebody, name: str, **parameters: Any) -> Any:
    return _asked(who, name, **parameters).json()


def _keep(name: str, answer: httpx.Response) -> None:
    (HERE / f"{name}.json").write_text(json.dumps(answer.json(), indent=1, ensure_ascii=False) + "\n")


def _frames(network: BlueskyNetwork, after: int) -> list[tuple[int, bytes]]:
    with connect(f"{network.firehose}/xrpc/com.atproto.sync.subscribeRepos?cursor={after}") as firehose:
        frames = []
        try:
            while True:
                data = firehose.recv(timeout=2)
                assert isinstance(data, bytes)
                frames.append((libipld.decode_dag_cbor_multi(data)[1]["seq"], data))
        except TimeoutError:
            return frames


def _first_frame(network: BlueskyNetwork, after: int) -> bytes:
    with connect(f"{network.firehose}/xrpc/com.atproto.sync.subscribeRepos?cursor={after}") as firehose:
        data = firehose.recv(timeout=5)
        assert isinstance(data, bytes)
        return data


if __name__ == "__main__":
    with bluesky() as network:
        record(network)
