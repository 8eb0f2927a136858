"""One import: how far it is, what it would do or did, and the moves on it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.actions.imports import drop_import, start_import, withdraw_import
from partners.exchange.wizard import work
from partners.models.imports import Import
from partners.visit import Visit
from partners.web.imports.found import find, found
from workflow import clock
from workflow.doors.http import show
from workflow.doors.moving import Step, make, reason_form
from workflow.due import how_far

STEPS = (_("File"), _("Columns"), _("Preview"), _("In the register"))
AT = {
    Import.Status.UPLOADED: 2,
    Import.Status.MATCHED: 3,
    Import.Status.CHECKED: 3,
    Import.Status.FAILED: 3,
    Import.Status.RUNNING: 4,
    Import.Status.DONE: 5,
    Import.Status.WITHDRAWING: 5,
    Import.Status.WITHDRAWN: 5,
    Import.Status.DROPPED: 1,
}


@login_required
def show_import(request: Visit, pk: int) -> HttpResponse:
    """One import. While the machine has it, the page asks again by itself."""
    batch = find(request, pk)
    context = {
        "batch": batch,
        "steps": STEPS,
        "step": AT[Import.Status(batch.status)],
        "powers": request.by,
        "progress": how_far(work.task(batch)) if batch.waits else None,
    }
    return show(
        request, "partners/imports/import.html#state", context | ({} if batch.waits else found(batch))
    )


@login_required
def move(request: Visit, pk: int, verb: str) -> HttpResponse:
    """A button of an import's page, or the form in which taking it back is given a reason."""
    return make(request, find(request, pk), verb, MOVES)


def _who(request: Visit) -> dict[str, Any]:
    return {"by": request.by, "at": clock.now()}


MOVES = {
    "start": Step(lambda request, batch: start_import(batch, **_who(request))),
    "withdraw": Step(
        lambda request, batch, reason: withdraw_import(batch, reason=reason, **_who(request)),
        form=reason_form,
        hint=_(
            "What it added goes, unless something rests on it; what it changed is set back, unless it changed since."
        ),
    ),
    "drop": Step(lambda request, batch: drop_import(batch, **_who(request))),
}

urlpatterns = [
    path("register/imports/<int:pk>/", show_import, name="import"),
    path("register/imports/<int:pk>/<slug:verb>/", move, name="import_move"),
]
