"""What is being said between us and people, and what did we do about it?"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from goodword.listening.models import Connection, Post, PostQuerySet
from goodword.people.models import Profile
from goodword.store.sentences import SentenceField
from goodword.team.models import Brand, Teammate


class State(models.TextChoices):
    OPEN = "open", _("Open")  # somebody waits for us
    PENDING = "pending", _("Pending")  # we answered, and wait for them
    SNOOZED = "snoozed", _("Snoozed")
    RESOLVED = "resolved", _("Resolved")


class Conversation(models.Model):
    """A thread that became work. Its posts are those of the same brand, channel and root."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="conversations")
    connection = models.ForeignKey(Connection, models.SET_NULL, null=True, related_name="conversations")
    channel = models.CharField(max_length=40)
    root = models.CharField(max_length=500)
    profile = models.ForeignKey(Profile, models.CASCADE, related_name="conversations")  # who waits, or began
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    assignee = models.ForeignKey(Teammate, models.SET_NULL, null=True, blank=True, related_name="+")
    snoozed_until = models.DateTimeField(null=True, blank=True)

    latest = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="+")
    latest_at = models.DateTimeField()
    opened_at = models.DateTimeField()

    # Kept by triage.py, renewed whenever something happens; see docs/architecture.md.
    waiting_since = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    rank_at = models.DateTimeField(null=True, blank=True, help_text="due_at minus the head starts")
    factors = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "channel", "root"], name="one_conversation_per_thread")
        ]
        indexes = [
            models.Index(fields=["brand", "state", "rank_at", "id"], name="conversation_ranked"),
            models.Index(fields=["brand", "state", "-latest_at", "-id"], name="conversation_latest"),
            models.Index(fields=["brand", "-latest_at", "-id"], name="conversation_all"),
            models.Index(fields=["profile", "-latest_at"], name="conversation_profile"),
        ]

    def __str__(self) -> str:
        return f"{self.profile} on {self.channel}"

    @property
    def posts(self) -> PostQuerySet:
        return Post.objects.filter(brand_id=self.brand_id, channel=self.channel, root=self.root).order_by(
            "at", "pk"
        )


class Wait(models.Model):
    """Somebody said something that deserves an answer, and since then waits for it.

    One row for each stretch of waiting, so that clocks and metrics are counted from rows.
    """

    class End(models.TextChoices):
        REPLY = "reply"  # a person of ours answered
        THANKS = "thanks"  # a like was answer enough
        NO_REPLY = "no_reply"  # resolved without a reply
        NOT_OURS = "not_ours"  # not for us, spam, or let them talk
        GONE = "gone"  # deleted at the source

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="waits")
    post = models.OneToOneField(Post, models.CASCADE, related_name="wait")
    since = models.DateTimeField()
    counted_from = models.DateTimeField(
        null=True, blank=True, help_text="when its clock began, if not at `since`: it was picked up later"
    )
    due_at = models.DateTimeField(null=True, blank=True)
    is_first = models.BooleanField(help_text="the first of this conversation: time to first reply")
    counts = models.BooleanField(default=True, help_text="history whose answers we may not know does not")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_how = models.CharField(max_length=8, choices=End, blank=True)
    answer = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="+")
    answered_by = models.ForeignKey(Teammate, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["conversation", "ended_at"]),
            models.Index(fields=["since", "ended_at"]),
            models.Index(fields=["ended_at"], condition=~models.Q(ended_at=None), name="wait_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.conversation} since {self.since}"


class Act(models.Model):
    """What a teammate did: who, when, why; and who undid it."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="%(class)s_rows")
    by = models.ForeignKey(Teammate, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Teammate, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True
        ordering = ["at", "pk"]


class Note(Act):
    """Words for teammates only: never sent."""

    text = models.TextField()

    def __str__(self) -> str:
        return self.text[:80]


class Assignment(Act):
    to = models.ForeignKey(Teammate, models.CASCADE, null=True, blank=True, related_name="+")
    before = models.ForeignKey(Teammate, models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"to {self.to}"


class Snooze(Act):
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"until {self.until}"


class Resolution(Act):
    class How(models.TextChoices):
        RESOLVED = "resolved", _("Resolved")
        LET_THEM_TALK = "let_them_talk", _("Let them talk")
        NOT_FOR_US = "not_for_us", _("Not for us")
        SPAM = "spam", _("Spam")

    how = models.CharField(max_length=16, choices=How, default=How.RESOLVED)
    state_before = models.CharField(max_length=8, choices=State)
    waits = models.ManyToManyField(Wait, related_name="+", help_text="what it ended, for the undoing")

    def __str__(self) -> str:
        return str(self.get_how_display())


class Mute(Act):
    """New posts of this author, thread or word become no work any more; they are still counted."""

    class What(models.TextChoices):
        AUTHOR = "author", _("author")
        THREAD = "thread", _("thread")
        WORD = "word", _("word")

    conversation = models.ForeignKey(  # type: ignore[assignment]
        Conversation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="mute_rows",
        help_text="where it was muted; a word copied from another brand was muted nowhere here",
    )
    what = models.CharField(max_length=8, choices=What)
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="mutes")
    profile = models.ForeignKey(Profile, models.CASCADE, null=True, blank=True, related_name="mutes")
    word = models.CharField(max_length=200, blank=True)

    class Meta(Act.Meta):
        indexes = [models.Index(fields=["brand", "undone_at"])]

    def __str__(self) -> str:
        return f"{self.what} {self.word}"


class Claim(models.Model):
    """Somebody is writing an answer: others see it, and are stopped from answering at the same time."""

    conversation = models.OneToOneField(Conversation, models.CASCADE, related_name="claim", primary_key=True)
    by = models.ForeignKey(Teammate, models.CASCADE, related_name="+")
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.by} until {self.until}"


class Delivery(models.Model):
    """The outbox: something a teammate sent, on its way to the channel. See outbox.py."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting to go out")
        INFLIGHT = "inflight", _("being sent")
        SENT = "sent", _("sent")
        UNKNOWN = "unknown", _("may have been sent")
        BLOCKED = "blocked", _("held back")
        FAILED = "failed", _("not sent")
        NOT_ARRIVED = "not_arrived", _("did not arrive")
        WITHDRAWN = "withdrawn", _("withdrawn before it went out")
        TAKING_BACK = "taking_back", _("being taken back")
        TAKEN_BACK = "taken_back", _("taken back")

    class Verb(models.TextChoices):
        REPLY = "reply"
        LIKE = "like"

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="deliveries")
    connection = models.ForeignKey(Connection, models.SET_NULL, null=True, related_name="deliveries")
    verb = models.CharField(max_length=6, choices=Verb, default=Verb.REPLY)
    key = models.CharField(max_length=64, unique=True, help_text="the same for each try")
    by = models.ForeignKey(Teammate, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.CASCADE, related_name="deliveries")
    target = models.JSONField(help_text="to whom and where, frozen when it was written")
    text = models.TextField(blank=True)
    picture = models.BinaryField(null=True, blank=True)
    picture_mime = models.CharField(max_length=40, blank=True)
    picture_alt = models.TextField(blank=True)

    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    trouble = SentenceField(blank=True)
    written_at = models.DateTimeField()
    not_before = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    native_id = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=2000, blank=True)
    reference = models.JSONField(default=dict, blank=True)
    decided_by = models.ForeignKey(Teammate, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verb="like") | ~models.Q(text=""), name="a_reply_has_words"
            )
        ]
        indexes = [
            models.Index(
                fields=["state", "not_before"],
                condition=models.Q(state__in=["queued", "inflight", "taking_back"]),
                name="delivery_due",
            ),
            models.Index(fields=["brand", "state"], name="delivery_state"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.key}: {self.state}"


class Reply(Act):
    """A teammate's answer, in the words as typed. Without a delivery it was given there, by hand."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="replies")
    text = models.TextField()
    delivery = models.OneToOneField(Delivery, models.CASCADE, null=True, blank=True, related_name="reply")
    sent_post = models.OneToOneField(Post, models.SET_NULL, null=True, blank=True, related_name="reply")
    given_there = models.CharField(
        max_length=64, unique=True, null=True, blank=True, help_text="names the act of writing it down"
    )

    class Meta(Act.Meta):
        verbose_name_plural = "replies"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(delivery=None) ^ models.Q(given_there=None), name="sent_or_given_there"
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="an_answer_has_words"),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Thanks(Act):
    """A like: the smallest thank you, given by a person."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="thanks")
    delivery = models.OneToOneField(Delivery, models.CASCADE, related_name="thanks_given")

    class Meta(Act.Meta):
        verbose_name_plural = "thanks"

    def __str__(self) -> str:
        return f"thanks for post {self.post_id}"
