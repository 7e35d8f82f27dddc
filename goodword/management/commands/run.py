"""`goodword run`: web, listeners and worker in one; prints the link that signs in."""

import os
import signal
import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from goodword.management.links import print_link, run_at
from goodword.management.ready import brand_for, database_ready
from goodword.management.serving import DEFAULT_PORT, port, port_is_free
from goodword.management.stopping import until_stopped
from goodword.team.membership import make_owner
from goodword.team.models import Role, Teammate

OWNER_OF_A_NEW_HOME = "owner@example.com"  # until somebody gives an address and a name of their own
LOOK_EVERY = 0.5  # seconds


class Command(BaseCommand):
    help = "Run Goodword: the screens, the listeners and the worker. Ctrl+C stops all three."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="with a demo brand, if there is no brand yet")
        parser.add_argument("--port", type=port, default=DEFAULT_PORT)
        parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 to be reached from other machines")

    def handle(self, *args: Any, **options: Any) -> None:
        host, number = options["host"], options["port"]
        if not port_is_free(host, number):
            raise CommandError(
                f"Port {number} is taken: Goodword may be running already. "
                f"Stop it, or choose another: goodword run --port {number + 1}",
                returncode=2,
            )
        database_ready()
        owner = self._owner(demo=options["demo"])
        base = run_at(f"http://localhost:{number}")
        parts = [
            self._start("web", "--host", host, "--port", str(number), url=base),
            self._start("listen", url=base),
            self._start("work", url=base),
        ]
        print_link(self.stdout, owner.user)
        self.stdout.write("Ctrl+C stops Goodword.")
        self._until_one_ends(parts)

    def _owner(self, *, demo: bool) -> Teammate:
        owners = Teammate.objects.active().filter(role=Role.OWNER).order_by("joined_at", "pk")
        found = owners.select_related("user", "brand").first()
        if found:
            return found
        brand = self._demo() if demo else brand_for({})
        name = "Dana" if demo else str(Role.OWNER.label)
        return make_owner(brand, OWNER_OF_A_NEW_HOME, now=timezone.now(), name=name)

    def _demo(self) -> Any:
        from goodword.demo.brand import make_demo

        self.stdout.write("Making the demo brand: some 400 people, and what they said in six months ...")
        return make_demo(now=timezone.now())

    def _start(self, *command: str, url: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 (our own command)
            [sys.executable, "-m", "goodword", *command],
            env={**os.environ, "GOODWORD_URL": url, "GOODWORD_PARENT": str(os.getpid())},
        )

    def _until_one_ends(self, parts: list[subprocess.Popen[bytes]]) -> None:
        stopped = until_stopped()
        while not stopped.wait(LOOK_EVERY):
            if any(part.poll() is not None for part in parts):
                self.stderr.write("A part of Goodword stopped unexpectedly: the others are stopped, too.")
                break
        for part in parts:
            part.send_signal(signal.SIGTERM)
        for part in parts:
            try:
                part.wait(timeout=10)
            except subprocess.TimeoutExpired:
                part.kill()
        if not stopped.is_set():
            raise CommandError("Start it again with: goodword run", returncode=1)
