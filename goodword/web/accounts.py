"""How does somebody sign in with a password, a code or a passkey, and how do they sign out?"""

from __future__ import annotations

import json
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.views import LoginView, LogoutView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from goodword.team.models import User
from goodword.web import devices
from goodword.web.codes import CodeForm
from goodword.web.factors import why_no_passkeys
from goodword.web.notifications import forget_device
from goodword.web.passkey_forms import ProvingForm, SigningInForm
from goodword.web.toasts import trouble
from goodword.web.who import public


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

    def add_message(self, request: HttpRequest, level: int, *_template: Any, **more: Any) -> None:
        """Only what went wrong: that it worked is seen, and allauth's other words are not ours."""
        if sentence := more.get("message"):
            trouble(request, str(sentence))

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Only to who showed the right password, code or passkey."""
        trouble(request, str(self.error_messages["account_inactive"]))
        return redirect("account_login")

    def post_login(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return devices.keep(request, super().post_login(request, *args, **kwargs))


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

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offers = {"offers_passkeys": not why_no_passkeys(self.request)}
        return cast("dict[str, Any]", super().get_context_data(**kwargs)) | offers


class SecondStep(AuthenticateView):  # type: ignore[misc]
    """After the right password: a code or a passkey, for those who have one."""

    form_class = CodeForm
    webauthn_form_class = ProvingForm
    template_name = "second_step.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = cast("dict[str, Any]", super().get_context_data(**kwargs))
        options = context["js_data"]["request_options"]
        has_passkeys = bool(options["publicKey"].get("allowCredentials"))
        return context | {"options": json.dumps(options) if has_passkeys else ""}


class PasskeyLogin(LoginWebAuthnView):  # type: ignore[misc]
    """By a passkey alone: the device has asked for a finger, a face or a PIN."""

    form_class = SigningInForm


login = public(require_http_methods(["GET", "HEAD", "POST"])(Login.as_view()))


@public
@require_http_methods(["GET", "HEAD", "POST"])
def logout(request: HttpRequest) -> HttpResponse:
    """Nothing of whoever signed out stays in this browser: no typed words, and nothing that wakes it."""
    if request.method == "POST":
        forget_device(request)
    answer: HttpResponse = LogoutView.as_view()(request)
    if request.method == "POST":
        answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


second_step = public(require_http_methods(["GET", "HEAD", "POST"])(SecondStep.as_view()))
passkey_login = public(require_http_methods(["GET", "HEAD", "POST"])(PasskeyLogin.as_view()))
