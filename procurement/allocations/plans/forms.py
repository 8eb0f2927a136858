"""Forms of allocation plans: create a plan, change a row, and accept rows."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Case, F, Model, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from partners.permissions.permissions import Permissions
from partners.powers import Power
from procurement.allocations.plans.models import AllocationPlan, PlanRow
from procurement.leads.models.leads import SupplierLead
from procurement.requests.models import RequestLine, SupplyRequest
from workflow.formatting import format_quantity
from workflow.http.forms import QuantityField
from workflow.input_limits import MAX_TEXT_LENGTH

MAX_CHOICES = 200  # lines and offers to choose from on the page; the API takes more


def line_label(line: RequestLine) -> str:
    """Return a need line as a choice: goods, need, city, and what is still needed."""
    words = _("%(product)s · %(need)s · %(city)s: %(open)s still needed")
    return words % {
        "product": line.product.name,
        "need": line.supply_request.reference,
        "city": line.city.name,
        "open": f"{format_quantity(line.unallocated_quantity)} {line.product.unit_for_count(line.unallocated_quantity)}",
    }


def lead_label(lead: SupplierLead) -> str:
    """Return an offer as a choice: supplier, goods, status, and what is free."""
    words = _("%(supplier)s · %(product)s · %(status)s: %(free)s available")
    return words % {
        "supplier": lead.supplier.name,
        "product": lead.product.name,
        "status": lead.get_status_display(),
        "free": f"{format_quantity(lead.free_quantity)} {lead.product.unit_for_count(lead.free_quantity)}",
    }


def row_label(row: PlanRow) -> str:
    """Return a row as a choice: pieces of a supplier for a need line."""
    words = _("%(quantity)s from %(supplier)s for %(need)s")
    return words % {
        "quantity": format_quantity(row.quantity),
        "supplier": row.lead.supplier.name,
        "need": row.line.supply_request.reference,
    }


class AllocationPlanForm(forms.Form):
    """Form for a new plan: need lines, offers and the rule.

    Without data, the lines of the need with this reference are chosen, and the verified offers in their unit.
    """

    lines = forms.ModelMultipleChoiceField(
        RequestLine.objects.none(), label=_("Need lines"), widget=forms.CheckboxSelectMultiple
    )
    leads = forms.ModelMultipleChoiceField(
        SupplierLead.objects.none(), label=_("Offers"), widget=forms.CheckboxSelectMultiple
    )
    unverified = forms.BooleanField(label=_("Include offers that are not verified yet"), required=False)
    rule = forms.ChoiceField(label=_("Rule"), choices=AllocationPlan.Rule.choices, widget=forms.RadioSelect)

    def __init__(self, data: Any, by: Permissions, need: str = "") -> None:
        super().__init__(data, initial={"rule": AllocationPlan.Rule.FAIR})
        mine = by.cities_with(Power.ALLOCATE)
        of_need = Case(When(supply_request__reference=need, then=Value(0)), default=Value(1))
        lines = first_choices(
            RequestLine.objects.filter(
                city__in=mine, supply_request__status=SupplyRequest.Status.OPEN, allocated__lt=F("quantity")
            )
            .select_related("supply_request", "product", "city")
            .order_by(of_need, "priority", "pk")
        )
        leads = first_choices(
            SupplierLead.objects.visible_to(by)
            .filter(city__in=mine, status__in=SupplierLead.LIVE_STATUSES, allocated__lt=F("supply"))
            .select_related("supplier", "product", "city")
            .order_by("-pk")
        )
        set_choices(self.fields["lines"], lines, line_label)
        set_choices(self.fields["leads"], leads, lead_label)
        if data is None and need:
            wanted = [line for line in lines if line.supply_request.reference == need]
            unit = wanted[0].product.unit if wanted else ""
            self.initial["lines"] = [line.pk for line in wanted if line.product.unit == unit]
            verified = [lead for lead in leads if lead.status == SupplierLead.Status.VERIFIED]
            self.initial["leads"] = [lead.pk for lead in verified if lead.product.unit == unit]


def first_choices[M: Model](rows: QuerySet[M]) -> QuerySet[M]:
    """Return the first `MAX_CHOICES` rows, as a query set that a form field can still filter."""
    return rows.filter(pk__in=[*rows.values_list("pk", flat=True)[:MAX_CHOICES]])


def set_choices[M: Model](field: forms.Field, rows: QuerySet[M], label: Callable[[M], str]) -> None:
    """Set the rows among which a field lets the user choose, and the function that labels each row."""
    assert isinstance(field, forms.ModelMultipleChoiceField)  # so declared
    field.queryset = rows
    field.label_from_instance = label  # type: ignore[method-assign, assignment]  # as Django's documentation says


class PlanRowForm(forms.Form):
    """Form for changing a row: its quantity, and the reason."""

    quantity = QuantityField(label=_("Quantity"), min_value=0)
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=MAX_TEXT_LENGTH
    )


class AcceptRowsForm(forms.Form):
    """Form for accepting rows of a plan."""

    rows = forms.ModelMultipleChoiceField(
        PlanRow.objects.none(), label=_("Proposed allocations"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, plan: AllocationPlan) -> None:
        super().__init__(data)
        rows = plan.rows.filter(allocation=None, quantity__gt=0)
        named = rows.select_related("lead__supplier", "line__product", "line__supply_request").order_by("pk")
        set_choices(self.fields["rows"], first_choices(named), row_label)

    def clean_rows(self) -> list[int]:
        """Return the ids of the rows."""
        return [row.pk for row in self.cleaned_data["rows"]]
