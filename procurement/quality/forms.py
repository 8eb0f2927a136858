"""Forms of lots: the sample and the checklist of an inspection, the condition of a release, filters."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.inspection_points import InspectionPoint
from procurement.catalogue.rules.inspections import LEVELS, known_aqls
from procurement.quality.models import Lot, Verdict
from procurement.quality.queries import InspectionSetup
from procurement.quality.rules import MOST, PLACES, PointReading
from workflow.errors import Refused
from workflow.http.forms import MoneyField, QuantityField
from workflow.i18n import LocalizedMeasure
from workflow.input_limits import LONGEST_WORDS
from workflow.uploads.models import File, FileQuerySet


class ConditionForm(forms.Form):
    """Form for the condition under which a lot is released."""

    condition = forms.CharField(
        label=_("Condition"), help_text=_("For example: not for operating rooms."), max_length=LONGEST_WORDS
    )


SEEN = (("", _("Not checked")), ("yes", _("Met")), ("no", _("Not met")))


class SampleForm(forms.Form):
    """Form that chooses the sampling plan. Invalid choices fall back to the usual plan."""

    level = forms.ChoiceField(
        label=_("Inspection level"),
        choices=[(one, one) for one in LEVELS],
        help_text=_("Sets the sample size. Level II is usual."),
    )
    aql = forms.ChoiceField(
        label=_("Acceptance quality limit (AQL)"),
        choices=lambda: [(f"{one:f}", str(LocalizedMeasure(one))) for one in known_aqls()],
        help_text=_("Defective pieces per hundred. The lower the value, the stricter the inspection."),
    )


class ValueField(MoneyField):
    """Field for a measured value, in the unit of its point."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=10, decimal_places=PLACES, max_value=MOST, **kwargs)


class InspectionForm(forms.Form):
    """Form for the result of an inspection: pieces, checklist points and verdict."""

    def __init__(
        self, data: Any, thing: Lot, chosen: Mapping[str, str], reports: FileQuerySet | None = None
    ) -> None:
        super().__init__(data)
        reports = File.objects.none() if reports is None else reports
        self.looking = inspection_setup(thing, data or chosen)
        level, aql = self.looking.level, f"{self.looking.aql.normalize():f}"
        self.sample = SampleForm({"level": level, "aql": aql}, auto_id="other_%s")
        self.fields["level"] = forms.CharField(initial=level, widget=forms.HiddenInput, required=False)
        self.fields["aql"] = forms.CharField(initial=aql, widget=forms.HiddenInput, required=False)
        self.fields["sampled"] = QuantityField(
            label=_("Pieces inspected"), min_value=1, initial=self.looking.plan.sample_size
        )
        self.fields["defects"] = QuantityField(
            label=_("Defective pieces"),
            initial=0,
            help_text=_("Torn, dirty or badly made. Count each piece once, even with several defects."),
        )
        for point in self.looking.points:
            self.fields[f"point_{point.key}"] = _field_of(point)
        self.fields["verdict"] = forms.ChoiceField(
            label=_("Verdict"), choices=Verdict.choices, widget=forms.RadioSelect
        )
        self.fields |= _fields_of_a_report(reports, self.looking.points)
        self.fields["justification"] = forms.CharField(
            label=_("Reason for passing the lot"),
            help_text=_(
                "Required if a binding limit was not measured, a guideline limit was not met, or "
                "the sample is less strict than usual."
            ),
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            max_length=LONGEST_WORDS,
        )
        self.fields["measured"] = forms.CharField(
            label=_("Other measurements"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            max_length=LONGEST_WORDS,
        )

    @property
    def groups(self) -> list[tuple[Any, list[tuple[InspectionPoint, Any]]]]:
        """Checklist in two parts, measured points and viewed points, each with its field."""
        rows = [(point, self[f"point_{point.key}"]) for point in self.looking.points]
        measured = [row for row in rows if row[0].is_measured]
        looked = [row for row in rows if not row[0].is_measured]
        return [(_("Measurements"), measured), (_("Visual checks"), looked)]

    @property
    def facts(self) -> dict[str, Any]:
        """Facts for the action, with the filled-in points as `Reading` objects."""
        values = self.cleaned_data
        names = ("sampled", "defects", "verdict", "justification", "measured", "report", "covers")
        readings = [
            reading
            for point in self.looking.points
            if (reading := _reading(point, values[f"point_{point.key}"])) is not None
        ]
        chosen = {"level": self.looking.level, "aql": self.looking.aql}
        return {**{name: values[name] for name in names}, **chosen, "readings": readings}


def inspection_setup(thing: Lot, chosen: Mapping[str, str]) -> InspectionSetup:
    """Return the inspection plan for the chosen levels, or the usual plan if they are invalid."""
    try:
        aql = Decimal(chosen["aql"]) if chosen.get("aql") else None
        return InspectionSetup.at(thing, chosen.get("level", ""), aql)
    except (InvalidOperation, Refused):
        return InspectionSetup.at(thing)


def _field_of(point: InspectionPoint) -> forms.Field:
    if point.is_measured:
        return ValueField(label=point.name, required=False, help_text=point.limit_words)
    return forms.ChoiceField(label=point.name, choices=SEEN, required=False)


def _fields_of_a_report(reports: FileQuerySet, points: Sequence[InspectionPoint]) -> dict[str, forms.Field]:
    """Return the fields for a laboratory report, and for the points with a firm limit that it covers."""
    return {
        "report": forms.ModelChoiceField(
            reports,
            label=_("Laboratory report"),
            required=False,
            empty_label=_("None"),
            help_text=_("A file from this lot, its shipment or its offer. Attach it there first."),
        ),
        "covers": forms.MultipleChoiceField(
            label=_("Checklist items covered by the report"),
            choices=[(point.key, point.name) for point in points if point.blocks],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        ),
    }


def _reading(point: InspectionPoint, value: Any) -> PointReading | None:
    if value in (None, ""):
        return None
    if point.is_measured:
        return PointReading(key=point.key, value=value)
    return PointReading(key=point.key, seen=value == "yes")


class LotFilterForm(forms.Form):
    """Form that filters the lots by number, reference and status."""

    q = forms.CharField(label=_("Lot number"), required=False, max_length=60)
    status = forms.ChoiceField(
        label=_("Status"), choices=[("", _("Any")), *Lot.Status.choices], required=False
    )
