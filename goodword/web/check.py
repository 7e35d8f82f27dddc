"""What works and what is missing, on one screen?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from goodword.listening.health import findings
from goodword.record.machine import machine_findings
from goodword.team.authority import Permission
from goodword.web.who import may, teammate_of


@may(Permission.READ)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    found = [*findings(teammate_of(request).brand, now=now), *machine_findings(now=now)]
    missing = [finding for finding in found if not finding.works]
    return render(request, "check.html", {"missing": missing, "working": [f for f in found if f.works]})
