"""Every address of the web. Each view says who may; tests/web/test_routes.py walks them all."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("", include("goodword.web.urls"))]
