"""The page behind the bell: what the reader was told, each linked to its thing; put aside, and taken up again."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import is_aware
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from partners.visit import Visit
from procurement.notices.kinds import Kind
from procurement.notices.telling import tell_all
from workflow import clock
from workflow.doors.http import show
from workflow.doors.lists import page
from workflow.models.bell import InAppNotice, InAppNoticeQuerySet
from workflow.outbox import bell
from workflow.outbox.bell import read_all, unread_since

NEWEST_ID = 2**63 - 1


class Filters(forms.Form):
    """Which of one's notices."""

    show = forms.ChoiceField(
        label=pgettext_lazy("which notices", "Show"),
        required=False,
        choices=[("", _("All")), ("unread", pgettext_lazy("a notice", "Unread"))],
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("Every kind")), *Kind.choices])


@login_required
def list_notices(request: Visit) -> HttpResponse:
    """One's notices, the newest first, as filtered."""
    filters = Filters(request.GET)
    mine = InAppNotice.objects.visible_to(request.by)
    found = page(request, _filtered(mine, filters).select_related("entry", "settled_by"))
    undo = _moment(request.GET.get("undo"))
    context = {
        "filters": filters,
        "page": found,
        "told": tell_all(found.rows, request.by),
        "newest": mine.order_by("-pk").values_list("pk", flat=True).first(),
        "undo": undo.isoformat() if undo else "",
        "here": request.get_full_path(),
    }
    return show(request, "notices/list.html", context)


def _filtered(rows: InAppNoticeQuerySet, filters: Filters) -> InAppNoticeQuerySet:
    """An old bookmark's filter that nobody knows any more filters nothing."""
    filters.is_valid()
    if filters.cleaned_data.get("show") == "unread":
        rows = rows.unread()
    if kind := filters.cleaned_data.get("kind"):
        rows = rows.filter(kind=kind)
    return rows


@login_required
@require_POST
def change_notice(request: Visit, pk: int, verb: str) -> HttpResponse:
    """Put one notice aside, take it up again, or open its thing, which puts it aside."""
    mine = InAppNotice.objects.visible_to(request.by).select_related("entry")
    notice = get_object_or_404(mine, pk=pk)
    if verb not in ("read", "unread", "open"):
        raise Http404
    if verb == "unread":
        bell.unread(notice, by=request.by, at=clock.now())
    else:
        bell.read(notice, by=request.by, at=clock.now())
    (told,) = tell_all([notice], request.by)
    there = told.url if verb == "open" else ""
    return HttpResponseRedirect(there or _back(request), status=303)


@login_required
@require_POST
def read_notices(request: Visit) -> HttpResponse:
    """Put all aside, up to the newest one the reader saw; or take back what was put aside so, at the moment the form names."""
    again = _moment(request.POST.get("undo"))
    if again is not None:
        unread_since(again, by=request.by)
        return HttpResponseRedirect(reverse("notices"), status=303)
    told, at = request.POST.get("newest", ""), clock.now()
    newest = int(told) if told.isascii() and told.isdecimal() and len(told) < 19 else NEWEST_ID
    many = read_all(by=request.by, at=at, newest=newest)
    query = f"?{urlencode({'undo': at.isoformat()})}" if many else ""
    return HttpResponseRedirect(f"{reverse('notices')}{query}", status=303)


def _back(request: Visit) -> str:
    """The list as it was filtered and paged."""
    to = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return to if ours else reverse("notices")


def _moment(told: Any) -> datetime | None:
    try:
        found = parse_datetime(told or "")
    except ValueError:
        return None
    return found if found is not None and is_aware(found) else None


urlpatterns = [
    path("notices/", list_notices, name="notices"),
    path("notices/read/", read_notices, name="read_notices"),
    path("notices/<int:pk>/<slug:verb>/", change_notice, name="change_notice"),
]
