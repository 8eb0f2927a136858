"""Proposals to change a company that other cities deal with: the page of one, and the decisions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from partners.activity.context import activity_context
from partners.cities.models import City
from partners.http import AuthenticatedRequest
from procurement.suppliers.actions.changes import (
    accept_change,
    decline_change,
    propose_change,
    reopen_change,
    withdraw_change,
)
from procurement.suppliers.models.changes import SupplierChange
from workflow import clock
from workflow.base_models import JournaledModel
from workflow.errors import Words
from workflow.http.pages import render_page
from workflow.http.transition_views import TransitionView, reason_form, run_transition
from workflow.moves import moves_of


@dataclass(frozen=True)
class ChangedFact:
    """Change of one fact, in words."""

    label: Words
    old: str
    new: str


def propose_step(
    verb: str, *, taken: Callable[..., dict[str, Any]] | None = None
) -> Callable[..., JournaledModel]:
    """Return the `propose` function of a step, which proposes the move to the cities that decide.

    `taken` converts the data of the form to the arguments of the action.
    """

    def propose(
        request: AuthenticatedRequest, thing: JournaledModel, reason: str = "", **facts: Any
    ) -> SupplierChange:
        values = taken(request, thing, facts) if taken is not None else facts
        return propose_change(
            thing, verb, values, reason=reason, author=request.user, by=request.by, at=clock.now()
        )

    return propose


def _find(request: AuthenticatedRequest, reference: str) -> SupplierChange:
    rows = SupplierChange.objects.visible_to(request.by)
    joined = rows.select_related("supplier", "author", "proposed_for", "decided_by")
    return get_object_or_404(joined, reference=reference)


@login_required
def company_change(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one proposal: its author and reason, its changes, and who decides."""
    thing = _find(request, reference)
    cities = City.objects.in_bulk([*thing.asked, *thing.agreed])
    context = {
        "change": thing,
        "rows": list(_in_words(thing)),
        "act": change_label(thing),
        "asked": [cities[pk] for pk in thing.asked],
        "agreed": [cities[pk] for pk in thing.agreed],
        "powers": request.by,
    }
    return render_page(request, "suppliers/change.html", context | activity_context(request, thing))


def change_label(change: SupplierChange) -> Words:
    """Return the label of the proposed move, as on its button."""
    if change.verb == SupplierChange.COUNT:
        return _("Let it count for your city")
    return moves_of(apps.get_model(change.thing_label))[change.verb].label


def _in_words(change: SupplierChange) -> Iterator[ChangedFact]:
    model = apps.get_model(change.thing_label)
    columns = change.columns
    for told in change.changes:
        if not told["field"]:
            continue
        name = told["field"]
        label: Words = capfirst(str(columns[name])) if name in columns else ASKED.get(name, name)
        old, new = told["old"], told["new"]
        if told["field"] == "status":
            label, old, new = _("Status"), *(str(model.Status(one).label) for one in (old, new))
        yield ChangedFact(label, old, new)


# Labels of facts that a move asks for and that are not columns of the model.
ASKED: dict[str, Words] = {
    "into": _("Reference of the other row"),
    "keep": _("Which value stays"),
    "how": _("How it was looked up"),
    "address": _("Address opened"),
    "seen_on": _("Looked up on"),
    "called_back_on": _("Number called back"),
    "file": _("File"),
}


@login_required
def company_change_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Show the form of a decision on a proposal, or make the decision."""
    return run_transition(request, _find(request, reference), verb, CHANGE_STEPS)


def _who(request: AuthenticatedRequest) -> dict[str, Any]:
    return {"by": request.by, "at": clock.now()}


def _accepting() -> TransitionView:
    return TransitionView(
        lambda request, thing: accept_change(thing, decided_by=request.user, **_who(request))
    )


CHANGE_STEPS = {
    "agree": _accepting(),
    "accept": _accepting(),
    "decline": TransitionView(
        lambda request, thing, reason: decline_change(
            thing, decided_by=request.user, reason=reason, **_who(request)
        ),
        form=reason_form,
        hint=_("Its author reads why."),
    ),
    "reopen": TransitionView(
        lambda request, thing, reason: reopen_change(thing, reason=reason, **_who(request)),
        form=reason_form,
    ),
    "withdraw": TransitionView(lambda request, thing: withdraw_change(thing, **_who(request))),
}
