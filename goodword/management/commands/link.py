"""`goodword link [EMAIL]`: prints a link that signs in once, for whoever cannot get in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from goodword.management.links import print_link
from goodword.management.ready import database_ready
from goodword.team.models import Role, Teammate


class Command(BaseCommand):
    help = "Print a link that signs an owner, or the one with this e-mail address, in once."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", nargs="?")

    def handle(self, *args: Any, **options: Any) -> None:
        database_ready()
        people = Teammate.objects.active().select_related("user").order_by("joined_at", "pk")
        if options["email"]:
            found = people.filter(user__email=options["email"].lower()).first()
        else:
            found = people.filter(role=Role.OWNER).first()
        if found is None and people:
            raise CommandError(
                f"Nobody with the address {options['email']} is in a team here. Without an address the link "
                "is for an owner.",
                returncode=2,
            )
        if found is None:
            raise CommandError(
                "There is nobody to sign in yet. Make an owner with: goodword owner EMAIL", returncode=2
            )
        print_link(self.stdout, found.user)
