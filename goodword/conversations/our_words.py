"""How is what we said kept: as a post of ours in the thread, like any other that is heard?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from goodword.channels import base
from goodword.conversations import threads
from goodword.listening import ingest
from goodword.listening.models import Connection, Post
from goodword.team.models import Brand


def keep(
    answered: Post,
    text: str,
    native_id: str,
    *,
    at: datetime,
    now: datetime,
    url: str = "",
    reference: Mapping[str, Any] | None = None,
    connection: Connection | None = None,
) -> Post | None:
    """Our answer to `answered`, as a post; hearing it again changes nothing. None if it is not kept."""
    said = base.Post(
        native_id=native_id,
        author=_us(answered.brand, connection),
        text=text,
        at=at,
        url=url,
        parent=answered.native_id,
        root=answered.root,
        visibility=base.Visibility(answered.visibility),
        ours=True,
        reference=reference or {},
    )
    ingest.take_in(answered.brand, answered.channel, [base.Seen(said)], now=now, connection=connection)
    return threads.find_post(answered.brand_id, answered.channel, native_id)


def _us(brand: Brand, connection: Connection | None) -> base.Author:
    if connection is None:
        return base.Author(f"brand:{brand.pk}", name=brand.name)
    return base.Author(
        connection.native_id or f"connection:{connection.pk}", connection.handle, connection.name
    )
