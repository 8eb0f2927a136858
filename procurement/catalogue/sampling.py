"""Sampling plans: how many pieces of a lot to inspect, and how many defective ones to accept.

Pure functions; the two tables are in the data folder. Source: MIL-STD-105E (1989, public domain), tables I
and II-A: single sampling, normal inspection, with the arrows of the tables already resolved.
ISO 2859-1 has the same figures. Transcribed from memory; three anchors are tested (K at 2.5, H at 0.65,
L at 1.0).
"""

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from workflow.errors import Refused

DATA = Path(__file__).parent / "data"
LEVELS = ("S-1", "S-2", "S-3", "S-4", "I", "II", "III")


@dataclass(frozen=True)
class SamplePlan:
    """Sampling plan: draw `sample_size` pieces and count the defective ones.

    The lot passes with up to `accept` defective pieces and fails from `reject` on.
    """

    letter: str
    sample_size: int
    accept: int
    reject: int
    every_piece: bool

    def passes(self, defects: int) -> bool:
        """Return True if a lot passes with this number of defective pieces in its sample."""
        return defects <= self.accept


def sample_plan(lot_size: int, level: str, aql: Decimal | str) -> SamplePlan:
    """Return the sampling plan for a lot size, an inspection level and an acceptable quality level.

    The AQL is in defects per 100 pieces. If the sample is as large as the lot, every piece is inspected.
    Refuses an empty lot, an unknown level and an AQL that is not in the table.
    """
    if lot_size < 1:
        raise Refused("lot_empty", _("A lot has at least one piece."), field="lot_size")
    if level not in LEVELS:
        raise Refused(
            "level_unknown", _("There is no such inspection level."), field="level", known=list(LEVELS)
        )
    letter = code_letter(lot_size, level)
    plan = plan_for_letter(letter, aql)
    every_piece = plan.sample_size >= lot_size
    return SamplePlan(plan.letter, min(plan.sample_size, lot_size), plan.accept, plan.reject, every_piece)


def code_letter(lot_size: int, level: str) -> str:
    """Return the code letter of table I. A lot of one piece uses the row of the smallest lots."""
    rows = (letters for biggest, letters in _letters() if biggest is None or lot_size <= biggest)
    return next(rows)[level]


def plan_for_letter(letter: str, aql: Decimal | str) -> SamplePlan:
    """Return the plan of table II-A for a code letter.

    Refuses an AQL that is not in the table; the refusal lists the AQLs of the table.
    """
    plan = _plans().get((letter, Decimal(aql).normalize()))
    if plan is None:
        known = [str(one) for one in known_aqls()]
        words = _("Choose an acceptable quality level from the table: %(known)s.")
        raise Refused("aql_unknown", words % {"known": ", ".join(known)}, field="aql", known=known)
    return plan


@cache
def known_aqls() -> tuple[Decimal, ...]:
    """Return the acceptable quality levels of the table in ascending order."""
    return tuple(sorted({aql for _letter, aql in _plans()}))


@cache
def _letters() -> list[tuple[int | None, dict[str, str]]]:
    rows = _rows("sampling_letters.csv")
    return [(int(row["lot_to"]) if row["lot_to"] else None, row) for row in rows]


@cache
def _plans() -> dict[tuple[str, Decimal], SamplePlan]:
    return {
        (row["code_letter"], Decimal(row["aql"]).normalize()): SamplePlan(
            row["plan_letter"],
            int(row["sample_size"]),
            int(row["accept"]),
            int(row["reject"]),
            every_piece=False,
        )
        for row in _rows("sampling_plans.csv")
    }


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
