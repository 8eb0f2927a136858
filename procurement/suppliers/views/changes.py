"""Proposals to change a company that other cities deal with: the page of one, and the decisions."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from partners.activity.context import activity_context
from partners.authenticated_requests import AuthenticatedRequest
from partners.cities.models import City
from procurement.suppliers.actions.changes import propose_change
from procurement.suppliers.models.changes import SupplierChange
from procurement.suppliers.rules.changes import ACCEPT, AGREE, DECLINE, REOPEN, WITHDRAW
from workflow import clock
from workflow.base_models import JournaledModel
from workflow.errors import LazyText
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page
from workflow.moves import moves_of


@dataclass(frozen=True)
class ChangedFact:
    """Change of one fact, in words."""

    label: LazyText
    old_value: str
    new_value: str


def propose_move(
    request: AuthenticatedRequest, thing: JournaledModel, verb: str, reason: str = "", **facts: Any
) -> SupplierChange:
    """Propose a move on a supplier's facts to the cities that decide. Used as `MoveOption.propose`."""
    return propose_change(
        thing, verb, facts, reason=reason, author=request.user, by=request.by, at=clock.now()
    )


def _find_change(request: AuthenticatedRequest, reference: str) -> SupplierChange:
    rows = SupplierChange.objects.visible_to(request.by)
    joined = rows.select_related("supplier", "author", "proposed_for", "decided_by")
    return get_object_or_404(joined, reference=reference)


@login_required
def supplier_change_detail(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one proposal: its author and reason, its changes, and who decides."""
    thing = _find_change(request, reference)
    cities = City.objects.in_bulk([*thing.asked, *thing.agreed])
    context = {
        "change": thing,
        "rows": list(_changed_facts(thing)),
        "act": proposed_move_label(thing),
        "asked": [cities[pk] for pk in thing.asked],
        "agreed": [cities[pk] for pk in thing.agreed],
        "powers": request.by,
    }
    return render_page(request, "suppliers/change_detail.html", context | activity_context(request, thing))


def proposed_move_label(change: SupplierChange) -> LazyText:
    """Return the label of the proposed move, as on its button."""
    if change.verb == SupplierChange.ACCEPT_FACT_VERB:
        return _("Apply to your city")
    return moves_of(apps.get_model(change.thing_label))[change.verb].label


def _changed_facts(change: SupplierChange) -> Iterator[ChangedFact]:
    model = apps.get_model(change.thing_label)
    columns = change.field_labels
    for change_row in change.changes:
        if not change_row["field"]:
            continue
        name = change_row["field"]
        label: LazyText = (
            capfirst(str(columns[name])) if name in columns else NON_MODEL_FIELD_LABELS.get(name, name)
        )
        old, new = change_row["old"], change_row["new"]
        if change_row["field"] == "status":
            label, old, new = _("Status"), *(str(model.Status(one).label) for one in (old, new))
        yield ChangedFact(label, old, new)


# Labels of facts that a move asks for and that are not columns of the model.
NON_MODEL_FIELD_LABELS: dict[str, LazyText] = {
    "into": _("Reference of the other record"),
    "keep": _("Value to keep"),
    "how": _("Lookup method"),
    "address": _("Link or number used"),
    "seen_on": _("Lookup date"),
    "callback_number": _("Number called back"),
    "file": _("File"),
}


@login_required
def supplier_change_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Show the form of a decision on a proposal, or make the decision."""
    return run_move(request, _find_change(request, reference), verb, SUPPLIER_CHANGE_MOVE_OPTIONS)


SUPPLIER_CHANGE_MOVE_OPTIONS = move_options(
    AGREE,
    ACCEPT,
    MoveOption(DECLINE, hint=_("The author of the proposal can read the reason.")),
    REOPEN,
    WITHDRAW,
)
