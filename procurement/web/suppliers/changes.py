"""What a city proposes about a company that other cities deal with: one proposal, the list of a company, and the decisions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from partners.models.cities import City
from partners.visit import Visit
from partners.web import record
from procurement.suppliers.actions.changes import (
    accept_change,
    decline_change,
    propose_change,
    reopen_change,
    withdraw_change,
)
from procurement.suppliers.models.change import CompanyChange
from workflow import clock
from workflow.doors.http import show
from workflow.doors.moving import Step, make, reason_form
from workflow.errors import Words
from workflow.models.tracked import Tracked
from workflow.moves import moves_of


@dataclass(frozen=True)
class Changed:
    """One fact that would change, in words."""

    label: Words
    old: str
    new: str


def proposing(verb: str, *, taken: Callable[..., dict[str, Any]] | None = None) -> Callable[..., Tracked]:
    """The `propose` of a step: what the form asked, proposed to the cities that decide. `taken` makes of it what the action takes."""

    def propose(request: Visit, thing: Tracked, reason: str = "", **facts: Any) -> CompanyChange:
        values = taken(request, thing, facts) if taken is not None else facts
        return propose_change(
            thing, verb, values, reason=reason, author=request.user, by=request.by, at=clock.now()
        )

    return propose


def _find(request: Visit, reference: str) -> CompanyChange:
    rows = CompanyChange.objects.visible_to(request.by)
    joined = rows.select_related("supplier", "author", "proposed_for", "decided_by")
    return get_object_or_404(joined, reference=reference)


@login_required
def company_change(request: Visit, reference: str) -> HttpResponse:
    """One proposal: from whom and why, what it would change, and who decides."""
    thing = _find(request, reference)
    cities = City.objects.in_bulk([*thing.asked, *thing.agreed])
    context = {
        "change": thing,
        "rows": list(_in_words(thing)),
        "act": act_of(thing),
        "asked": [cities[pk] for pk in thing.asked],
        "agreed": [cities[pk] for pk in thing.agreed],
        "powers": request.by,
    }
    return show(request, "suppliers/change.html", context | record.of(request, thing))


def act_of(change: CompanyChange) -> Words:
    """What would be done, as its button says."""
    if change.verb == CompanyChange.COUNT:
        return _("Let it count for your city")
    return moves_of(apps.get_model(change.thing_label))[change.verb].label


def _in_words(change: CompanyChange) -> Iterator[Changed]:
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
        yield Changed(label, old, new)


# What a move asks beside the columns of the thing.
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
def company_change_move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """A decision about a proposal."""
    return make(request, _find(request, reference), verb, CHANGE_STEPS)


def _who(request: Visit) -> dict[str, Any]:
    return {"by": request.by, "at": clock.now()}


def _accepting() -> Step:
    return Step(lambda request, thing: accept_change(thing, decided_by=request.user, **_who(request)))


CHANGE_STEPS = {
    "agree": _accepting(),
    "accept": _accepting(),
    "decline": Step(
        lambda request, thing, reason: decline_change(
            thing, decided_by=request.user, reason=reason, **_who(request)
        ),
        form=reason_form,
        hint=_("Its author reads why."),
    ),
    "reopen": Step(
        lambda request, thing, reason: reopen_change(thing, reason=reason, **_who(request)),
        form=reason_form,
    ),
    "withdraw": Step(lambda request, thing: withdraw_change(thing, **_who(request))),
}

urlpatterns = [
    path("company-changes/<slug:reference>/", company_change, name="company_change"),
    path("company-changes/<slug:reference>/<slug:verb>/", company_change_move, name="company_change_move"),
]
