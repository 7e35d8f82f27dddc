"""What does a command need before it begins? A database of today's shape, and one brand to work for."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management import CommandError
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from goodword.record.upgrading import CannotUpgrade, bring_up_to_date
from goodword.team.models import Brand

CALLED_WRONGLY = 2


def database_ready() -> None:
    """Bring the database to today's shape, with a backup first. CommandError (2) if that cannot be."""
    try:
        bring_up_to_date(lambda sentence: print(sentence, file=sys.stderr))
    except CannotUpgrade as why:
        raise CommandError(str(why), returncode=CALLED_WRONGLY) from why
    except DatabaseError as trouble:
        said = str(trouble).strip().split("\n")[0]
        raise CommandError(
            _("The database cannot be used: %(trouble)s") % {"trouble": said}, returncode=CALLED_WRONGLY
        ) from trouble


def add_brand_argument(parser: ArgumentParser) -> None:
    parser.add_argument("--brand", help=_("name or number of the brand; needed where there are several"))


def brand_for(options: Mapping[str, Any]) -> Brand:
    """The brand that `--brand` names, or the only one there is; the first one is made.

    CommandError (2) when it does not say which of several is meant, or names none.
    """
    named = (options.get("brand") or "").strip()
    with transaction.atomic():
        brands = list(Brand.objects.order_by("pk"))
        if not brands:
            return Brand.objects.create(name=named[:100] or _("Our brand"))
    found = [brand for brand in brands if not named or named in (str(brand.pk), brand.name)]
    if len(found) == 1:
        return found[0]
    says = {"brand": named, "brands": ", ".join(f"{brand.name} ({brand.pk})" for brand in brands)}
    if not named:
        sentence = _("There are several brands: say which one with --brand. They are: %(brands)s.")
    elif found:
        sentence = _("Several brands are called “%(brand)s”: give the number. They are: %(brands)s.")
    else:
        sentence = _("There is no brand “%(brand)s”. There are: %(brands)s.")
    raise CommandError(sentence % says, returncode=CALLED_WRONGLY)
