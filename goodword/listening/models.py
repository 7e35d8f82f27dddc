"""What do we hear, where, and by which queries?"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from goodword.channels.base import Account, Channel, channel_named
from goodword.people.models import Profile
from goodword.store import callback, vault
from goodword.store.sentences import SentenceField
from goodword.team.models import Brand, Invitation, Teammate

if TYPE_CHECKING:
    from goodword.channels import base


class Connection(models.Model):
    """A brand's own account on a channel. Its secrets are encrypted."""

    class State(models.TextChoices):
        ON = "on", _("listening")
        PAUSED = "paused", _("paused")
        NEEDS_LOGIN = "needs_login", _("needs a new sign-in")

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="connections")
    channel = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    settings = models.JSONField(default=dict, blank=True)
    secrets = models.TextField(blank=True, help_text="locked with the key outside the database")
    native_id = models.CharField(max_length=300, blank=True)
    handle = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.ON)
    cursor = models.TextField(blank=True, help_text="commits together with the posts before it")
    heard_at = models.DateTimeField(null=True, blank=True)
    hook = models.CharField(
        max_length=64, unique=True, null=True, blank=True, help_text="names us in the address that it calls"
    )
    history_done = models.PositiveIntegerField(default=0, help_text="how far its history is taken in")
    history_total = models.PositiveIntegerField(default=0)
    trouble = SentenceField(blank=True)
    trouble_since = models.DateTimeField(null=True, blank=True)
    try_again_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(Teammate, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["brand", "state"])]

    def __str__(self) -> str:
        return self.name

    @property
    def kind(self) -> type[Channel]:
        return channel_named(self.channel)

    def open(self) -> Channel:
        """The channel, ready to talk. Raises store.vault.WrongKey when the key is another one."""
        return self.kind(
            Account(
                settings=self.settings,
                secrets=vault.unlock(self.secrets),
                native_id=self.native_id,
                allowed_private=settings.PRIVATE_HOSTS,
                hook=callback.address_of(self.hook),
                hook_secret=callback.secret_of(self.hook),
                own_key=vault.derived(f"{self.brand_id} {self.channel} {self.native_id}"),
            )
        )


class Narrowing(models.Model):
    """A narrowed teammate sees what this connection hears; or will, once the invitation is accepted.

    Whoever is narrowed and has no such row sees nothing: what is lost here never opens a door.
    """

    teammate = models.ForeignKey(Teammate, models.CASCADE, null=True, blank=True, related_name="narrowings")
    invitation = models.ForeignKey(
        Invitation, models.CASCADE, null=True, blank=True, related_name="narrowings"
    )
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="narrowings")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(teammate=None) ^ models.Q(invitation=None), name="narrows_one_of_both"
            ),
            models.UniqueConstraint(fields=["teammate", "connection"], name="teammate_narrowed_once"),
            models.UniqueConstraint(fields=["invitation", "connection"], name="invitation_narrowed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.teammate or self.invitation} to {self.connection}"


class Query(models.Model):
    """A saved search, in the language of goodword.matching."""

    class Kind(models.TextChoices):
        BRAND = "brand", _("our brand")
        PRODUCT = "product", _("a product")
        CATEGORY = "category", _("our category")
        COMPETITOR = "competitor", _("a competitor")

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="queries")
    name = models.CharField(max_length=100)
    text = models.TextField()
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.BRAND)
    made_by = models.ForeignKey(Teammate, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "queries"

    def __str__(self) -> str:
        return self.name


class Step(models.TextChoices):
    """How far a post has come on its way to the inbox; pipeline.py moves it on."""

    HEARD = "heard"
    UNDERSTOOD = "understood"
    PLACED = "placed"
    DONE = "done"


# What goes down the pipeline again does so from its beginning, free for any worker, with all its tries.
AFRESH: dict[str, Any] = {
    "step": Step.HEARD,
    "leased_until": None,
    "tries": 0,
    "next_try_at": None,
    "trouble": "",
}


class PostQuerySet(models.QuerySet["Post"]):
    def readable(self) -> PostQuerySet:
        """Neither deleted at the source nor written by somebody who left."""
        return self.filter(gone_at=None, author__gone_at=None)


class Post(models.Model):
    """Something somebody said, kept once per brand, channel and native id."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="posts")
    connection = models.ForeignKey(Connection, models.SET_NULL, null=True, related_name="posts")
    channel = models.CharField(max_length=40)
    native_id = models.CharField(max_length=500)
    author = models.ForeignKey(Profile, models.CASCADE, related_name="posts")
    text = models.TextField(blank=True)
    title = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=2000, blank=True)
    links = models.JSONField(default=list, blank=True)
    media = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True, help_text="as the author declared them")
    parent = models.CharField(max_length=500, blank=True, help_text="native id of what it answers")
    root = models.CharField(max_length=500, help_text="native id of the post that opened the thread")
    visibility = models.CharField(max_length=8, default="public")
    quoted = models.TextField(blank=True, help_text="what others said before: folded away, not searched")
    html = models.TextField(blank=True, help_text="as its author laid it out, made safe by the channel")
    reference = models.JSONField(default=dict, blank=True, help_text="what the channel needs to answer it")
    addressed = models.BooleanField(default=False)
    is_mention = models.BooleanField(default=False, help_text="addressed to us, or met a query")
    is_ours = models.BooleanField(default=False)
    is_automatic = models.BooleanField(default=False, help_text="written by a machine: nobody waits")
    failed_at = models.DateTimeField(null=True, blank=True, help_text="when ours came back: not arrived")
    failed_why = SentenceField(blank=True)
    is_history = models.BooleanField(default=False, help_text="said before we listened: no clock runs")
    heard_by = models.ForeignKey(
        Teammate,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # few posts have one: they have an index of their own
        help_text="who wrote it down, where no channel of ours could hear it",
    )
    needs_answer = models.BooleanField(
        null=True, blank=True, help_text="as a teammate decided; empty: the brand's rules say"
    )
    at = models.DateTimeField()
    heard_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)
    gone_why = models.CharField(max_length=40, blank=True)

    step = models.CharField(max_length=12, choices=Step, default=Step.HEARD)
    leased_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    trouble = models.TextField(blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "channel", "native_id"], name="heard_once"),
        ]
        indexes = [
            models.Index(fields=["brand", "channel", "root", "at"], name="post_thread"),
            models.Index(fields=["brand", "-at", "-id"], name="post_newest"),
            models.Index(fields=["author", "-at"], name="post_author"),
            models.Index(fields=["step", "id"], condition=~models.Q(step="done"), name="post_waiting"),
            models.Index(
                fields=["heard_by", "-at"], condition=~models.Q(heard_by=None), name="post_written_down"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def is_readable(self) -> bool:
        return self.gone_at is None and self.author.gone_at is None


class Mention(models.Model):
    """A post met a query, and these were the words that did it."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="mentions")
    query = models.ForeignKey(Query, models.CASCADE, related_name="mentions")
    spans = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "query"], name="one_mention_per_query")]

    def __str__(self) -> str:
        return f"{self.query} in post {self.post_id}"


class Candidate(models.Model):
    """A post that a look around found, until somebody has said whether it is about the brand."""

    class Verdict(models.TextChoices):
        YES = "yes", _("about us")
        NO = "no", _("not about us")

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="candidates")
    channel = models.CharField(max_length=40)
    native_id = models.CharField(max_length=500)
    said = models.JSONField(help_text="the post, as channels/keeping.py writes it")
    said_at = models.DateTimeField()
    doubt = models.CharField(max_length=200, blank=True, help_text="why it may be about something else")
    found_at = models.DateTimeField()
    verdict = models.CharField(max_length=3, choices=Verdict, blank=True)
    decided_by = models.ForeignKey(Teammate, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "channel", "native_id"], name="candidate_once")
        ]

    def __str__(self) -> str:
        return f"{self.native_id} on {self.channel}"


class Analysis(models.Model):
    """What was understood of a post, with probabilities, evidence and the version of the model."""

    post = models.OneToOneField(Post, models.CASCADE, related_name="analysis", primary_key=True)
    language = models.CharField(max_length=12)
    sentiment = models.JSONField(default=dict)
    label = models.CharField(max_length=12)
    intents = models.JSONField(default=dict)
    decisions = models.JSONField(default=list)
    evidence = models.JSONField(default=list)
    brand_sentiment = models.JSONField(
        null=True, blank=True, help_text="towards the brand, where it is named"
    )
    needs_answer = models.FloatField(default=0.0, help_text="how likely silence would be rude")
    hostility = models.FloatField(default=0.0, help_text="a hint for ordering, never for an action")
    vector = models.BinaryField(
        default=bytes, help_text="64 signed 8-bit numbers; empty until read by the model"
    )
    refined_at = models.DateTimeField(
        null=True, blank=True, help_text="when the trained model read it; empty: only the rules have"
    )
    model = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "analyses"
        indexes = [
            models.Index(fields=["-post"], condition=models.Q(refined_at=None), name="analysis_to_refine"),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {', '.join(self.decisions)}"


class Correction(models.Model):
    """What a teammate says is true of a post, for one label: it wins over every model, or agrees with it."""

    class Of(models.TextChoices):
        SENTIMENT = "sentiment"
        PRAISE = "praise"
        RECOMMENDATION = "recommendation"
        QUESTION = "question"
        COMPLAINT = "complaint"
        SUGGESTION = "suggestion"
        PURCHASE = "purchase"
        CHURN = "churn"
        THANKS = "thanks"
        SPAM = "spam"

    post = models.ForeignKey(Post, models.CASCADE, related_name="corrections")
    label_of = models.CharField(max_length=16, choices=Of)
    value = models.CharField(max_length=12, help_text="one of the three feelings, or yes or no")
    was = models.CharField(max_length=12, help_text="what the model said: the same words, or unsure")
    was_probability = models.FloatField(help_text="that the model gave to the value that is true")
    model = models.CharField(max_length=60)
    by_chance = models.BooleanField(
        default=False, help_text="the post was drawn by chance to be checked, not noticed in passing"
    )
    by = models.ForeignKey(Teammate, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "label_of"], name="corrected_once")]

    def __str__(self) -> str:
        return f"{self.label_of} is {self.value} in post {self.post_id}"


class Gap(models.Model):
    """A stretch of time in which something may have been missed: shown, never hidden."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="gaps")
    since = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField()
    why = SentenceField()

    def __str__(self) -> str:
        return self.why


class Attachment(models.Model):
    """A file that came with a post. Its bytes are in the home, under their digest: see attachments.py."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200)
    mime = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="bytes")
    digest = models.CharField(
        max_length=64, db_index=True, blank=True, help_text="SHA-256; empty if not kept"
    )

    def __str__(self) -> str:
        return self.name


class Quarantined(models.Model):
    """Something arrived that could not be read: kept with its bytes until somebody tries again."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="quarantined")
    native_id = models.CharField(max_length=500)
    why = SentenceField()
    raw = models.BinaryField(help_text="as it came, up to a limit")
    size = models.PositiveIntegerField(help_text="bytes, as it came")
    at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True, help_text="when it could be read after all")

    class Meta:
        verbose_name_plural = "quarantined"
        constraints = [models.UniqueConstraint(fields=["connection", "native_id"], name="quarantined_once")]

    def __str__(self) -> str:
        return self.why


def as_heard(post: Post) -> base.Post:
    """The stored post in the words of the channels, for what they decide per item."""
    from goodword.channels import base

    return base.Post(
        native_id=post.native_id,
        author=base.Author(post.author.native_id, post.author.handle),
        text=post.text,
        at=post.at,
        url=post.url,
        parent=post.parent,
        root=post.root,
        visibility=base.Visibility(post.visibility),
        addressed=post.addressed,
        ours=post.is_ours,
        automatic=post.is_automatic,
        reference=_mapping(post.reference),
    )


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def newest(
    rows: models.QuerySet[Post], before: datetime | None = None, before_id: int = 0
) -> models.QuerySet[Post]:
    """A page of posts, newest first, continued after (before, before_id): costs the same at any depth."""
    if before is not None:
        rows = rows.filter(at__lte=before).filter(models.Q(at__lt=before) | models.Q(pk__lt=before_id))
    return rows.order_by("-at", "-pk")
