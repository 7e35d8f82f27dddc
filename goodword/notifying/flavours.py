"""How does each team chat want to be told? One function for each: the same words, its own envelope.

Pure. What people call themselves and what they say is text here, too: it must neither call a whole
channel to arms (@everyone) nor become a link or a heading.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

APART = "\u200b"  # a zero-width space: @channel looks the same and calls nobody


@dataclass(frozen=True)
class ChatWords:
    """What happened, perhaps what was said, and where one can look."""

    kind: str
    brand: str
    title: str
    link: str
    link_words: str
    said: str = ""


@dataclass(frozen=True)
class Envelope:
    body: bytes
    headers: Mapping[str, str]


def envelope(flavour: str, words: ChatWords, *, secret: str, name: str, now: datetime) -> Envelope:
    """What is posted to the chat. `name` is the same for each try of one message."""
    if flavour == "signed":
        return _signed(words, secret, name, now)
    body = json.dumps(FLAVOURS[flavour](words), ensure_ascii=False).encode()
    return Envelope(body, {"Content-Type": "application/json"})


def signature(secret: str, name: str, timestamp: str, body: bytes) -> str:
    """Standard Webhooks: what a receiver computes itself and compares."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{name}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def _slack(words: ChatWords) -> dict[str, Any]:
    lines = [f"*{_slack_text(words.title)}*", *(f">{_slack_text(words.said)}" for _ in [0] if words.said)]
    link = f"<{words.link}|{_slack_text(words.link_words)}>"
    return {"text": "\n".join([*lines, link]), "unfurl_links": False}


def _slack_text(text: str) -> str:
    """Slack's own three escapes; without them <!channel> calls everybody."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _calling_nobody(plain)


def _calling_nobody(text: str) -> str:
    """Neither bold nor a link nor a call: the marks stay, and mean nothing."""
    return _unlinked(re.sub(r"([*_~`@])", APART + r"\1" + APART, text))


def _unlinked(text: str) -> str:
    return text.replace("://", ":" + APART + "//")


def _discord(words: ChatWords) -> dict[str, Any]:
    # 4: no preview of the link. Nobody is called, whatever the words say.
    return {"content": _marked_down(words), "allowed_mentions": {"parse": []}, "flags": 4}


def _mattermost(words: ChatWords) -> dict[str, Any]:
    return {"text": _marked_down(words)}


def _marked_down(words: ChatWords) -> str:
    said = [f"> {_markdown_text(words.said)}"] if words.said else []
    return "\n".join([f"**{_markdown_text(words.title)}**", *said, f"[{words.link_words}]({words.link})"])


def _markdown_text(text: str) -> str:
    escaped = re.sub(r"([\\`*_{}\[\]()#+!|~<>-])", r"\\\1", text)
    return _unlinked(escaped.replace("@", "@" + APART))


def _google(words: ChatWords) -> dict[str, Any]:
    said = [_google_text(words.said)] if words.said else []
    link = f"<{words.link}|{words.link_words}>"
    return {"text": "\n".join([f"*{_google_text(words.title)}*", *said, link])}


def _google_text(text: str) -> str:
    """It knows no escapes: <users/all> must not stay one."""
    return _calling_nobody(text.replace("<", "‹").replace(">", "›"))


def _teams(words: ChatWords) -> dict[str, Any]:
    texts = [(words.title, "bolder"), *([(words.said, "default")] if words.said else [])]
    # Text runs know no markup, unlike text blocks.
    blocks = [
        {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, "weight": weight}]}
        for text, weight in texts
    ]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": blocks,
        "actions": [{"type": "Action.OpenUrl", "title": words.link_words, "url": words.link}],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "attachments": [attachment]}


def _signed(words: ChatWords, secret: str, name: str, now: datetime) -> Envelope:
    said = {"said": words.said} if words.said else {}
    data = {"brand": words.brand, "title": words.title, "link": words.link, **said}
    event = {"type": f"goodword.{words.kind}", "timestamp": now.isoformat(), "data": data}
    body = json.dumps(event, ensure_ascii=False).encode()
    timestamp = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature(secret, name, timestamp, body),
    }
    return Envelope(body, headers)


FLAVOURS: dict[str, Callable[[ChatWords], dict[str, Any]]] = {
    "slack": _slack,
    "discord": _discord,
    "mattermost": _mattermost,
    "google": _google,
    "teams": _teams,
}
