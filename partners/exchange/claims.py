"""What sources disagree about, as it ships with the project: partners/data/claims.csv. It keeps the words of the agreements' notes."""

import csv
from datetime import datetime
from pathlib import Path

from partners.actions.disputes import add_claim
from partners.dates import parse
from partners.models.disputes import Dispute
from partners.models.ties import Twinning
from workflow.actors import Actor

DATA = Path(__file__).resolve().parents[1] / "data/claims.csv"


def load_claims(*, by: Actor, at: datetime) -> int:
    """Add the claims about agreements that the register has and about which nothing is noted yet. Tells how many were added."""
    with DATA.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    known = {(one.twinning_id, one.fact) for one in Dispute.objects.exclude(twinning=None)}
    found = Twinning.objects.select_related("city_a", "city_b")
    ties = {(tie.city_a.slug, tie.city_b.slug, tie.kind): tie for tie in found}
    added = 0
    for row in rows:
        tie = ties.get((row["city_a"], row["city_b"], row["kind"]))
        if tie is not None and (tie.pk, row["fact"]) not in known:
            said = parse(row["said_on"])
            add_claim(
                tie,
                row["fact"],
                row["value"],
                source=row["source"],
                source_url=row["source_url"],
                said=said,
                by=by,
                at=at,
            )
            added += 1
    return added
