"""Forms of lots: the sample and the checklist of an inspection, the condition of a release, filters."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.forms import ProductSearchField, product_condition
from procurement.catalogue.models.inspection_points import InspectionPoint
from procurement.catalogue.rules.inspections import INSPECTION_LEVELS, known_aqls
from procurement.quality.models import Lot, Verdict
from procurement.quality.queries import InspectionSetup
from procurement.quality.rules import (
    MAX_MEASURED_DECIMALS,
    MAX_MEASURED_VALUE,
    NO_SUGGESTION,
    PointReading,
    VerdictSuggestion,
    match_readings,
    sample_verdict_refusal,
    suggest_verdict,
    unsupported_pass_refusal,
)
from procurement.suppliers.models.suppliers import Supplier
from workflow.errors import Refused
from workflow.http.forms import DayField, MoneyField, QuantityField
from workflow.http.lists import ListFilterForm
from workflow.i18n import LocalizedMeasure
from workflow.input_limits import MAX_TEXT_LENGTH
from workflow.uploads.models import File, FileQuerySet


class ReleaseConditionForm(forms.Form):
    """Form for the condition under which a lot is released."""

    condition = forms.CharField(
        label=_("Condition"), help_text=_("For example: not for operating rooms."), max_length=MAX_TEXT_LENGTH
    )


POINT_RESULT_CHOICES = (("yes", _("Pass")), ("no", _("Fail")), ("", _("Not checked")))


class SamplingPlanForm(forms.Form):
    """Form that chooses the sampling plan. Invalid choices fall back to the usual plan."""

    level = forms.ChoiceField(
        label=_("Inspection level"),
        choices=[(one, one) for one in INSPECTION_LEVELS],
        help_text=_("Sets the sample size. Level II is usual."),
    )
    aql = forms.ChoiceField(
        label=_("Acceptance quality limit (AQL)"),
        choices=lambda: [(f"{one:f}", str(LocalizedMeasure(one))) for one in known_aqls()],
        help_text=_("Defective units per hundred. The lower the value, the stricter the inspection."),
    )


class MeasuredValueField(MoneyField):
    """Field for a measured value, in the unit of its point."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_digits=10, decimal_places=MAX_MEASURED_DECIMALS, max_value=MAX_MEASURED_VALUE, **kwargs
        )


class InspectionForm(forms.Form):
    """Form for the result of an inspection: pieces, checklist points and verdict."""

    def __init__(
        self, data: Any, thing: Lot, chosen: Mapping[str, str], reports: FileQuerySet | None = None
    ) -> None:
        super().__init__(data)
        self.lot = thing
        reports = File.objects.none() if reports is None else reports
        self.looking = inspection_setup(thing, data or chosen)
        level, aql = self.looking.level, f"{self.looking.aql.normalize():f}"
        self.sample = SamplingPlanForm({"level": level, "aql": aql}, auto_id="other_%s")
        self.fields["level"] = forms.CharField(initial=level, widget=forms.HiddenInput, required=False)
        self.fields["aql"] = forms.CharField(initial=aql, widget=forms.HiddenInput, required=False)
        self.fields["sampled"] = QuantityField(
            label=_("Units inspected"), min_value=1, initial=self.looking.sampling_plan.sample_size
        )
        self.fields["defects"] = QuantityField(
            label=_("Defective units"),
            initial=0,
            help_text=_("Torn, dirty or badly made. Count each unit once, even with several defects."),
        )
        for point in self.looking.checklist_points:
            self.fields[f"point_{point.key}"] = _point_field(point)
        self.fields["verdict"] = forms.ChoiceField(
            label=_("Verdict"), choices=Verdict.choices, widget=forms.RadioSelect
        )
        self.fields |= _report_fields(reports, self.looking.checklist_points)
        self.fields["justification"] = forms.CharField(
            label=_("Reason for passing the lot"),
            help_text=_(
                "Required if a value with a binding limit was not measured, a guideline limit was not met, "
                "or the sampling is less strict than usual."
            ),
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            max_length=MAX_TEXT_LENGTH,
        )
        self.fields["measured"] = forms.CharField(
            label=_("Other measurements"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            max_length=MAX_TEXT_LENGTH,
        )

    @property
    def checklist_rows(self) -> list[tuple[InspectionPoint, Any]]:
        """Points of the checklist, each with its field: measured ones first, then those only looked at."""
        rows = [(point, self[f"point_{point.key}"]) for point in self.looking.checklist_points]
        return sorted(rows, key=lambda row: not row[0].is_measured)

    @property
    def inspection_facts(self) -> dict[str, Any]:
        """Facts for the action, with the filled-in points as `PointReading` objects."""
        values = self.cleaned_data
        names = ("sampled", "defects", "verdict", "justification", "measured", "report", "covers")
        chosen = {"level": self.looking.level, "aql": self.looking.aql}
        return {**{name: values[name] for name in names}, **chosen, "readings": self._readings(values)}

    def _readings(self, values: Mapping[str, Any]) -> list[PointReading]:
        return [
            reading
            for point in self.looking.checklist_points
            if (reading := _reading_of_point(point, values.get(f"point_{point.key}"))) is not None
        ]

    @cached_property
    def verdict_suggestion(self) -> VerdictSuggestion:
        """Verdict that the results entered so far suggest; none before anything was entered."""
        if not self.is_bound:
            return NO_SUGGESTION
        values, plan = self.cleaned_data, self.looking.sampling_plan
        why, covers = values.get("justification", ""), values.get("covers", [])
        try:
            found = match_readings(self.looking.checklist_points, self._readings(values))
        except Refused as refused:
            return VerdictSuggestion("", refused.message)
        sampled, defects = values.get("sampled") or 0, values.get("defects") or 0
        refused_pass = sample_verdict_refusal(
            plan, self.lot.quantity, sampled, defects, Verdict.PASSED
        ) or unsupported_pass_refusal(
            found, Verdict.PASSED, why, covers=covers, laxer=self.looking.is_laxer_than_usual
        )
        return suggest_verdict(found, refused_pass, supported=bool(why.strip() or covers))

    @property
    def verdict_buttons(self) -> list[dict[str, Any]]:
        """Verdicts as radio buttons: the chosen one, else the suggested one.

        "Passed" is disabled until the results allow it, unless it was chosen. A verdict that the form had
        suggested and the user did not change is replaced by the new suggestion.
        """
        chosen, before = self.data.get("verdict", ""), self.data.get("suggested", "")
        suggested = self.verdict_suggestion
        checked = suggested.verdict if chosen in ("", before) else chosen
        return [
            {
                "value": value,
                "label": label,
                "checked": value == checked,
                "closed": value == Verdict.PASSED != checked and not suggested.can_pass,
            }
            for value, label in Verdict.choices
        ]


def inspection_setup(thing: Lot, chosen: Mapping[str, str]) -> InspectionSetup:
    """Return the inspection plan for the chosen levels, or the usual plan if they are invalid."""
    try:
        aql = Decimal(chosen["aql"]) if chosen.get("aql") else None
        return InspectionSetup.for_lot(thing, chosen.get("level", ""), aql)
    except (InvalidOperation, Refused):
        return InspectionSetup.for_lot(thing)


def _point_field(point: InspectionPoint) -> forms.Field:
    if point.is_measured:
        return MeasuredValueField(label=point.name, required=False)
    radios = forms.RadioSelect
    return forms.ChoiceField(
        label=point.name, choices=POINT_RESULT_CHOICES, widget=radios, required=False, initial=""
    )


def _report_fields(reports: FileQuerySet, points: Sequence[InspectionPoint]) -> dict[str, forms.Field]:
    """Return the fields for a laboratory report, and for the points with a binding limit that it covers."""
    return {
        "report": forms.ModelChoiceField(
            reports,
            label=_("Laboratory report"),
            required=False,
            empty_label=_("None"),
            help_text=_("Choose a file already attached to this lot, its shipment or its offer."),
        ),
        "covers": forms.MultipleChoiceField(
            label=_("Checklist items covered by the report"),
            choices=[(point.key, point.name) for point in points if point.is_blocking],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        ),
    }


def _reading_of_point(point: InspectionPoint, value: Any) -> PointReading | None:
    if value in (None, ""):
        return None
    if point.is_measured:
        return PointReading(key=point.key, value=value)
    return PointReading(key=point.key, seen=value == "yes")


class LotFilterForm(ListFilterForm):
    """Form that filters the lots by number, reference, status, goods and expiry date."""

    lookups: ClassVar = {
        "status": "status",
        "product": product_condition("line__order_line__allocation__lead__product"),
        "supplier": lambda text, _by: Q(
            line__order_line__allocation__lead__supplier__in=Supplier.objects.search(text)
        ),
        "since": "expires_on__gte",
        "until": "expires_on__lte",
    }

    q = forms.CharField(label=_("Lot number"), required=False, max_length=60)
    status = forms.ChoiceField(
        label=_("Status"), choices=[("", _("Any")), *Lot.Status.choices], required=False
    )
    product = ProductSearchField()
    supplier = forms.CharField(label=_("Supplier"), required=False, max_length=100)
    since = DayField(label=_("Expires on or after"), required=False, help_text="")
    until = DayField(label=_("Expires on or before"), required=False, help_text="")

    sorts = (("number", _("Lot number")), ("quantity", _("Units")))
