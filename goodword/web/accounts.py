"""How does somebody sign in, join by invitation, and sign out?"""

from __future__ import annotations

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.views import LoginView, LogoutView
from django import forms
from django.contrib.auth import login as sign_in
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from goodword.channels.base import clean_text
from goodword.conversations.beginning import stands_before_the_doors
from goodword.listening import narrowing
from goodword.settings import AUTHENTICATION_BACKENDS
from goodword.team import membership
from goodword.team.models import Invitation, User
from goodword.web.who import public
from goodword.web.whose import choose

INSIDE = "/inbox/"
DOORS = "/start/"


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves: an owner invites."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("The e-mail address or the password is not right."),
        "too_many_login_attempts": gettext_lazy(
            "Too many wrong passwords for this address. Wait five minutes, then try again."
        ),
        "account_inactive": gettext_lazy("This account was closed. Ask an owner of your brand."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return "/login/"


class Login(LoginView):  # type: ignore[misc]
    """allauth's own, throttled; its e-mail field asks for the sign-in name that browsers have saved."""

    def get_form(self, form_class: Any = None) -> forms.Form:
        form = cast(forms.Form, super().get_form(form_class))
        form.fields["login"].label = _("E-mail address")
        form.fields["password"].label = _("Password")
        form.fields["password"].help_text = ""  # allauth links to a page of its own that we do not have
        form.fields["login"].widget.attrs["autocomplete"] = "username"
        form.fields["password"].widget.attrs["autocomplete"] = "current-password"
        return form


login = public(require_http_methods(["GET", "HEAD", "POST"])(Login.as_view()))
logout = public(require_http_methods(["GET", "HEAD", "POST"])(LogoutView.as_view()))


@public
@require_safe
def use_link(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link signs in, once. It comes from a terminal, not through a chat that opens it first."""
    if request.method == "HEAD":
        return HttpResponse()
    user = membership.use_sign_in_link(token, now=timezone.now())
    if user is None:
        return render(request, "link_is_dead.html", status=410)
    _let_in(request, user)
    return redirect(DOORS if stands_before_the_doors(user) else INSIDE)


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    invitation = membership.live_invitation(token, now=timezone.now())
    if invitation is None:
        return render(request, "invitation_is_dead.html", status=410)
    if request.user.is_authenticated:
        return _join_as_myself(request, invitation)
    form = JoinForm(request.POST if request.method == "POST" else None)
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

    def clean_name(self) -> str:
        return clean_text(self.cleaned_data["name"])

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
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
            try:
                validate_password(given["password"], somebody)
            except ValidationError as error:
                self.add_error("password", error)
        return given


def _join_as_myself(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if request.method != "POST":
        return render(request, "join.html", {"invitation": invitation, "form": None})
    return _accept(request, invitation, cast(User, request.user))


def _join_as_somebody_new(request: HttpRequest, invitation: Invitation, form: JoinForm) -> HttpResponse:
    given = form.cleaned_data
    try:
        with transaction.atomic():
            user = User.objects.create_user(given["email"], given["password"], given["name"])
            narrowing.accept(invitation, user, now=timezone.now())
    except membership.NotPossible:
        return render(request, "invitation_is_dead.html", status=410)
    _let_in(request, user)
    return _enter(request, invitation)


def _accept(request: HttpRequest, invitation: Invitation, user: User) -> HttpResponse:
    try:
        narrowing.accept(invitation, user, now=timezone.now())
    except membership.NotPossible:
        return render(request, "invitation_is_dead.html", status=410)
    return _enter(request, invitation)


def _enter(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    choose(request, invitation.brand_id)
    return redirect(INSIDE)


def _let_in(request: HttpRequest, user: User) -> None:
    sign_in(request, user, backend=AUTHENTICATION_BACKENDS[0])


def _status(form: forms.Form) -> int:
    return 422 if form.errors else 200
