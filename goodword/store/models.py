"""What can be searched for: one entry per post, person, note and reply. And what is kept for minutes."""

from django.db import models


class Entry(models.Model):
    """Its text is indexed by the database itself: FTS5 on SQLite, a stored tsvector on PostgreSQL."""

    class Kind(models.TextChoices):
        POST = "post"
        PERSON = "person"
        NOTE = "note"
        REPLY = "reply"

    brand_id = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    ref = models.BigIntegerField(help_text="the id of the row that was indexed")
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "ref"], name="one_entry_per_row")]
        indexes = [models.Index(fields=["brand_id", "kind", "-at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class Kept(models.Model):
    """What is kept for minutes and must hold for all processes: wrong passwords are counted here.

    The columns are those that Django's database cache asks for; made by a migration like every table.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.cache_key
