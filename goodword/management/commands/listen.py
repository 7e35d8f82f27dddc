"""`goodword listen`: hears what is said, on every connection of every brand."""

from typing import Any

from django.core.management.base import BaseCommand

from goodword.listening.listener import listen_everywhere
from goodword.management.ready import database_ready
from goodword.management.stopping import until_stopped


class Command(BaseCommand):
    help = "Listen to every connection, until stopped."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        database_ready()
        listen_everywhere(until_stopped())
