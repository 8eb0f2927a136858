"""Pages to upload a file of tracking events: first a preview row by row, then the import."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from partners.authenticated_requests import AuthenticatedRequest
from partners.powers import Power
from partners.register_import.errors import ImportFailed
from procurement.tracking.actions.events import record_event_batch
from procurement.tracking.forms import ConfirmFileForm, TrackingFileForm
from procurement.tracking.models import TrackingBatch
from procurement.tracking.views.event_file import preview_rows, read_event_file
from workflow import clock
from workflow.http.pages import render_page, run_action

TEMPLATE = "tracking/import_events.html"
MAX_PREVIEW_ROWS = 100  # rows on the page


@login_required
def import_tracking_events(request: AuthenticatedRequest) -> HttpResponse:
    """Show the preview of an uploaded file, and import it on confirmation.

    For people with the power SHIP and for brokers.
    """
    if not (request.by.city_ids_by_power.get(Power.SHIP) or request.by.is_broker):
        raise PermissionDenied
    if request.method == "POST" and "words" in request.POST:
        return _import_or_show_faults(request)
    sent = request.method == "POST"
    form = TrackingFileForm(request.POST if sent else None, request.FILES if sent else None)
    if not form.is_valid():
        return render_page(request, TEMPLATE, {"form": form}, status=422 if form.is_bound else 200)
    content, source = form.cleaned_data["file"], form.cleaned_data["source"]
    at = clock.now()
    try:
        rows = read_event_file(content, source, request.by, at)
    except ImportFailed as faulty:
        return _faults_page(request, form, faulty)
    looked = preview_rows(rows, request.by, at)
    again = ConfirmFileForm(
        initial={
            "words": content.decode("utf-8-sig"),
            "name": getattr(request.FILES["file"], "name", ""),
            "source": source,
        }
    )
    fresh = [one for one in looked if one.is_new]
    context = {
        "rows": looked[:MAX_PREVIEW_ROWS],
        "all": len(looked),
        "fresh": len(fresh),
        "repeated": len(looked) - len(fresh),
        "unknown": sum(not one.event.has_known_code for one in fresh),
        "again": again,
    }
    return render_page(request, TEMPLATE, context)


def _import_or_show_faults(request: AuthenticatedRequest) -> HttpResponse:
    form = ConfirmFileForm(request.POST)
    empty = TrackingFileForm()
    if not form.is_valid():
        return render_page(request, TEMPLATE, {"form": empty}, status=422)
    facts = form.cleaned_data

    def import_rows() -> TrackingBatch | ImportFailed:
        at = clock.now()
        try:
            rows = read_event_file(facts["words"].encode(), facts["source"], request.by, at)
        except ImportFailed as faulty:
            return faulty
        events = [update for _number, update in rows]
        return record_event_batch(
            events, by=request.by, at=at, source=facts["source"], file_name=facts["name"]
        )

    def respond(came: TrackingBatch | ImportFailed) -> HttpResponse:
        if isinstance(came, ImportFailed):
            return _faults_page(request, empty, came)
        return render_page(request, TEMPLATE, {"form": empty, "done": came})

    return run_action(request, import_rows, done=respond, template=TEMPLATE, context={"form": empty})


def _faults_page(request: AuthenticatedRequest, form: Any, faulty: ImportFailed) -> HttpResponse:
    """Show the errors of the file by row and column."""
    context = {"form": form, "refused": faulty, "faults": faulty.faults, "all": faulty.count}
    return render_page(request, TEMPLATE, context, status=422)
