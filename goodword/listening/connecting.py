"""How does a brand's account on a channel become a connection, pause, sign in again and leave?"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from goodword.channels.base import Account, Cap, Channel, ChannelError, Health, Unreachable, clean_text
from goodword.listening.models import Connection
from goodword.sentence import Sentence, packed, unpacked
from goodword.store import callback, vault
from goodword.team.authority import Permission, require, write_down
from goodword.team.models import AuditEntry, Teammate

logger = logging.getLogger(__name__)

CHECK_WITHIN = timedelta(seconds=20)  # a person waits for the answer; a place that is up needs two
LONGEST_VALUE = 2000  # characters of one field of the form
LONGEST_LIST = 20_000  # of one that takes a list: some hundred addresses
LOOKED = ("connected", "signed in again", "looked at a connection")  # audit verbs that carry findings


class Incomplete(ValueError):
    """The form cannot be used as it is: a sentence for each field that is wrong."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


class NotConnected(Exception):
    """The account was reached, but this connection must not be made: the text says why."""


@dataclass(frozen=True)
class Findings:
    """What the last look at a connection found, in plain words."""

    at: datetime
    works: tuple[str, ...]
    missing: tuple[str, ...]


# --- acts ------------------------------------------------------------------------------------------


def connect(
    by: Teammate, kind: type[Channel], given: Mapping[str, str], *, now: datetime
) -> tuple[Connection, Health]:
    """Sign in with what the form says, and keep it; the secrets are locked before they are stored.

    Raises Incomplete, NotConnected, or the ChannelError with which the place refused.
    """
    require(by, Permission.MANAGE)
    account = read_form(kind, given)
    health = look(kind(account), within=CHECK_WITHIN)
    with transaction.atomic():
        if _is_known(by, kind, health):
            raise NotConnected(
                _("%(account)s is connected already: you find it in the list.") % {"account": health.handle}
            )
        connection = Connection.objects.create(
            brand=by.brand,
            channel=kind.key,
            name=_name_of(kind, health),
            settings={**account.settings, **health.found},
            secrets=vault.lock(account.secrets),
            native_id=health.native_id,
            handle=health.handle,
            hook=callback.new_token() if Cap.HOOK in kind.caps else None,
            made_by=by,
            made_at=now,
        )
        _write_findings(connection, by, "connected", health, now)
    return connection, health


def sign_in_again(connection: Connection, by: Teammate, given: Mapping[str, str], *, now: datetime) -> Health:
    """New secrets for the same account, for instance after its password was changed: it goes on listening.

    Raises Incomplete, NotConnected, or the ChannelError with which the place refused.
    """
    require(by, Permission.MANAGE)
    account = read_form(connection.kind, given, native_id=connection.native_id)
    health = look(connection.kind(account), within=CHECK_WITHIN)
    if connection.native_id and health.native_id != connection.native_id:
        raise NotConnected(
            _("This is another account: %(account)s. Connect it as a new one.") % {"account": health.handle}
        )
    with transaction.atomic():
        connection.settings = {**account.settings, **health.found}
        connection.secrets = vault.lock(account.secrets)
        connection.native_id, connection.handle = health.native_id, health.handle
        connection.state = Connection.State.ON
        _forget_trouble(connection)
        connection.save(
            update_fields=["settings", "secrets", "native_id", "handle", "state", *_TROUBLE],
        )
        _write_findings(connection, by, "signed in again", health, now)
    return health


def look_again(connection: Connection, by: Teammate | None, *, now: datetime) -> Health:
    """Does it still work? Sends nothing. Raises the ChannelError or vault.WrongKey that says why not."""
    health = look(connection.open(), within=CHECK_WITHIN)
    with transaction.atomic():
        connection.handle = health.handle
        connection.save(update_fields=["handle"])
        _write_findings(connection, by, "looked at a connection", health, now)
    return health


def pause(connection: Connection, by: Teammate, *, now: datetime) -> None:
    """Hear nothing more for now; what was heard stays, and listening goes on from here later."""
    _turn(connection, by, Connection.State.PAUSED, "paused a connection", now)


def resume(connection: Connection, by: Teammate, *, now: datetime) -> None:
    _turn(connection, by, Connection.State.ON, "resumed a connection", now)


def remove(connection: Connection, by: Teammate, *, now: datetime) -> None:
    """Listen no more and forget the secrets for good; what was heard and said stays."""
    require(by, Permission.MANAGE)
    _take_leave(connection)
    with transaction.atomic():
        connection.removed_at, connection.secrets = now, ""
        connection.save(update_fields=["removed_at", "secrets"])
        write_down(connection.brand, by, "removed a connection", connection, now=now, name=connection.name)


def _take_leave(connection: Connection) -> None:
    """Ask the place to call us no more, without waiting: nobody can be made to wait for its answer."""
    if not connection.hook:
        return
    try:
        channel = connection.open()
    except vault.WrongKey:
        return  # nothing can be said in its name
    threading.Thread(target=channel.leave, args=(connection.cursor,), name="leave", daemon=True).start()


def findings_of(connection: Connection) -> Findings | None:
    """What was found when somebody last looked; None before the first look."""
    entries = AuditEntry.objects.filter(
        brand=connection.brand_id, about=f"connection:{connection.pk}", verb__in=LOOKED
    )
    last = entries.order_by("-at", "-pk").first()
    if last is None:
        return None
    works, missing = (tuple(map(unpacked, last.detail.get(name, ()))) for name in ("works", "missing"))
    return Findings(last.at, works, missing)


# --- the form --------------------------------------------------------------------------------------


def read_form(kind: type[Channel], given: Mapping[str, str], *, native_id: str = "") -> Account:
    """What the form of a channel says, secrets apart from settings. Raises Incomplete."""
    values, errors = {}, {}
    for field in kind.fields:
        # A password is taken as typed: a space at its end may belong to it.
        typed = given.get(field.name, "")
        value = clean_text(typed if field.secret else typed.strip())
        if field.required and not value:
            errors[field.name] = _("This is needed.")
        elif len(value) > (limit := LONGEST_LIST if field.kind == "lines" else LONGEST_VALUE):
            errors[field.name] = _("This is too long: at most %(limit)s characters.") % {"limit": limit}
        values[field.name] = value
    if errors:
        raise Incomplete(errors)
    secret = {field.name for field in kind.fields if field.secret}
    return Account(
        settings={name: value for name, value in values.items() if name not in secret},
        secrets={name: value for name, value in values.items() if name in secret},
        native_id=native_id,
        allowed_private=settings.PRIVATE_HOSTS,
    )


def look(channel: Channel, *, within: timedelta) -> Health:
    """What `channel.check()` finds, or Unreachable when it takes longer than a person waits."""
    found: list[Health] = []
    failed: list[Exception] = []
    thread = threading.Thread(target=_look, args=(channel, found, failed), name="check", daemon=True)
    thread.start()
    thread.join(within.total_seconds())
    if failed:
        raise failed[0]
    if not found:
        raise Unreachable(
            Sentence(
                "%(place)s did not answer within %(seconds)s seconds. Check the address, or try again later.",
                place=Sentence(channel.name),
                seconds=int(within.total_seconds()),
            )
        )
    return found[0]


def _look(channel: Channel, found: list[Health], failed: list[Exception]) -> None:
    try:
        found.append(channel.check())
    except ChannelError as error:
        failed.append(error)
    except Exception:
        logger.exception("the check of %s broke", channel.key)
        failed.append(
            ChannelError(
                Sentence(
                    "%(place)s answered in a way that we do not understand.", place=Sentence(channel.name)
                )
            )
        )


def _is_known(by: Teammate, kind: type[Channel], health: Health) -> bool:
    same = Connection.objects.filter(brand=by.brand, channel=kind.key, native_id=health.native_id)
    return bool(health.native_id) and same.filter(removed_at=None).exists()


def _name_of(kind: type[Channel], health: Health) -> str:
    return (health.handle or kind.name)[:200]


def _turn(connection: Connection, by: Teammate, state: str, verb: str, now: datetime) -> None:
    require(by, Permission.MANAGE)
    with transaction.atomic():
        connection.state = state
        _forget_trouble(connection)
        connection.save(update_fields=["state", *_TROUBLE])
        write_down(connection.brand, by, verb, connection, now=now)


_TROUBLE = ("trouble", "trouble_since", "try_again_at")


def _forget_trouble(connection: Connection) -> None:
    connection.trouble, connection.trouble_since, connection.try_again_at = "", None, None


def _write_findings(
    connection: Connection, by: Teammate | None, verb: str, health: Health, now: datetime
) -> None:
    found: dict[str, Any] = {
        "works": [packed(sentence) for sentence in health.works],
        "missing": [packed(sentence) for sentence in health.missing],
    }
    write_down(connection.brand, by, verb, connection, now=now, **found)
