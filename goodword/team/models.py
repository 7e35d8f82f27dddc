"""Who are the brand's own people, and what did they do?"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

INVITATION_LASTS = timedelta(hours=48)  # long enough for a weekend, too short to be found in a drawer
LINK_LASTS = timedelta(hours=1)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, name: str = "") -> User:
        user = self.model(email=self.normalize_email(email).lower(), name=name.strip())
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A sign-in. What somebody may do is said by their teammate rows, one for each brand."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=12, blank=True, help_text="empty: as their browser says")
    browser_language = models.CharField(max_length=12, blank=True, help_text="when they last signed in")
    time_zone = models.CharField(max_length=50, blank=True, help_text="empty: the brand's")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    sessions_since = models.CharField(max_length=64, default=secrets.token_hex)
    told_of_devices = models.BooleanField(default=True, help_text="a letter when a new device signs in")

    USERNAME_FIELD = "email"
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    def end_all_sessions(self) -> None:
        """Every open session carries a hash that includes `sessions_since`: it ends at its next request."""
        self.sessions_since = secrets.token_hex(16)
        self.save(update_fields=["sessions_since"])

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        known: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        return known + self.sessions_since


class Brand(models.Model):
    """The root of all data: every row belongs to exactly one brand, and nothing crosses."""

    name = models.CharField(max_length=100)
    is_demo = models.BooleanField(default=False)
    time_zone = models.CharField(max_length=50, default="UTC")
    admits = models.JSONField(
        default=list, blank=True, help_text="which mentions become work; empty means the default rule"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    wants_second_factor = models.BooleanField(default=False, help_text="of everybody on its team")

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """When the brand's people are there, from `since` on: kept, so that old clocks stay as they were."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="opening_hours")
    week = models.JSONField(help_text="Monday first: of each day the spans, as [from, until] by the clock")
    closed_on = models.JSONField(default=list, blank=True, help_text="days, as YYYY-MM-DD")
    since = models.DateTimeField()
    by = models.ForeignKey("Teammate", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = "opening hours"
        indexes = [models.Index(fields=["brand", "-since"])]

    def __str__(self) -> str:
        return f"{self.brand} since {self.since}"


class Goal(models.Model):
    """A number that the brand wants to reach, from `since` on; the newest of a metric holds."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="goals")
    metric = models.SlugField(max_length=60)
    number = models.FloatField(
        null=True, blank=True, help_text="in the metric's unit; empty: no goal any more"
    )
    since = models.DateTimeField()
    by = models.ForeignKey("Teammate", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["brand", "metric", "-since"])]

    def __str__(self) -> str:
        return f"{self.metric}: {self.number}"


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    MEMBER = "member", _("Member")
    VIEWER = "viewer", _("Viewer")


class Sight(models.Model):
    """What somebody may see of a brand. Owners and members read private messages and notes in any case.

    Narrowed means: only what was heard through the connections in listening.Narrowing, be there none.
    """

    may_read_private = models.BooleanField(default=False, help_text="private messages, for a viewer")
    may_read_notes = models.BooleanField(default=False, help_text="notes of the team, for a viewer")
    is_narrowed = models.BooleanField(default=False, help_text="to some connections; never an owner")

    class Meta:
        abstract = True


class TeammateQuerySet(models.QuerySet["Teammate"]):
    def active(self) -> TeammateQuerySet:
        return self.filter(removed_at=None, user__is_active=True)


class Teammate(Sight):
    """A user's membership of a brand."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="teammates")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role)
    joined_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")

    objects = TeammateQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "user"], name="one_membership_per_brand")]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def name(self) -> str:
        return self.user.name or self.user.email.split("@")[0]

    @property
    def reads_private(self) -> bool:
        """May they read what people wrote to the brand in private?"""
        return self.role != Role.VIEWER or self.may_read_private

    @property
    def reads_notes(self) -> bool:
        """May they read what the team notes and does behind the scenes?"""
        return self.role != Role.VIEWER or self.may_read_notes


class _Token(models.Model):
    """A secret handed out once: only its hash is kept, it expires, and it works once."""

    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def is_live(self, now: datetime) -> bool:
        return self.used_at is None and now < self.expires_at


class Invitation(_Token, Sight):
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=8, choices=Role)
    note = models.CharField(max_length=100, blank=True, help_text="whom it is for")
    email = models.EmailField(blank=True, help_text="if set, nobody else can use it")
    made_by = models.ForeignKey(Teammate, models.CASCADE, related_name="+")
    used_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.role} of {self.brand}"

    def is_live(self, now: datetime) -> bool:
        return super().is_live(now) and self.revoked_at is None


class SignInLink(_Token):
    """The link that `goodword run` prints, or that an owner makes for a teammate who cannot get in."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    made_by = models.ForeignKey(
        Teammate, models.CASCADE, null=True, blank=True, related_name="+", help_text="nobody: a terminal"
    )

    def __str__(self) -> str:
        return f"link for {self.user}"


class PasswordReset(_Token):
    """A letter with a link to choose a new password."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"reset for {self.user}"


class Forgotten(models.Model):
    """Somebody typed this address because the password was forgotten: the worker looks whose it is.

    The page itself must not know: then it takes the same time whether there is such an account or not.
    """

    address = models.CharField(max_length=254)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.address


class AddressChange(_Token):
    """The new e-mail address of an account, until a letter to it was answered."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    email = models.EmailField()

    def __str__(self) -> str:
        return f"{self.user} to {self.email}"


class SignIn(models.Model):
    """Where somebody is or was signed in: one row for each session."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=60, blank=True, help_text="as words: Firefox on Linux")
    device_mark = models.CharField(max_length=64, blank=True, help_text="hash of what that browser keeps")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "device_mark"])]

    def __str__(self) -> str:
        return f"{self.user} on {self.device}"


class Letter(models.Model):
    """A fixed letter of `team/letters.py` on its way: it waits here until the mail server has taken it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"

    kind = models.CharField(max_length=40)
    to = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="letters")
    address = models.EmailField()
    sealed = models.TextField(blank=True, help_text="subject and text, encrypted; emptied once it is over")
    written_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="later it would say what is not true any more")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    ended_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "next_try_at"])]

    def __str__(self) -> str:
        return f"{self.kind} to {self.address}"


class AuditEntry(models.Model):
    """Who did what, when: one line for each act of a teammate. Rows are only ever added."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="audit")
    by = models.ForeignKey(Teammate, models.SET_NULL, null=True, blank=True, related_name="+")
    verb = models.CharField(max_length=40)
    about = models.CharField(max_length=60, blank=True, help_text="kind:id of the row it was done to")
    detail = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["brand", "-at"]),
            models.Index(fields=["brand", "-id"]),
            models.Index(fields=["about", "-at"]),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.about}"


def new_token() -> tuple[str, str]:
    """A token for the one who gets it, and the hash that we keep."""
    token = secrets.token_urlsafe(32)
    return token, hash_of(token)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
