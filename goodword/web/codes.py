"""Is this code right: of an authenticator app, or one of the recovery codes?"""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from goodword.team.models import User

LONGEST = 20  # a code has six or eight digits; some write spaces


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """allauth's own, throttled. A code counts once, also when two browsers send it at the same moment."""

    code = forms.CharField(
        label=_("Code"),
        max_length=LONGEST,
        widget=forms.TextInput({"autocomplete": "one-time-code"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("Of your authenticator app, or one of your recovery codes.")

    def clean_code(self) -> str:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=self.user.pk)
            try:
                return str(super().clean_code())
            except ValidationError as error:
                # Raised outside: undone with this transaction, the wrong try would not be counted.
                wrong = error
        raise wrong
