"""`goodword metrics`: every metric there is, with its unit, formula and meaning."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from goodword.metrics.metric import Metric, metrics


class Command(BaseCommand):
    help = gettext_noop("Say which metrics there are, and how each is counted.")  # argparse wants a str
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help=_("end with one line of JSON"))

    def handle(self, *_args: Any, **options: Any) -> None:
        known = [_as_json(metric) for metric in metrics().values()]
        if options["json"]:
            self.stdout.write(json.dumps(known, ensure_ascii=False))
            return
        for row in known:
            self.stdout.write(f"{row['name']} ({row['unit']})\n  {row['meaning']}\n  {row['formula']}\n")


def _as_json(metric: Metric) -> dict[str, str]:
    return {
        "name": str(metric.name),
        "unit": metric.unit.value,
        "formula": str(metric.formula),
        "meaning": metric.meaning,
    }
