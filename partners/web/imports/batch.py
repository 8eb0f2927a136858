"""One import: how far it is, what it would do or did, and the moves on it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.actions import imports
from partners.exchange.wizard import work
from partners.models import Import
from partners.visit import Visit
from partners.web.imports.found import find, found
from workflow import clock, due
from workflow.doors.http import show
from workflow.doors.moving import Step, make, reason_form

STEPS = (_("File"), _("Columns"), _("Preview"), _("In the register"))
S = Import.Status
AT = {
    S.UPLOADED: 2,
    S.MATCHED: 3,
    S.CHECKED: 3,
    S.FAILED: 3,
    S.RUNNING: 4,
    S.DONE: 5,
    S.WITHDRAWING: 5,
    S.WITHDRAWN: 5,
    S.DROPPED: 1,
}


@login_required
def show_import(request: Visit, pk: int) -> HttpResponse:
    """One import. While the machine has it, the page asks again by itself."""
    batch = find(request, pk)
    context = {
        "batch": batch,
        "steps": STEPS,
        "step": AT[S(batch.status)],
        "powers": request.by,
        "progress": due.how_far(work.task(batch)) if batch.waits else None,
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
    "start": Step(lambda request, batch: imports.start_import(batch, **_who(request))),
    "withdraw": Step(
        lambda request, batch, reason: imports.withdraw_import(batch, reason=reason, **_who(request)),
        form=reason_form,
        hint=_(
            "What it added goes, unless something rests on it; what it changed is set back, unless it changed since."
        ),
    ),
    "drop": Step(lambda request, batch: imports.drop_import(batch, **_who(request))),
}

urlpatterns = [
    path("register/imports/<int:pk>/", show_import, name="import"),
    path("register/imports/<int:pk>/<slug:verb>/", move, name="import_move"),
]
