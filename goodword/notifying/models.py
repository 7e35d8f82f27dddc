"""What happened that somebody should hear of, who is told, and by which way did it go out?"""

from __future__ import annotations

import hashlib
from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _

from goodword.conversations.models import Conversation, Delivery, Note
from goodword.listening.models import Connection
from goodword.notifying.kinds import Kind, Way, When
from goodword.store.sentences import SentenceField
from goodword.team.models import Brand, Teammate, User


class Occasion(models.Model):
    """Something happened. Its words are made when they are read: what is forgotten there is not kept here.

    `key` names it, so that finding it twice makes it once.
    """

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="occasions")
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=100)
    at = models.DateTimeField()
    by = models.ForeignKey(Teammate, models.SET_NULL, null=True, blank=True, related_name="+")
    conversation = models.ForeignKey(Conversation, models.CASCADE, null=True, related_name="occasions")
    note = models.ForeignKey(Note, models.CASCADE, null=True, related_name="+")
    delivery = models.ForeignKey(Delivery, models.CASCADE, null=True, related_name="+")
    connection = models.ForeignKey(Connection, models.CASCADE, null=True, related_name="+")
    chat = models.ForeignKey("ChatHook", models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "key"], name="happened_once")]
        indexes = [models.Index(fields=["brand", "-at"], name="occasion_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


# What is read together with an occasion, to say it in words.
WITH_OCCASION = (
    "occasion__brand",
    "occasion__by__user",
    "occasion__conversation__profile",
    "occasion__note",
    "occasion__delivery",
    "occasion__connection",
    "occasion__chat",
)


class Notice(models.Model):
    """A teammate is told. `in_app` is false where they hear of it by other ways only."""

    occasion = models.ForeignKey(Occasion, models.CASCADE, related_name="notices")
    to = models.ForeignKey(Teammate, models.CASCADE, related_name="notices")
    made_at = models.DateTimeField()
    in_app = models.BooleanField(default=True)
    in_digest = models.BooleanField(default=False, help_text="waits for the next letter of the morning")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["occasion", "to"], name="told_once")]
        indexes = [
            models.Index(fields=["to", "-made_at", "-id"], name="notice_newest"),
            models.Index(fields=["to"], condition=models.Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.occasion} to {self.to}"


class Preference(models.Model):
    """A teammate chose otherwise than the table in kinds.py."""

    teammate = models.ForeignKey(Teammate, models.CASCADE, related_name="preferences")
    kind = models.CharField(max_length=10, choices=Kind)
    way = models.CharField(max_length=4, choices=Way)
    when = models.CharField(max_length=7, choices=When)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["teammate", "kind", "way"], name="one_choice_each")]

    def __str__(self) -> str:
        return f"{self.kind} by {self.way}: {self.when}"


class Habits(models.Model):
    """When does this teammate want to be left in peace, and when does the letter of the morning come?"""

    teammate = models.OneToOneField(Teammate, models.CASCADE, related_name="habits", primary_key=True)
    quiet_from = models.TimeField(null=True, blank=True, default=time(20))
    quiet_until = models.TimeField(null=True, blank=True, default=time(7))
    quiet_weekends = models.BooleanField(default=True)
    digest_at = models.TimeField(default=time(8))
    digest_weekends = models.BooleanField(default=False)
    names_on_devices = models.BooleanField(default=True, help_text="who wrote, on a locked screen")
    digested_on = models.DateField(null=True, blank=True, help_text="the reader's own date")

    class Meta:
        verbose_name_plural = "habits"

    def __str__(self) -> str:
        return f"habits of {self.teammate}"


class PushSubscription(models.Model):
    """A browser that may be woken. It ends with the sign-in in which it was made."""

    user = models.ForeignKey(User, models.CASCADE, related_name="push_subscriptions")
    endpoint = models.TextField()
    endpoint_hash = models.CharField(max_length=64, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    device = models.CharField(max_length=60, blank=True, help_text="as the reader would call it")
    session_hash = models.CharField(max_length=200, help_text="of the sign-in: a new password ends it")
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.device

    @staticmethod
    def hash_of(endpoint: str) -> str:
        return hashlib.sha256(endpoint.encode()).hexdigest()


class ChatHook(models.Model):
    """A channel of the team's own chat that hears what happens. Its address is a secret like a password."""

    class Flavour(models.TextChoices):
        SLACK = "slack", "Slack"
        DISCORD = "discord", "Discord"
        MATTERMOST = "mattermost", "Mattermost, Rocket.Chat"
        GOOGLE = "google", "Google Chat"
        TEAMS = "teams", "Microsoft Teams"
        SIGNED = "signed", _("Your own program, by signed JSON")

    class Carries(models.TextChoices):
        LINK = "link", _("What happened, and a link")
        WORDS = "words", _("Also who it was and the beginning of what they said")

    class State(models.TextChoices):
        ON = "on", _("on")
        OFF = "off", _("switched off")
        FAILED = "failed", _("gave up after three days")

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="chat_hooks")
    name = models.CharField(max_length=100)
    flavour = models.CharField(max_length=10, choices=Flavour)
    locked = models.TextField(help_text="address and signing secret, with the key outside the database")
    place = models.CharField(max_length=200, help_text="the host, to be shown")
    kinds = models.JSONField(default=list)
    carries = models.CharField(max_length=5, choices=Carries, default=Carries.LINK)
    state = models.CharField(max_length=6, choices=State, default=State.ON)
    trouble = SentenceField(blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    reached_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(Teammate, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Dispatch(models.Model):
    """One notice on its way to one device or mailbox, or one occasion on its way to a chat.

    Like a Delivery it waits on its row: claimed with a lease, tried again after trouble, done once.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to go out")
        SENT = "sent", _("sent")
        DROPPED = "dropped", _("not needed any more")
        FAILED = "failed", _("not sent")

    class By(models.TextChoices):
        MAIL = "mail"
        PUSH = "push"
        CHAT = "chat"

    by = models.CharField(max_length=4, choices=By)
    occasion = models.ForeignKey(Occasion, models.CASCADE, related_name="dispatches")
    notice = models.ForeignKey(Notice, models.CASCADE, null=True, related_name="dispatches")
    subscription = models.ForeignKey(PushSubscription, models.CASCADE, null=True, related_name="dispatches")
    chat = models.ForeignKey(ChatHook, models.CASCADE, null=True, related_name="dispatches")

    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    made_at = models.DateTimeField()
    not_before = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "dispatches"
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "by", "subscription"],
                condition=models.Q(subscription__isnull=False),
                name="pushed_once_per_device",
            ),
            models.UniqueConstraint(fields=["notice"], condition=models.Q(by="mail"), name="mailed_once"),
            models.UniqueConstraint(
                fields=["occasion", "chat"], condition=models.Q(by="chat"), name="told_a_chat_once"
            ),
        ]
        indexes = [
            models.Index(fields=["not_before"], condition=models.Q(state="waiting"), name="dispatch_due")
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.state}"


class Bookmark(models.Model):
    """How far the rows of a table were looked through for occasions."""

    table = models.CharField(max_length=20, primary_key=True)
    upto = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.table} up to {self.upto}"
