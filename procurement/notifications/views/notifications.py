"""Page of the reader's notifications, each with a link to its object; mark as read or unread."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import is_aware
from django.views.decorators.http import require_POST

from partners.authenticated_requests import AuthenticatedRequest
from procurement.notifications.filter_forms import NotificationFilterForm
from procurement.notifications.in_app_text import render_notifications
from procurement.notifications.page_groups import group_by_page, shown_on_page_of, shown_on_same_page
from workflow import clock
from workflow.http.pages import render_page
from workflow.http.pagination import paginate
from workflow.outbox.in_app_notifications import (
    mark_all_read,
    mark_read_about,
    mark_unread,
    undo_mark_all_read,
)
from workflow.outbox.models import Notification, NotificationQuerySet

MAX_NOTIFICATION_ID = 2**63 - 1


@login_required
def notification_list(request: AuthenticatedRequest) -> HttpResponse:
    """Show the reader's open notifications, grouped by object, the newest first.

    A filter shows settled ones too.
    """
    filters = NotificationFilterForm(request.GET)
    mine = Notification.objects.visible_to(request.by)
    found = paginate(request, _apply_filters(mine, filters).select_related("entry", "settled_by"))
    undo = _parse_moment(request.GET.get("undo"))
    notices = render_notifications(found.rows, request.by)
    groups = group_by_page(notices)
    context = {
        "filters": filters,
        "page": found,
        "notices": notices,
        "groups": groups
        if filters.cleaned_data.get("show") == "all"
        else [one for one in groups if not one.is_settled],
        "newest": mine.order_by("-pk").values_list("pk", flat=True).first(),
        "undo": undo.isoformat() if undo else "",
        "here": request.get_full_path(),
    }
    return render_page(request, "notifications/list.html", context)


def _apply_filters(rows: NotificationQuerySet, filters: NotificationFilterForm) -> NotificationQuerySet:
    """Return the notifications that match the filters. Invalid values, as from old bookmarks, are ignored."""
    filters.is_valid()
    show = filters.cleaned_data.get("show")
    if show == "unread":
        rows = rows.unread()
    elif show != "all":
        rows = rows.filter(settled_by=None)
    if kind := filters.cleaned_data.get("kind"):
        rows = rows.filter(kind=kind)
    return rows


@login_required
@require_POST
def make_notification_move(request: AuthenticatedRequest, pk: int, verb: str) -> HttpResponse:
    """Mark a notification as read or unread, or open its object.

    Reading and opening mark all notifications of the group as read, because the page of the object shows them all.
    """
    mine = Notification.objects.visible_to(request.by).select_related("entry")
    notice = get_object_or_404(mine, pk=pk)
    if verb not in ("read", "unread", "open"):
        raise Http404
    (rendered,) = render_notifications([notice], request.by)
    if verb == "unread":
        mark_unread(notice, by=request.by, at=clock.now())
    else:
        mark_read_about(shown_on_same_page(notice, rendered), by=request.by, at=clock.now())
    there = rendered.url if verb == "open" else ""
    return HttpResponseRedirect(there or _list_url(request), status=303)


@login_required
@require_POST
def mark_object_read(request: AuthenticatedRequest, label: str, pk: int) -> HttpResponse:
    """Mark the reader's notifications about an object as read. Its page sends this when it is opened."""
    mark_read_about(shown_on_page_of(label, pk), by=request.by, at=clock.now())
    return HttpResponse(status=204)


@login_required
@require_POST
def mark_list_read(request: AuthenticatedRequest) -> HttpResponse:
    """Mark all notifications as read, up to the newest one on the reader's page.

    With `undo`, mark those as unread again that were marked as read at that moment.
    """
    again = _parse_moment(request.POST.get("undo"))
    if again is not None:
        undo_mark_all_read(again, by=request.by)
        return HttpResponseRedirect(reverse("notifications"), status=303)
    sent, at = request.POST.get("newest", ""), clock.now()
    newest = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 19 else MAX_NOTIFICATION_ID
    many = mark_all_read(by=request.by, at=at, newest=newest)
    query = f"?{urlencode({'undo': at.isoformat()})}" if many else ""
    return HttpResponseRedirect(f"{reverse('notifications')}{query}", status=303)


def _list_url(request: AuthenticatedRequest) -> str:
    """Return the address of the list, with its filters and page, if it is an address of this site."""
    to = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return to if ours else reverse("notifications")


def _parse_moment(value: Any) -> datetime | None:
    try:
        found = parse_datetime(value or "")
    except ValueError:
        return None
    return found if found is not None and is_aware(found) else None
