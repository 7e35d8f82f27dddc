"""`goodword owner EMAIL`: makes the first owner, and prints a link that signs in once."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from goodword.management.links import print_link
from goodword.management.ready import brand_for, database_ready
from goodword.team.membership import make_owner


class Command(BaseCommand):
    help = "Make somebody an owner of the brand, and print a link that signs them in once."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="how they sign what they write")
        parser.add_argument("--brand", help="which brand, when there are several")

    def handle(self, *args: Any, **options: Any) -> None:
        database_ready()
        try:
            validate_email(options["email"])
        except ValidationError as error:
            raise CommandError(f"{options['email']!r} is not an e-mail address.", returncode=2) from error
        owner = make_owner(brand_for(options), options["email"], name=options["name"], now=timezone.now())
        self.stdout.write(f"{owner.user.email} owns {owner.brand}.")
        print_link(self.stdout, owner.user)
