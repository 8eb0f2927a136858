"""Data for the inspection of a lot: its checklist and its sample. Reads only."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from procurement.catalogue.models.inspection_points import InspectionPoint
from procurement.catalogue.rules.inspections import SamplePlan, default_aql, inspection_checklist, sample_plan
from procurement.quality.models import Lot
from workflow.i18n import LocalizedMeasure
from workflow.uploads.models import File, FileQuerySet

DEFAULT_INSPECTION_LEVEL = "II"


@dataclass(frozen=True)
class InspectionSetup:
    """Plan of an inspection: level, AQL (defects per 100), sample and checklist."""

    level: str
    aql: Decimal
    usual_aql: Decimal
    sampling_plan: SamplePlan
    checklist_points: list[InspectionPoint]

    @classmethod
    def for_lot(cls, lot: Lot, level: str = "", aql: Decimal | None = None) -> "InspectionSetup":
        """Return the plan of a lot by the given level and AQL, else by the usual ones.

        One query besides its offer. Refuses an empty lot, an unknown level, and an AQL that is not in the
        table.
        """
        lead = lot.line.order_line.allocation.lead
        rows = list(InspectionPoint.objects.all())
        usual = default_aql(rows, lead.product, lead.standard)
        chosen = (level or DEFAULT_INSPECTION_LEVEL, usual if aql is None else aql)
        plan = sample_plan(lot.quantity, *chosen)
        return cls(*chosen, usual, plan, inspection_checklist(rows, lead.product, lead.standard))

    @property
    def plan_text(self) -> str:
        """Sampling plan, such as "II, AQL 1.5"."""
        return _("%(level)s, AQL %(aql)s") % {"level": self.level, "aql": LocalizedMeasure(self.aql)}

    @property
    def usual_aql_text(self) -> str:
        """Usual AQL in the reader's format."""
        return str(LocalizedMeasure(self.usual_aql))

    @property
    def is_laxer_than_usual(self) -> bool:
        """True if the plan accepts more nonconforming pieces than is usual for these goods."""
        return self.aql > self.usual_aql


def laboratory_reports(lot: Lot) -> FileQuerySet:
    """Return the clean files that can be a laboratory's report on a lot.

    They are the files of the lot, of its shipment and of its offer.
    """
    things = (lot, lot.shipment, lot.line.order_line.allocation.lead)
    mine = Q()
    for thing in things:
        mine |= Q(thing_label=thing._meta.label_lower, thing_id=thing.pk)
    return File.objects.filter(mine, status=File.Status.CLEAN).order_by("pk")
