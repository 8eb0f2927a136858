"""Upload of a watchlist: the file is read at once, completely or not at all.

Errors are shown by row and column.
"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from partners.authenticated_requests import AuthenticatedRequest
from partners.register_import.errors import ImportFailed
from procurement.sanctions.actions.watchlists import upload_watchlist
from procurement.sanctions.forms import WatchlistUploadForm
from procurement.sanctions.models import Watchlist
from procurement.sanctions.parsers import parse_watchlist
from procurement.sanctions.rules.watchlist_moves import may_maintain
from workflow import clock
from workflow.http.pages import render_page, run_action


@login_required
def upload_watchlist_page(request: AuthenticatedRequest) -> HttpResponse:
    """Upload a watchlist, or a newer version of one."""
    if not may_maintain(request.by):
        raise PermissionDenied
    sent = request.method == "POST"
    form = WatchlistUploadForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        initial=_values_of_older_version(request),
    )
    template = "sanctions/upload.html"
    if not form.is_valid():
        return render_page(request, template, {"form": form}, status=422 if form.is_bound else 200)
    facts = dict(form.cleaned_data)
    file = facts.pop("file")

    def save() -> Watchlist | ImportFailed:
        try:
            found = parse_watchlist(file)
        except ImportFailed as faulty:
            return faulty
        return upload_watchlist(
            found.rows,
            shape=found.file_format,
            unread=found.unread_columns,
            file_name=file.name,
            sha256=found.sha256,
            uploaded_by=request.user,
            by=request.by,
            at=clock.now(),
            **facts,
        )

    def then(came: Watchlist | ImportFailed) -> str | HttpResponse:
        if isinstance(came, Watchlist):
            return came.get_absolute_url()
        context = {"form": form, "refused": came, "faults": came.faults, "all": came.count}
        return render_page(request, template, context, status=422)

    return run_action(request, save, done=then, template=template, context={"form": form})


def _values_of_older_version(request: AuthenticatedRequest) -> dict[str, Any]:
    """Return the initial values for a newer version, from the list in `?newer=WL-2020-0001`."""
    older = Watchlist.objects.in_force().filter(reference=request.GET.get("newer", "")[:20]).first()
    if older is None:
        return {}
    same = ("name", "kind", "publisher", "source")
    return {"replaces": older.pk, **{field: getattr(older, field) for field in same}}
