"""How much is said about us, by how many people, and how much of it without us?"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from goodword.listening.models import Mention, Post, Query
from goodword.metrics.evidence import Different, Evidence
from goodword.metrics.metric import Better, Unit, metric
from goodword.metrics.period import Period

ABOUT_US = (Query.Kind.BRAND, Query.Kind.PRODUCT)


@metric(
    _("Posts heard"),
    unit=Unit.POSTS,
    formula=_(
        "Posts of others that were written in the period and addressed us or met one of our queries. "
        "What was deleted at its source is left out."
    ),
)
def posts_heard(period: Period) -> Evidence:
    """How much was said that concerns us, where we listen?"""
    return Different(rows=heard(period), at="at")


@metric(
    _("People heard"),
    unit=Unit.PEOPLE,
    formula=_(
        "Different people who wrote the posts of the period that addressed us or met one of our queries. "
        "Profiles joined to one person count once. What was deleted at its source is left out."
    ),
)
def people_heard(period: Period) -> Evidence:
    """How many people said something that concerns us, where we listen?"""
    return Different(rows=heard(period), at="at", what="author__person")


@metric(
    _("Talk without us"),
    unit=Unit.THREADS,
    better=Better.HIGHER,
    formula=_(
        "Different threads with a post of the period that met a query for our brand or a product, in which "
        "nobody addressed us and no post of ours is known. Left out: what was deleted, and history whose "
        "answers we may not know."
    ),
)
def talk_without_us(period: Period) -> Evidence:
    """In how many threads do people talk about us among themselves, without turning to us?"""
    about_us = Mention.objects.filter(post=OuterRef("pk"), query__kind__in=ABOUT_US)
    thread = Post.objects.filter(brand=OuterRef("brand"), channel=OuterRef("channel"), root=OuterRef("root"))
    with_us = thread.filter(Q(addressed=True) | Q(is_ours=True, gone_at=None))
    rows = heard(period).filter(Exists(about_us), ~Exists(with_us))
    return Different(
        # What a connection tells of the time before it was made may lack our answers; a file has them.
        rows=rows.filter(Q(is_history=False) | Q(connection=None)),
        at="at",
        what=Concat("channel", Value(" "), "root"),
    )


def heard(period: Period) -> QuerySet[Post]:
    """What others said in the period that addressed us or met a query."""
    said = Post.objects.readable().filter(brand=period.brand, at__gte=period.start, at__lt=period.end)
    return said.filter(is_mention=True, is_ours=False)
