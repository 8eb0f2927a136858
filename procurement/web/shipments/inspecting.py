"""The inspection of a lot on a page: its sample by the chosen levels, and its checklist with every limit and source."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.visit import Visit
from procurement.catalogue.models.points import InspectionPoint
from procurement.catalogue.sampling import LEVELS, known_aqls
from procurement.shipments.actions import inspections
from procurement.shipments.gathering.looking import Looking, reports_of
from procurement.shipments.models.arrival import Lot, Verdict
from procurement.shipments.rules.inspections import MOST, PLACES, Reading
from workflow import clock
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.forms import MoneyField, QuantityField
from workflow.doors.moving import Step
from workflow.errors import Refused
from workflow.models.evidence import File, FileQuerySet
from workflow.tongues import Measure

SEEN = (("", _("Not looked at")), ("yes", _("Seen")), ("no", _("Not seen")))


class Sample(forms.Form):
    """By which plan the sample is drawn. What nobody can have chosen falls back to what is usual."""

    level = forms.ChoiceField(
        label=_("Inspection level"),
        choices=[(one, one) for one in LEVELS],
        help_text=_("How large the sample is. II is usual."),
    )
    aql = forms.ChoiceField(
        label=_("Quality level (AQL)"),
        choices=lambda: [(f"{one:f}", str(Measure(one))) for one in known_aqls()],
        help_text=_("Defective pieces in a hundred. The smaller, the stricter."),
    )


class Value(MoneyField):
    """A measured value, in the unit of its point."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=10, decimal_places=PLACES, max_value=MOST, **kwargs)


class Inspected(forms.Form):
    """What the look at a sample found: pieces, points of the checklist, and the verdict."""

    def __init__(
        self, data: Any, thing: Lot, chosen: Mapping[str, str], reports: FileQuerySet | None = None
    ) -> None:
        super().__init__(data)
        reports = File.objects.none() if reports is None else reports
        self.looking = looking_at(thing, data or chosen)
        level, aql = self.looking.level, f"{self.looking.aql.normalize():f}"
        self.sample = Sample({"level": level, "aql": aql}, auto_id="other_%s")
        self.fields["level"] = forms.CharField(initial=level, widget=forms.HiddenInput, required=False)
        self.fields["aql"] = forms.CharField(initial=aql, widget=forms.HiddenInput, required=False)
        self.fields["sampled"] = QuantityField(
            label=_("Pieces looked at"), min_value=1, initial=self.looking.plan.sample_size
        )
        self.fields["defects"] = QuantityField(
            label=_("Defective among them"),
            initial=0,
            help_text=_("Torn, dirty, wrongly made: each piece once, however much is wrong with it."),
        )
        for point in self.looking.points:
            self.fields[f"point_{point.key}"] = _field_of(point)
        self.fields["verdict"] = forms.ChoiceField(
            label=_("Verdict"), choices=Verdict.choices, widget=forms.RadioSelect
        )
        self.fields |= _fields_of_a_report(reports, self.looking.points)
        self.fields["word"] = forms.CharField(
            label=_("Why it may pass"),
            help_text=_(
                "Where a firm limit was not measured, a limit without a firm source is not kept, or the sample is laxer than usual."
            ),
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            max_length=LONGEST_WORDS,
        )
        self.fields["measured"] = forms.CharField(
            label=_("What else was measured"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            max_length=LONGEST_WORDS,
        )

    @property
    def groups(self) -> list[tuple[Any, list[tuple[InspectionPoint, Any]]]]:
        """The checklist in two parts: what is measured, and what is looked at; each point with its field."""
        rows = [(point, self[f"point_{point.key}"]) for point in self.looking.points]
        measured = [row for row in rows if row[0].is_measured]
        looked = [row for row in rows if not row[0].is_measured]
        return [(_("Measured"), measured), (_("Looked at"), looked)]

    @property
    def facts(self) -> dict[str, Any]:
        """What the action takes."""
        told = self.cleaned_data
        names = ("sampled", "defects", "verdict", "word", "measured", "report", "covers")
        readings = [
            reading
            for point in self.looking.points
            if (reading := _reading(point, told[f"point_{point.key}"])) is not None
        ]
        chosen = {"level": self.looking.level, "aql": self.looking.aql}
        return {**{name: told[name] for name in names}, **chosen, "readings": readings}


def looking_at(thing: Lot, chosen: Mapping[str, str]) -> Looking:
    """How a lot is looked at by what was chosen on the page; by what is usual where that is no plan."""
    try:
        aql = Decimal(chosen["aql"]) if chosen.get("aql") else None
        return Looking.at(thing, chosen.get("level", ""), aql)
    except (InvalidOperation, Refused):
        return Looking.at(thing)


def inspect_step(request: Visit) -> Step:
    """The move "inspect", with the plan the reader chose in the address."""

    def act(_request: Visit, thing: Lot, **_told: Any) -> object:
        form = Inspected(request.POST, thing, {}, reports_of(thing).visible_to(request.by))
        form.is_valid()
        try:
            return inspections.inspect(
                thing, inspector=request.user, by=request.by, at=clock.now(), **form.facts
            )
        except Refused as refused:
            raise _at_its_point(refused) from refused

    return Step(
        act,
        form=lambda data, thing: Inspected(
            data, thing, request.GET, reports_of(thing).visible_to(request.by)
        ),
        template="shipments/inspect.html",
    )


def _at_its_point(refused: Refused) -> Refused:
    """The same refusal, at the field of the point whose value it speaks of."""
    if refused.details.get("field") != "readings" or "point" not in refused.details:
        return refused
    named = {**refused.details, "field": f"point_{refused.details['point']}"}
    return Refused(refused.code, refused.message, **named)


def _field_of(point: InspectionPoint) -> forms.Field:
    if point.is_measured:
        return Value(label=point.name, required=False, help_text=point.limit_words)
    return forms.ChoiceField(label=point.name, choices=SEEN, required=False)


def _fields_of_a_report(reports: FileQuerySet, points: Sequence[InspectionPoint]) -> dict[str, forms.Field]:
    """A laboratory's report, and which of the points with a firm limit it covers."""
    return {
        "report": forms.ModelChoiceField(
            reports,
            label=_("Laboratory’s report"),
            required=False,
            empty_label=_("None"),
            help_text=_("A file of this lot, of its shipment or of its offer. Attach it there first."),
        ),
        "covers": forms.MultipleChoiceField(
            label=_("Points the report covers"),
            choices=[(point.key, point.name) for point in points if point.blocks],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        ),
    }


def _reading(point: InspectionPoint, value: Any) -> Reading | None:
    if value in (None, ""):
        return None
    if point.is_measured:
        return Reading(key=point.key, value=value)
    return Reading(key=point.key, seen=value == "yes")
