"""Cases of differences: the list, the page of one, and what is done about it."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.visit import Visit
from partners.web import record
from partners.web.fields import CurrencyField
from procurement.exchange.sheets import CASES
from procurement.shipments.actions.dock.cases import answer_case, drop_case, settle_case
from procurement.shipments.models.cases import DifferenceCase, DifferenceCaseQuerySet
from procurement.shipments.models.dock import CartonSeen
from procurement.shipments.rules.dock.cases import LONGEST
from procurement.web.sheets import sheet, wanted
from workflow import clock
from workflow.doors.editing import Edit
from workflow.doors.forms import DayField, MoneyField
from workflow.doors.http import show
from workflow.doors.lists import page
from workflow.doors.moving import Step, make, reason_form
from workflow.models.evidence import File

Outcome = DifferenceCase.Outcome
GOODS = "line__order_line__allocation__lead"
STATUSES = [("", _("Any")), *DifferenceCase.Status.choices]
KINDS = [("", _("Any")), *DifferenceCase.Kind.choices]


class Filters(forms.Form):
    """Which cases: by number, status, kind, company."""

    q = forms.CharField(label=_("Number of the case or the shipment"), required=False, max_length=60)
    status = forms.ChoiceField(label=_("Status"), choices=STATUSES, required=False)
    kind = forms.ChoiceField(label=_("Difference"), choices=KINDS, required=False)
    supplier = forms.CharField(label=_("Company’s number"), required=False, max_length=20)


class Answer(Edit):
    """What the sender said, written down by whoever heard it."""

    answer = forms.CharField(
        label=_("What the sender says"), widget=forms.Textarea(attrs={"rows": 4}), max_length=LONGEST
    )

    def __init__(self, data: Any, thing: DifferenceCase) -> None:
        super().__init__(data, initial={"answer": thing.answer})


class Settlement(forms.Form):
    """How it was settled."""

    outcome = forms.ChoiceField(
        label=_("How it was settled"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    amount = MoneyField(label=_("Sum credited"), required=False, max_digits=16, decimal_places=2)
    currency = CurrencyField(
        label=_("Currency"), required=False, widget=forms.TextInput(attrs={"class": "w-number"})
    )
    words = forms.CharField(
        label=_("In words"), widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST, required=False
    )

    def __init__(self, data: Any, thing: DifferenceCase) -> None:
        super().__init__(data, initial={"currency": thing.line.order_line.order.currency})
        if thing.kind != DifferenceCase.Kind.SURPLUS:
            return
        self.fields["outcome"].choices = [one for one in Outcome.choices if one[0] != Outcome.REPLACED]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["lot_number"] = forms.CharField(
            label=_("Lot number"),
            max_length=60,
            required=False,
            help_text=_("These pieces go into quarantine. Leave it open for the lot they were counted with."),
        )
        self.fields["expires_on"] = DayField(label=_("Expires"), required=False)

    def clean(self) -> dict[str, Any]:
        """A currency without a sum says nothing: the form proposes it."""
        facts = super().clean() or {}
        known = facts.get("amount") is not None
        return facts | {"currency": str(facts.get("currency", "")).upper() if known else ""}


@login_required
def cases(request: Visit) -> HttpResponseBase:
    """Every case of the reader's cities, newest first."""
    form = Filters(request.GET)
    names = ("shipment", "city", f"{GOODS}__product", f"{GOODS}__supplier")
    rows = DifferenceCase.objects.visible_to(request.by).select_related(*names)
    if form.is_valid():
        rows = _narrowed(rows, **form.cleaned_data)
    if wanted(request):
        return sheet(request, "cases", CASES, rows)
    return show(request, "shipments/dock/cases.html", {"page": page(request, rows), "filters": form})


def _narrowed(
    rows: DifferenceCaseQuerySet, q: str, status: str, kind: str, supplier: str
) -> DifferenceCaseQuerySet:
    found = rows.search(q) if q else rows
    exact = {"status": status, "kind": kind, f"{GOODS}__supplier__reference": supplier.strip().upper()}
    return found.filter(**{name: value for name, value in exact.items() if value})


@login_required
def case(request: Visit, reference: str) -> HttpResponse:
    """One case: what differed, what the sender was told and says, how it was settled, the photos of its cartons."""
    thing = _find(request, reference)
    seen = CartonSeen.objects.standing().filter(receipt=thing.receipt_id, carton__line=thing.line_id)
    seen = seen.exclude(state=CartonSeen.State.WHOLE).select_related("carton").order_by("carton__number")
    boxes = list(seen)
    photos = File.objects.visible_to(request.by).about(thing.shipment)
    context = {
        "case": thing,
        "powers": request.by,
        "boxes": boxes,
        "photos": photos.filter(kind__in=[one.carton.reference for one in boxes]).order_by("pk"),
        "supplier": thing.lead.supplier,
    }
    return show(request, "shipments/dock/case.html", context | record.of(request, thing))


@login_required
def case_move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """Write the answer down, settle, drop."""
    return make(request, _find(request, reference), verb, STEPS)


def _find(request: Visit, reference: str) -> DifferenceCase:
    rows = DifferenceCase.objects.visible_to(request.by).select_related(
        "city",
        "shipment",
        "receipt__by",
        "contact__user",
        "contact__city",
        "line__order_line__order",
        f"{GOODS}__product",
        f"{GOODS}__supplier__place",
    )
    return get_object_or_404(rows, reference=reference)


def _step(action: Any, form: Any) -> Step:
    return Step(
        lambda request, thing, **facts: action(thing, by=request.by, at=clock.now(), **facts), form=form
    )


STEPS = {
    "answer": _step(answer_case, Answer),
    "settle": _step(settle_case, Settlement),
    "drop": _step(drop_case, reason_form),
}

urlpatterns = [
    path("cases/", cases, name="difference_cases"),
    path("cases/<slug:reference>/", case, name="difference_case"),
    path("cases/<slug:reference>/<slug:verb>/", case_move, name="difference_case_move"),
]
