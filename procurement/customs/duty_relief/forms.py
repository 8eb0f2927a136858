"""Forms of the relief claims: filter, correction, proof of end use, repayment."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.customs import DutyRelief
from procurement.catalogue.models.reference_rows import EndUserType
from procurement.customs.duty_relief.models import ReliefClaim
from procurement.shipments.models import ShipmentLine
from workflow import clock
from workflow.formatting import format_quantity
from workflow.http.edit_forms import EditForm
from workflow.http.forms import DayField, MoneyField, QuantityField
from workflow.input_limits import MAX_TEXT_LENGTH


class ReliefClaimFilterForm(forms.Form):
    """Form that filters the list of relief claims."""

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


class _GoodsChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the checker alone
    """Choice of a shipment line, labelled by its goods."""

    def label_from_instance(self, line: ShipmentLine) -> str:
        """Return the product and the number of pieces."""
        return f"{line.order_line.allocation.lead.product.name} · {format_quantity(line.quantity)}"


class PercentField(MoneyField):
    """Field for a rate in per cent."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=5, decimal_places=2, required=False, **kwargs)


class CorrectClaimForm(EditForm):
    """Form that corrects a claim, with the reason."""

    line = _GoodsChoiceField(ShipmentLine.objects.none(), label=_("Goods"), required=False)
    pieces = QuantityField(label=_("Units covered by the relief"), min_value=1, required=False)
    number = forms.CharField(label=_("Decision number"), max_length=80, required=False)
    value = MoneyField(label=_("Declared value"), max_digits=20)
    duty_percent = PercentField(label=_("Duty rate without relief (percent)"))
    duty_source = forms.CharField(label=_("Source of the duty rate"), max_length=600, required=False)
    tax_percent = PercentField(label=_("Tax rate without relief (percent)"))
    tax_source = forms.CharField(label=_("Source of the tax rate"), max_length=600, required=False)
    saved = MoneyField(
        label=_("Amount saved, if the rates are not known"),
        required=False,
        max_digits=22,
        help_text=_("Leave blank to calculate the amount from the two rates."),
    )
    saved_source = forms.CharField(label=_("Source of the amount"), max_length=600, required=False)
    places = forms.MultipleChoiceField(
        label=_("Places that meet the condition"),
        choices=EndUserType.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("If you choose none, any place in the city meets the condition."),
    )
    prove_by = DayField(label=_("Proof of end use due by"), required=False)
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=MAX_TEXT_LENGTH
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


class EndUseProofForm(forms.Form):
    """Form for the proof of end use."""

    explanation = forms.CharField(
        label=_("What happened to the other units"),
        help_text=_("Required if fewer units were distributed than the relief was claimed for."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_TEXT_LENGTH,
    )


class RepaymentForm(forms.Form):
    """Form for the amount of duty paid back."""

    def __init__(self, data: Any, claim: ReliefClaim) -> None:
        super().__init__(data)
        self.fields["repaid"] = MoneyField(
            label=_("Amount repaid, in %(currency)s") % {"currency": claim.currency}, initial=claim.saved
        )
        self.fields["repaid_on"] = DayField(label=_("Paid on"), initial=claim.city.day_at(clock.now()))
        self.fields["explanation"] = forms.CharField(
            label=_("Receipt number"), required=False, max_length=200
        )
