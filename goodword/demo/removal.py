"""How is the demo taken away again, with every row and file of it?"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext as _

from goodword.demo.brand import INVENTED, spool_of
from goodword.record.belongings import path_to_brand
from goodword.store.models import Entry
from goodword.team.models import Brand, User


class NotADemo(Exception):
    """Only a demo can be removed like this; the text is a sentence for the one who tried."""


def remove_demo(brand: Brand) -> None:
    """Delete the demo brand, all its rows, what search knows of it, and what was sent in it.

    Users stay; only the invented teammates go, in whose names nobody can sign in. Raises NotADemo.
    """
    if not Brand.objects.filter(pk=brand.pk, is_demo=True).exists():
        raise NotADemo(_("This brand is not a demo: it is not removed."))
    spool = spool_of(brand)
    with transaction.atomic():
        Brand.objects.select_for_update().get(pk=brand.pk)
        Entry.objects.filter(brand_id=brand.pk).delete()
        for rows in _rows_of(brand):
            rows.delete()
        User.objects.filter(email__endswith=INVENTED, memberships=None).delete()
    shutil.rmtree(spool, ignore_errors=True)


def _rows_of(brand: Brand) -> Iterator[models.QuerySet[models.Model]]:
    """The brand's rows of every table; those that point to others first, the brand itself last.

    Apps and models are listed from low to high, and keys point down, so backwards is the order.
    """
    for model in reversed(apps.get_models(include_auto_created=True)):
        path = path_to_brand(model)
        if path is not None:
            yield model._default_manager.filter(**{path or "pk": brand.pk})
