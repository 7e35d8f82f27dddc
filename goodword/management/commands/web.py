"""`goodword web`: the screens, on one port."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from goodword.management.ready import database_ready
from goodword.management.serving import DEFAULT_PORT, port, serve
from goodword.management.stopping import end_with_parent


class Command(BaseCommand):
    help = "Serve the screens."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=port, default=DEFAULT_PORT)
        parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 to be reached from other machines")

    def handle(self, *args: Any, **options: Any) -> None:
        database_ready()
        end_with_parent()
        serve(options["host"], options["port"])
