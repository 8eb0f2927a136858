"""What an inspection of a lot starts from: its checklist, and the sample that is drawn. Reads only."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from procurement.catalogue.models.points import InspectionPoint
from procurement.catalogue.rules import checklists
from procurement.catalogue.rules.checklists import usual_aql
from procurement.catalogue.sampling import SamplePlan, sample_plan
from procurement.shipments.models.arrival import Lot
from workflow.models.evidence import File, FileQuerySet
from workflow.tongues import Measure

USUAL_LEVEL = "II"


@dataclass(frozen=True)
class Looking:
    """How a lot is looked at: at which level and quality level (defects per 100), how many pieces, and which points."""

    level: str
    aql: Decimal
    usual_aql: Decimal
    plan: SamplePlan
    points: list[InspectionPoint]

    @classmethod
    def at(cls, lot: Lot, level: str = "", aql: Decimal | None = None) -> "Looking":
        """The plan of a lot by what was chosen, else by what is usual for its goods. One query beside its offer.

        Refuses an empty lot, an unknown level, and a quality level that is not in the table.
        """
        lead = lot.line.order_line.allocation.lead
        rows = list(InspectionPoint.objects.all())
        usual = usual_aql(rows, lead.product, lead.standard)
        chosen = (level or USUAL_LEVEL, usual if aql is None else aql)
        plan = sample_plan(lot.quantity, *chosen)
        return cls(*chosen, usual, plan, checklists.checklist(rows, lead.product, lead.standard))

    @property
    def plan_words(self) -> str:
        """The plan as it is named: "II, AQL 1.5"."""
        return _("%(level)s, AQL %(aql)s") % {"level": self.level, "aql": Measure(self.aql)}

    @property
    def usual_words(self) -> str:
        """The usual quality level as the reader's language writes it."""
        return str(Measure(self.usual_aql))

    @property
    def is_laxer(self) -> bool:
        """Whether more bad pieces are let pass than is usual for these goods."""
        return self.aql > self.usual_aql


def reports_of(lot: Lot) -> FileQuerySet:
    """The files that can hold a laboratory's report on a lot: its own, those of its shipment and of its offer."""
    things = (lot, lot.shipment, lot.line.order_line.allocation.lead)
    mine = Q()
    for thing in things:
        mine |= Q(thing_label=thing._meta.label_lower, thing_id=thing.pk)
    return File.objects.filter(mine, status=File.Status.CLEAN).order_by("pk")
