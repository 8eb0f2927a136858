"""Writing an order from confirmed allocations of one supplier, or taking note of a gift."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.models.cities import City
from partners.roles import Power
from partners.visit import Visit, only
from procurement.allocations.models import Allocation
from procurement.leads.models.offer import SupplierLead
from procurement.orders.actions import making
from procurement.orders.models.order import Order
from workflow import clock
from workflow.doors.http import attempt, show
from workflow.doors.words import quantity
from workflow.errors import Refused


class Choose(forms.Form):
    """Which promises go into the order."""

    allocations = forms.ModelMultipleChoiceField(
        Allocation.objects.none(), label=_("Allocations"), widget=forms.CheckboxSelectMultiple
    )
    donor_city = forms.ModelChoiceField(
        City.objects.order_by("name_en", "pk"), label=_("For a gift: given by which city"), required=False
    )

    def __init__(self, data: Any, waiting: Any, ticked: Any = None) -> None:
        super().__init__(data, initial={"allocations": ticked})
        field = self.fields["allocations"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # declared above
        field.queryset = waiting
        field.label_from_instance = label_of  # type: ignore[assignment, method-assign]  # Django's own way to label a choice


def label_of(allocation: Allocation) -> str:
    """An allocation as a choice: number, pieces, supplier, need."""
    from_whom = allocation.lead.supplier.name
    return f"{allocation.reference} · {quantity(allocation.quantity)} · {from_whom} → {allocation.line.supply_request.reference}"


@login_required
def write(request: Visit) -> HttpResponse:
    """Put confirmed allocations of one supplier into an order, or take note of a gift."""
    only(request, Power.ORDER)
    form = Choose(request.POST or None, waiting(request), request.GET.getlist("allocation"))
    if not form.is_valid():
        return show(request, "orders/write.html", {"form": form}, status=422 if form.is_bound else 200)
    return attempt(
        request,
        lambda: _write(request, list(form.cleaned_data["allocations"]), form.cleaned_data["donor_city"]),
        done=lambda order: order.get_absolute_url(),
        template="orders/write.html",
        context={"form": form},
    )


def _write(request: Visit, promised: list[Allocation], donor_city: City | None) -> Order:
    facts: dict[str, Any] = {"author": request.user, "by": request.by, "at": clock.now()}
    kinds = {one.lead.kind for one in promised}
    if len(kinds) > 1:
        raise Refused(
            "mixed",
            _("Goods that are bought and goods that are given go into separate orders."),
            field="allocations",
        )
    if kinds == {SupplierLead.Kind.DONATION}:
        return making.offer(promised[0].city, promised, donor_city=donor_city, **facts)
    return making.draft(promised[0].city, promised, **facts)


def waiting(request: Visit) -> Any:
    """Confirmed allocations the reader may see, which no order holds yet."""
    rows = Allocation.objects.visible_to(request.by).filter(status=Allocation.Status.CONFIRMED)
    return rows.select_related("lead__supplier", "line__supply_request", "city").order_by("pk")


urlpatterns = [path("orders/new/", write, name="write_order")]
