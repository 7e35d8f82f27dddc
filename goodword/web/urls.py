"""The screens and their addresses: what can be done is a noun that is created."""

from django.urls import URLPattern, path

from goodword.web import accounts, appearance, you

urlpatterns: list[URLPattern] = [
    path("login/", accounts.login, name="account_login"),
    path("logout/", accounts.logout, name="account_logout"),
    path("link/<str:token>/", accounts.use_link, name="use_link"),
    path("join/<str:token>/", accounts.join, name="join"),
    path("appearance/", appearance.choose, name="appearance"),
    path("you/", you.show, name="you"),
    path("you/password/", you.change_password, name="password"),
]
