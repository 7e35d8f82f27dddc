"""`goodword work`: moves posts along the pipeline, sends what teammates wrote, does the duties."""

from typing import Any

from django.core.management.base import BaseCommand

from goodword import pipeline
from goodword.management.ready import database_ready
from goodword.management.stopping import until_stopped


class Command(BaseCommand):
    help = "Move posts along, send what teammates wrote, do what recurs; until stopped."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        database_ready()
        pipeline.work(until_stopped())
