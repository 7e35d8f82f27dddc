"""How does somebody join by invitation?"""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from goodword.channels.base import clean_text
from goodword.listening import narrowing
from goodword.team import membership, passwords
from goodword.team.models import Invitation, User
from goodword.web.letting_in import let_in, look_what_is_owed
from goodword.web.who import public
from goodword.web.whose import choose

INSIDE = "/inbox/"


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    invitation = membership.live_invitation(token, now=timezone.now())
    if invitation is None:
        return render(request, "invitation_is_dead.html", status=410)
    if request.user.is_authenticated:
        return _join_as_myself(request, invitation)
    form = JoinForm(invitation, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _join_as_somebody_new(request, invitation, form)
    return render(request, "join.html", {"invitation": invitation, "form": form}, status=_status(form))


class JoinForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        help_text=gettext_lazy("As your team reads it beside what you do."),
        max_length=100,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"), widget=forms.EmailInput({"autocomplete": "username"})
    )
    password = forms.CharField(
        label=gettext_lazy("Choose a password"),
        help_text=gettext_lazy("At least 10 characters. A sentence is easier to keep in mind than a riddle."),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, invitation: Invitation, data: Any = None) -> None:
        super().__init__(data)
        self.invitation = invitation
        if invitation.email:
            self.fields["email"].help_text = _("The one to which the invitation was sent: %(address)s") % {
                "address": membership.whom_it_is_for(invitation)
            }

    def clean_name(self) -> str:
        return clean_text(self.cleaned_data["name"])

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if not membership.is_for(self.invitation, email):
            raise ValidationError(
                _("This invitation is for another address. Ask the owner who sent it for one of your own.")
            )
        if User.objects.filter(email=email).exists():
            # The holder of an invitation may learn this: they were let in by an owner.
            raise ValidationError(
                _("There is an account with this address. Sign in first, then open the link again.")
            )
        return email

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "password" in given:
            somebody = User(email=given.get("email", ""), name=given.get("name", ""))
            for sentence in passwords.what_is_wrong_with(given["password"], somebody):
                self.add_error("password", sentence)
        return given


def _join_as_myself(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    user = cast(User, request.user)
    if request.method != "POST" and membership.is_for(invitation, user.email):
        return render(request, "join.html", {"invitation": invitation, "form": None})
    try:
        narrowing.accept(invitation, user, now=timezone.now())
    except membership.NotPossible as why:
        return _not_possible(request, why)
    look_what_is_owed(request, user)
    return _inside(request, invitation)


def _join_as_somebody_new(request: HttpRequest, invitation: Invitation, form: JoinForm) -> HttpResponse:
    given = form.cleaned_data
    try:
        with transaction.atomic():
            user = User.objects.create_user(given["email"], given["password"], given["name"])
            narrowing.accept(invitation, user, now=timezone.now())
    except membership.NotPossible as why:
        return _not_possible(request, why)
    response = let_in(request, user, redirect(INSIDE))
    choose(request, invitation.brand_id)
    return response


def _inside(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    choose(request, invitation.brand_id)
    return redirect(INSIDE)


def _not_possible(request: HttpRequest, why: Exception) -> HttpResponse:
    return render(request, "invitation_is_not_yours.html", {"why": str(why)}, status=409)


def _status(form: forms.Form) -> int:
    return 422 if form.errors else 200
