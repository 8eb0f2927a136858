"""Inspection checklists of goods, and sampling plans: how many pieces to inspect, how many defects to accept.

Pure functions; the two tables of the plans are in the data folder. Source of the plans: MIL-STD-105E (1989,
public domain), tables I and II-A: single sampling, normal inspection, with the arrows of the tables already
resolved. ISO 2859-1 has the same figures. Transcribed from memory; tests check three plans (code letter K at
AQL 2.5, H at 0.65, L at 1.0).
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.inspection_points import InspectionPoint
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from workflow.errors import Refused

DATA_FOLDER = Path(__file__).parents[1] / "data"
INSPECTION_LEVELS = ("S-1", "S-2", "S-3", "S-4", "I", "II", "III")
DEFAULT_AQL = Decimal("2.5")  # usual for protective equipment unless a standard sets another level


def inspection_checklist(
    points: Iterable[InspectionPoint], product: Product, standard: Standard | None
) -> list[InspectionPoint]:
    """Return the points for a product and the standard its offer claims, in order.

    If two points limit the same property in the same unit, the stricter one counts, so that claiming a weaker
    standard does not lower the limit.
    """
    chosen: dict[tuple[str, str], InspectionPoint] = {}
    for point in points:
        if point.bound == InspectionPoint.LimitType.AQL or not point.applies_to(product, standard):
            continue
        kept = chosen.get((point.key, point.unit))
        if kept is None or _is_stricter(point, kept):
            chosen[point.key, point.unit] = point
    return sorted(chosen.values(), key=lambda one: (one.position, one.code))


def default_aql(points: Iterable[InspectionPoint], product: Product, standard: Standard | None) -> Decimal:
    """Return the acceptable quality level (defects per 100) of the claimed standard.

    Without one, return the level that is usual for the goods.
    """
    named = [
        one
        for one in points
        if one.bound == InspectionPoint.LimitType.AQL and one.applies_to(product, standard)
    ]
    of_standard = [one for one in named if standard is not None and standard.code in one.standards]
    chosen = [one.limit for one in of_standard or named if one.limit is not None]
    return min(chosen, default=DEFAULT_AQL)


def _is_stricter(one: InspectionPoint, other: InspectionPoint) -> bool:
    """Return True if a point is stricter than another one for the same property.

    Two points without a limit are equally strict; the one from a firm row is preferred.
    """
    if one.limit is None or other.limit is None:
        return one.is_blocking and not other.is_blocking
    if one.limit == other.limit:
        return (one.is_blocking, one.strict) > (other.is_blocking, other.strict)
    return (one.limit > other.limit) == (one.bound == InspectionPoint.LimitType.AT_LEAST)


@dataclass(frozen=True)
class SamplePlan:
    """Sampling plan: draw `sample_size` pieces and count the defective ones.

    The lot passes with up to `acceptance_number` defective pieces and fails from `rejection_number` on.
    `is_full_inspection`: True if the sample is the whole lot.
    """

    code_letter: str
    sample_size: int
    acceptance_number: int
    rejection_number: int
    is_full_inspection: bool

    def passes(self, defects: int) -> bool:
        """Return True if a lot passes with this number of defective pieces in its sample."""
        return defects <= self.acceptance_number


def sample_plan(lot_size: int, level: str, aql: Decimal | str) -> SamplePlan:
    """Return the sampling plan for a lot size, an inspection level and an acceptable quality level.

    The AQL is in defects per 100 pieces. If the sample is as large as the lot, every piece is inspected.
    Refuses an empty lot, an unknown level and an AQL that is not in the table.
    """
    if lot_size < 1:
        raise Refused("lot_empty", _("Enter a lot size of at least one."), field="lot_size")
    if level not in INSPECTION_LEVELS:
        raise Refused(
            "level_unknown",
            _("This inspection level does not exist."),
            field="level",
            known=list(INSPECTION_LEVELS),
        )
    letter = code_letter(lot_size, level)
    plan = plan_for_letter(letter, aql)
    every_piece = plan.sample_size >= lot_size
    return SamplePlan(
        plan.code_letter,
        min(plan.sample_size, lot_size),
        plan.acceptance_number,
        plan.rejection_number,
        every_piece,
    )


def code_letter(lot_size: int, level: str) -> str:
    """Return the code letter of table I. A lot of one piece uses the row of the smallest lots."""
    rows = (letters for biggest, letters in _letters_by_lot_size() if biggest is None or lot_size <= biggest)
    return next(rows)[level]


def plan_for_letter(letter: str, aql: Decimal | str) -> SamplePlan:
    """Return the plan of table II-A for a code letter.

    Refuses an AQL that is not in the table; the refusal lists the AQLs of the table.
    """
    plan = _plans_by_letter().get((letter, Decimal(aql).normalize()))
    if plan is None:
        known = [str(one) for one in known_aqls()]
        words = _("Choose an acceptable quality level from the table: %(known)s.")
        raise Refused("aql_unknown", words % {"known": ", ".join(known)}, field="aql", known=known)
    return plan


@cache
def known_aqls() -> tuple[Decimal, ...]:
    """Return the acceptable quality levels of the table in ascending order."""
    return tuple(sorted({aql for _letter, aql in _plans_by_letter()}))


@cache
def _letters_by_lot_size() -> list[tuple[int | None, dict[str, str]]]:
    rows = _read_csv("sampling_letters.csv")
    return [(int(row["lot_to"]) if row["lot_to"] else None, row) for row in rows]


@cache
def _plans_by_letter() -> dict[tuple[str, Decimal], SamplePlan]:
    return {
        (row["code_letter"], Decimal(row["aql"]).normalize()): SamplePlan(
            row["plan_letter"],
            int(row["sample_size"]),
            int(row["accept"]),
            int(row["reject"]),
            is_full_inspection=False,
        )
        for row in _read_csv("sampling_plans.csv")
    }


def _read_csv(name: str) -> list[dict[str, str]]:
    with (DATA_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
