"""The ledger of duty reliefs: every claim with what it saves, its totals by relief and year, one claim's page and its steps."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import ExtractYear
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.visit import Visit
from partners.web import record
from procurement.catalogue.models.customs import DutyRelief
from procurement.catalogue.models.facts import Receiver
from procurement.exchange.sheets import Column
from procurement.shipments.actions.after.reliefs import (
    correct_claim,
    fail_claim,
    prove_claim,
    reopen_claim,
    repay_claim,
)
from procurement.shipments.gathering.reliefs import handed_out
from procurement.shipments.models.reliefs import ReliefClaim, ReliefClaimQuerySet
from procurement.shipments.models.shipment import ShipmentLine
from procurement.shipments.rules.after.reliefs import counts
from procurement.web.sheets import sheet, wanted
from workflow import clock
from workflow.days import reader_day
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.editing import Edit
from workflow.doors.forms import DayField, MoneyField, QuantityField
from workflow.doors.http import show
from workflow.doors.lists import page
from workflow.doors.moving import Step, make, reason_form
from workflow.doors.words import quantity
from workflow.known import as_known

NAMED = ("city", "shipment", "declaration__lane", "relief", "line__order_line__allocation__lead__product")
MOST_TOTALS = 60

COLUMNS: tuple[Column, ...] = (
    (_("Reference"), lambda row: row.reference),
    (_("Shipment"), lambda row: row.shipment.reference),
    (pgettext_lazy("to customs", "Declaration"), lambda row: row.declaration.number),
    (_("Line"), lambda row: row.position),
    (_("Goods"), lambda row: row.line.order_line.allocation.lead.product.name if row.line else ""),
    (_("Pieces relieved"), lambda row: row.pieces),
    (_("Legal basis"), lambda row: row.relief.basis),
    (_("Number of the decision"), lambda row: row.number),
    (_("Claimed on"), lambda row: row.claimed_on),
    (_("Whether the relief held on that day"), lambda row: row.get_held_display()),
    (_("Conditions not met"), lambda row: row.unmet_words),
    (_("Value declared"), lambda row: row.value),
    (_("Currency"), lambda row: row.currency),
    (_("Duty without the relief, per cent"), lambda row: row.duty_percent),
    (_("Source of the duty"), lambda row: row.duty_source),
    (_("Tax without the relief, per cent"), lambda row: row.tax_percent),
    (_("Source of the tax"), lambda row: row.tax_source),
    (_("Amount saved"), lambda row: row.saved),
    (_("Where the amount is from"), lambda row: row.saved_source),
    (_("Amount saved, in the city's currency"), lambda row: row.saved_here),
    (_("The city's currency"), lambda row: row.currency_here),
    (_("Exchange rate"), lambda row: row.rate),
    (_("Day of the rate"), lambda row: row.rate_on),
    (_("Condition"), lambda row: as_known(row.relief.condition, reader_day(clock.now()))),
    (_("End use to be shown by"), lambda row: row.prove_by),
    (_("Pieces shown"), lambda row: row.shown),
    (_("Settled on"), lambda row: row.settled_on),
    (_("Amount repaid"), lambda row: row.repaid),
    (_("Status"), lambda row: row.get_status_display()),
)


class Filters(forms.Form):
    """What the ledger is narrowed by."""

    q = forms.CharField(label=_("Number, claim or shipment"), required=False, max_length=80)
    relief = forms.ChoiceField(label=_("Legal basis"), required=False)
    year = forms.RegexField(r"^(19|20)[0-9]{2}$", label=_("Year"), required=False)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Any")), *ReliefClaim.Status.choices]
    )

    def __init__(self, data: Any, reliefs: Iterable[DutyRelief]) -> None:
        super().__init__(data)
        field = self.fields["relief"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        field.choices = [("", _("Any")), *((one.code, one.name) for one in reliefs)]


class Total(NamedTuple):
    """What one relief saved a city in a year; `unknown` of its claims have no amount in the city's currency."""

    relief: DutyRelief
    year: int
    claims: int
    currency: str
    saved: Any
    unknown: int


@login_required
def relief_claims(request: Visit) -> HttpResponseBase:
    """Every claim of the reader's cities, newest first, with what each relief saved by years."""
    rows = ReliefClaim.objects.visible_to(request.by).select_related(*NAMED)
    reliefs = list(DutyRelief.objects.order_by("country", "code"))
    form = Filters(request.GET, reliefs)
    if form.is_valid():
        rows = _narrowed(rows, **form.cleaned_data)
    if wanted(request):
        return sheet(request, "duty-reliefs", COLUMNS, rows)
    context = {"page": page(request, rows), "filters": form, "totals": totals(rows, reliefs)}
    return show(request, "after/reliefs.html", context)


def totals(rows: QuerySet[ReliefClaim], reliefs: Iterable[DutyRelief]) -> list[Total]:
    """Of the rows shown, by relief and year and the city's currency, the newest year first. One query."""
    found = list(
        rows.order_by()
        .annotate(year=ExtractYear("claimed_on"))
        .values("relief", "year", "currency_here")
        .annotate(claims=Count("pk"), saved_all=Sum("saved_here"), known=Count("saved_here"))
        .order_by("-year", "relief__country", "relief__code", "currency_here")[:MOST_TOTALS]
    )
    known = {relief.pk: relief for relief in reliefs}
    return [
        Total(
            known[one["relief"]],
            one["year"],
            one["claims"],
            one["currency_here"],
            one["saved_all"],
            one["claims"] - one["known"],
        )
        for one in found
    ]


@login_required
def relief_claim(request: Visit, reference: str) -> HttpResponse:
    """One claim: basis, what it saves and by which rates, its condition, where its pieces went, and its steps."""
    claim = _find(request, reference)
    outs = handed_out(claim)
    kinds = dict(Receiver.choices)
    context = {
        "claim": claim,
        "powers": request.by,
        "today": claim.city.day_at(clock.now()),
        "places": [kinds.get(one, one) for one in claim.places],
        "outs": [(out, bool(counts(claim, [out]))) for out in outs],
        "counted": counts(claim, outs),
    }
    return show(request, "after/relief.html", context | record.of(request, claim))


@login_required
def relief_move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """A step of a claim."""
    return make(request, _find(request, reference), verb, STEPS)


class _Goods(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the checker alone
    """A line of a shipment, by its goods."""

    def label_from_instance(self, line: ShipmentLine) -> str:
        """Goods and pieces."""
        return f"{line.order_line.allocation.lead.product.name} · {quantity(line.quantity)}"


class Percent(MoneyField):
    """A rate in per cent."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=5, decimal_places=2, required=False, **kwargs)


class Correction(Edit):
    """Other values of a claim, with the reason."""

    line = _Goods(ShipmentLine.objects.none(), label=_("Goods"), required=False)
    pieces = QuantityField(label=_("Pieces relieved"), min_value=1, required=False)
    number = forms.CharField(label=_("Number of the decision"), max_length=80, required=False)
    value = MoneyField(label=_("Value declared"), max_digits=20)
    duty_percent = Percent(label=_("Duty without the relief, per cent"))
    duty_source = forms.CharField(label=_("Source of the duty"), max_length=600, required=False)
    tax_percent = Percent(label=_("Tax without the relief, per cent"))
    tax_source = forms.CharField(label=_("Source of the tax"), max_length=600, required=False)
    saved = MoneyField(
        label=_("Amount saved, where no rate is known"),
        required=False,
        max_digits=22,
        help_text=_("Leave it empty to have it reckoned from the two rates."),
    )
    saved_source = forms.CharField(label=_("Where the amount is from"), max_length=600, required=False)
    places = forms.MultipleChoiceField(
        label=_("Places that meet the condition"),
        choices=Receiver.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None: any place of the city."),
    )
    prove_by = DayField(label=_("End use to be shown by"), required=False)
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST_WORDS
    )

    def __init__(self, data: Any, claim: ReliefClaim) -> None:
        known = {name: getattr(claim, name) for name in self.base_fields if name != "reason"}
        super().__init__(
            data,
            initial=known | {"saved": claim.saved if claim.saved_source else None, "line": claim.line_id},
        )
        lines = ShipmentLine.objects.filter(shipment=claim.shipment_id)
        field = self.fields["line"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = lines.select_related("order_line__allocation__lead__product").order_by("pk")


class Proof(forms.Form):
    """How the end use was shown."""

    word = forms.CharField(
        label=_("What became of the others"),
        help_text=_("Where fewer pieces were handed out than the relief was claimed for."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_WORDS,
    )


class Repayment(forms.Form):
    """What was paid back."""

    def __init__(self, data: Any, claim: ReliefClaim) -> None:
        super().__init__(data)
        self.fields["repaid"] = MoneyField(
            label=_("Amount repaid, in %(currency)s") % {"currency": claim.currency}, initial=claim.saved
        )
        self.fields["repaid_on"] = DayField(label=_("Paid on"), initial=claim.city.day_at(clock.now()))
        self.fields["word"] = forms.CharField(
            label=_("Number of the receipt"), required=False, max_length=200
        )


def _narrowed(rows: ReliefClaimQuerySet, q: str, relief: str, year: str, status: str) -> ReliefClaimQuerySet:
    found = rows.search(q) if q else rows
    if relief:
        found = found.filter(relief__code=relief)
    if year:
        found = found.filter(claimed_on__year=int(year))
    return found.filter(status=status) if status else found


def _find(request: Visit, reference: str) -> ReliefClaim:
    rows = ReliefClaim.objects.visible_to(request.by).select_related(*NAMED)
    return get_object_or_404(rows, reference=reference)


def _with(action: Any, form: Any, hint: Any = "") -> Step:
    return Step(
        lambda request, thing, **facts: action(thing, by=request.by, at=clock.now(), **facts),
        form=form,
        hint=hint,
    )


STEPS = {
    "correct": _with(correct_claim, Correction, _("The old values stay in the history.")),
    "prove": _with(
        prove_claim,
        lambda data, _thing: Proof(data),
        _("It rests on the pieces that were handed out, and on the paper that was added below."),
    ),
    "not_proven": _with(
        fail_claim, reason_form, _("What was saved has to be paid back. Say why it cannot be shown.")
    ),
    "repay": _with(repay_claim, Repayment),
    "reopen": _with(reopen_claim, reason_form),
}

urlpatterns = [
    path("duty-reliefs/", relief_claims, name="relief_claims"),
    path("duty-reliefs/<slug:reference>/", relief_claim, name="relief_claim"),
    path("duty-reliefs/<slug:reference>/<slug:verb>/", relief_move, name="relief_claim_move"),
]
