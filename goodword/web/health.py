"""Does Goodword answer? For whoever watches the machine; it tells nothing else."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from goodword.web.who import public


@public
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """200 and "ok" when pages can be served, 503 when the database does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")
