"""Who are the people that talk, and what do we know of them? Facts hang on profiles, never on persons."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from goodword.store.sentences import SentenceField
from goodword.team.models import Brand, Teammate

# An account that is only deactivated may come back: its posts are hidden, not purged.
MAY_COME_BACK = {"deactivated", "suspended"}


class Person(models.Model):
    """The human behind one or more profiles: nothing but a place where profiles meet."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="people")
    name = models.CharField(max_length=200, blank=True)
    first_heard_at = models.DateTimeField()
    last_heard_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "people"
        indexes = [models.Index(fields=["brand", "-last_heard_at"])]

    def __str__(self) -> str:
        return self.name


class Profile(models.Model):
    """An author on one channel."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="profiles")
    person = models.ForeignKey(Person, models.CASCADE, related_name="profiles")
    channel = models.CharField(max_length=40)
    native_id = models.CharField(max_length=300)
    handle = models.CharField(max_length=300, blank=True)
    name = models.CharField(max_length=300, blank=True)
    avatar_url = models.CharField(max_length=2000, blank=True)
    url = models.CharField(max_length=2000, blank=True)
    bio = models.TextField(blank=True)
    followers = models.PositiveBigIntegerField(null=True, blank=True)
    is_ours = models.BooleanField(default=False, help_text="the brand's own account, or a teammate's")
    first_heard_at = models.DateTimeField()
    last_heard_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)
    gone_why = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "channel", "native_id"], name="one_profile_per_author")
        ]
        indexes = [models.Index(fields=["person"])]

    def __str__(self) -> str:
        return self.name or self.handle or self.native_id

    @property
    def is_forgotten(self) -> bool:
        """Their account is gone for good, as far as the channel can tell."""
        return self.gone_at is not None and self.gone_why not in MAY_COME_BACK

    @property
    def shown_name(self) -> str:
        return self.name or self.handle or self.native_id


class Join(models.Model):
    """Profiles were joined to a person, on evidence. Undoing restores exactly what was."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="joins")
    profile = models.ForeignKey(Profile, models.CASCADE, related_name="joins")
    came_from = models.ForeignKey(Person, models.CASCADE, related_name="+")
    evidence = models.CharField(max_length=300)
    by = models.ForeignKey(Teammate, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(Teammate, models.SET_NULL, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.profile} to {self.person}: {self.evidence}"


class Consent(models.Model):
    """What a profile's owner allowed or forbade, for one purpose: the newest row holds."""

    class Purpose(models.TextChoices):
        CONTACT = "contact", _("being contacted at all")
        NEWS = "news", _("news and previews")
        GIFT = "gift", _("surprises")
        ASK = "ask", _("being asked for something")
        NAME = "name", _("our keeping their name")

    profile = models.ForeignKey(Profile, models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=8, choices=Purpose)
    given = models.BooleanField()
    how = SentenceField(help_text="the words or the act that said so")
    by = models.ForeignKey(
        Teammate,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="who heard them say so; empty when they said it to a page of ours",
    )
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["profile", "purpose", "-at"])]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.given}"


class Approach(models.Model):
    """We turned to a person: it decides what is *unprompted*, and spends the attention budget."""

    class Kind(models.TextChoices):
        REPLY = "reply", _("reply")
        GIFT = "gift", _("gift")
        ASK = "ask", _("ask")
        SHARE = "share", _("share")
        QUESTION = "question", _("question")

    profile = models.ForeignKey(Profile, models.CASCADE, related_name="approaches")
    kind = models.CharField(max_length=8, choices=Kind)
    by = models.ForeignKey(Teammate, models.SET_NULL, null=True, related_name="+")
    why = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "approaches"
        indexes = [models.Index(fields=["profile", "-at"])]

    def __str__(self) -> str:
        return f"{self.kind} to {self.profile}"


class Promise(models.Model):
    """A date given to a person, later kept, beaten or broken."""

    class Outcome(models.TextChoices):
        KEPT = "kept", _("kept")
        BEATEN = "beaten", _("beaten")
        BROKEN = "broken", _("broken")

    profile = models.ForeignKey(Profile, models.CASCADE, related_name="promises")
    words = models.CharField(max_length=500)
    by = models.ForeignKey(Teammate, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    outcome = models.CharField(max_length=6, choices=Outcome, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["profile", "due_at"])]

    def __str__(self) -> str:
        return self.words


class Order(models.Model):
    """A purchase, return or refund, as the shop told it. Amounts keep the shop's own currency."""

    profile = models.ForeignKey(Profile, models.CASCADE, related_name="orders")
    native_id = models.CharField(max_length=200)
    at = models.DateTimeField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    words = models.CharField(max_length=300, blank=True, help_text="what was bought")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "native_id"], name="one_row_per_order")]
        indexes = [models.Index(fields=["profile", "-at"])]

    def __str__(self) -> str:
        return f"{self.native_id} {self.amount} {self.currency}"
