"""A file of events brought in by hand: first what it would do, row by row, then, once somebody said so, done."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.exchange.faults import Faulty
from partners.roles import Power
from partners.visit import Visit
from procurement.shipments.actions.tracking.batches import hear_many
from procurement.shipments.models.tracking import Batch
from procurement.web.shipments.tracking import reading
from workflow import clock
from workflow.doors.http import attempt, show

TEMPLATE = "shipments/tracking_file.html"
MOST_SHOWN = 100  # rows on the page
MOST_BYTES = 1024 * 1024


class Sent(forms.Form):
    """A file, and who wrote it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV in UTF-8, 1 MB and 2,000 rows at most. Columns: shipment, code, occurred_at; and if known: code_system (own, dcsa, "
            "iata, iftsta), classifier (ACT, PLN, EST, REQ), place, pieces, external_id, source, remark."
        ),
    )
    source = forms.CharField(
        label=_("Who wrote it"),
        max_length=60,
        required=False,
        help_text=_("Such as the carrier. The same sender's numbers are the same events."),
    )

    def clean_file(self) -> bytes:
        """The bytes of the file. Refuses one that is too large."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 1 MB. Send it in parts."))
        content: bytes = file.read()
        return content


class Again(forms.Form):
    """The file as it was looked at, sent again to be taken in."""

    words = forms.CharField(widget=forms.HiddenInput, strip=False)
    name = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    source = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)


@login_required
def tracking_file(request: Visit) -> HttpResponse:
    """Send a file, see what it would do, and let it."""
    if not (request.by.cities.get(Power.SHIP) or request.by.brokers):
        raise PermissionDenied
    if request.method == "POST" and "words" in request.POST:
        return _take(request)
    sent = request.method == "POST"
    form = Sent(request.POST if sent else None, request.FILES if sent else None)
    if not form.is_valid():
        return show(request, TEMPLATE, {"form": form}, status=422 if form.is_bound else 200)
    content, source = form.cleaned_data["file"], form.cleaned_data["source"]
    at = clock.now()
    try:
        rows = reading.read(content, source, request.by, at)
    except Faulty as faulty:
        return _faulty(request, form, faulty)
    looked = reading.foreseen(rows, request.by, at)
    again = Again(
        initial={
            "words": content.decode("utf-8-sig"),
            "name": getattr(request.FILES["file"], "name", ""),
            "source": source,
        }
    )
    fresh = [one for one in looked if one.fresh]
    context = {
        "rows": looked[:MOST_SHOWN],
        "all": len(looked),
        "fresh": len(fresh),
        "repeated": len(looked) - len(fresh),
        "unknown": sum(not one.event.known for one in fresh),
        "again": again,
    }
    return show(request, TEMPLATE, context)


def _take(request: Visit) -> HttpResponse:
    form = Again(request.POST)
    empty = Sent()
    if not form.is_valid():
        return show(request, TEMPLATE, {"form": empty}, status=422)
    facts = form.cleaned_data

    def take() -> Batch | Faulty:
        at = clock.now()
        try:
            rows = reading.read(facts["words"].encode(), facts["source"], request.by, at)
        except Faulty as faulty:
            return faulty
        events = [heard for _number, heard in rows]
        return hear_many(events, by=request.by, at=at, source=facts["source"], file_name=facts["name"])

    def then(came: Batch | Faulty) -> HttpResponse:
        if isinstance(came, Faulty):
            return _faulty(request, empty, came)
        return show(request, TEMPLATE, {"form": empty, "done": came})

    return attempt(request, take, done=then, template=TEMPLATE, context={"form": empty})


def _faulty(request: Visit, form: Any, faulty: Faulty) -> HttpResponse:
    """The page with what is wrong, by row and column."""
    context = {"form": form, "refused": faulty, "faults": faulty.faults, "all": faulty.count}
    return show(request, TEMPLATE, context, status=422)


urlpatterns = [path("shipments/tracking-file/", tracking_file, name="tracking_file")]
