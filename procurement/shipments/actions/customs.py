"""Two customs: lanes filed, declared and released, holds begun, answered and ended, papers begun, handed in, accepted, refused.

Every action locks the shipment first: its counters of missing papers and holds move with it.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partners.places import in_capitals, is_country, is_currency
from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.shipments.actions import findings
from procurement.shipments.actions.after.reliefs import claim_reliefs
from procurement.shipments.actions.asking import count_missing
from procurement.shipments.actions.handing.followed import follow
from procurement.shipments.actions.moments import moment
from procurement.shipments.actions.tracking import hearing
from procurement.shipments.actions.tracking.warned import look_soon
from procurement.shipments.models.customs import CustomsHold, CustomsLane, CustomsPaper, Declaration
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.tracking import Step
from procurement.shipments.rules import customs, times
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, locked

CLEARED = {CustomsRule.Side.EXPORT: Step.EXPORT_CLEARED, CustomsRule.Side.IMPORT: Step.IMPORT_CLEARED}
ASKED_BACK = frozenset({CustomsPaper.Status.QUERIED, CustomsPaper.Status.REFUSED})


@dataclass(frozen=True, kw_only=True)
class DeclaredLine:
    """One line of a declaration: customs code of ten digits, country of origin, value and currency, and a relief claimed."""

    hs_code: str
    origin: str
    value: Decimal
    currency: str
    relief: str = ""


# --- lanes ------------------------------------------------------------------------------------------------------
def file_lane(
    lane: CustomsLane, *, by: Actor, at: datetime, office: str = "", filed_at: datetime | None = None
) -> CustomsLane:
    """Note that the lane was filed with customs, and when; an import may be filed before the goods arrive.

    Refuses a time to come.
    """
    with _under(lane.shipment) as shipment, customs.FILE.on(lane, by=by, at=at) as row:
        row.filed_at = moment(CustomsLane, "filed_at", filed_at, at)
        row.office = office or row.office
        look_soon([shipment.pk], at)
    return lane


def declare(
    lane: CustomsLane,
    *,
    number: str,
    lines: Sequence[DeclaredLine] = (),
    by: Actor,
    at: datetime,
    office: str = "",
    broker_reference: str = "",
) -> Declaration:
    """Add what was declared: the number, and per line code, origin, value, currency and relief. An open lane is filed with it.

    Refuses a number twice, a code without ten digits, a value of nothing, and a relief we do not know.
    """
    lines = [
        replace(line, origin=in_capitals(line.origin), currency=in_capitals(line.currency)) for line in lines
    ]
    for line in lines:
        _check_line(line)
    number = number.strip()
    if not number:
        raise Refused("number_missing", _("Write down the number of the declaration."), field="number")
    with _under(lane.shipment) as shipment:
        with customs.DECLARE.on(lane, by=by, at=at, number=number) as row:
            declaration = _declaration(row, number, lines, office, broker_reference, at)
            claim_reliefs(declaration, lines, by=by, at=at)
        if lane.status == CustomsLane.Status.OPEN:
            file_lane(lane, office=office, by=by, at=at)
        findings.judge(shipment, at)
    return declaration


def release_lane(
    lane: CustomsLane, *, by: Actor, at: datetime, released_at: datetime | None = None
) -> CustomsLane:
    """Note that customs released it, and when.

    Refuses while it is held, an export that is not packed and an import that has not left, and a time to come or before it was filed.
    """
    with _under(lane.shipment) as shipment, customs.RELEASE.on(lane, by=by, at=at) as row:
        filed = times.called(CustomsLane, "filed_at")
        row.released_at = moment(
            CustomsLane, "released_at", released_at, at, before=filed, earlier=row.filed_at
        )
        hearing.happened(shipment, CLEARED[CustomsRule.Side(row.side)], row.released_at, by=by, at=at)
    return lane


# --- holds ------------------------------------------------------------------------------------------------------
def place_hold(
    lane: CustomsLane,
    *,
    reason: str,
    question: str = "",
    started_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> CustomsHold:
    """Note that customs holds the lane: since when, why, and what it asks.

    Refuses without a reason, what it has released, and a start to come.
    """
    if not reason.strip():
        raise Refused("reason_missing", _("Say what customs gave as the reason."), field="reason")
    with _under(lane.shipment) as shipment:
        row = locked(lane)
        held = CustomsHold(
            lane=row,
            city_id=row.city_id,
            broker_id=row.broker_id,
            reason=reason,
            question=question,
            started_at=moment(CustomsHold, "started_at", started_at, at),
        )
        customs.HOLD.start(held, by=by, at=at, lane=row.reference)
        _count_holds(row, shipment)
    return held


def answer_hold(held: CustomsHold, *, answer: str, by: Actor, at: datetime) -> CustomsHold:
    """Keep what customs was answered. Refuses an empty answer."""
    if not answer.strip():
        raise Refused("answer_missing", _("Write down what customs was told."), field="answer")
    with _under(held.lane.shipment), customs.ANSWER.on(held, by=by, at=at) as row:
        row.answer = answer
    return held


def end_hold(
    held: CustomsHold, *, by: Actor, at: datetime, answer: str = "", ended_at: datetime | None = None
) -> CustomsHold:
    """Note that customs holds it no longer. Refuses an end to come, and one before its start."""
    with _under(held.lane.shipment) as shipment:
        lane = locked(held.lane)
        with customs.END.on(held, by=by, at=at) as row:
            began = times.called(CustomsHold, "started_at")
            row.ended_at = moment(CustomsHold, "ended_at", ended_at, at, before=began, earlier=row.started_at)
            row.answer = answer or row.answer
        _count_holds(lane, shipment)
    return held


# --- papers -----------------------------------------------------------------------------------------------------
def begin_paper(paper: CustomsPaper, *, by: Actor, at: datetime) -> CustomsPaper:
    """Somebody is writing it."""
    with _paper(customs.DRAFT, paper, by, at):
        pass
    return paper


def ready_paper(paper: CustomsPaper, *, by: Actor, at: datetime, number: str = "") -> CustomsPaper:
    """It is written, signed where it must be, and can be handed in."""
    with _paper(customs.READY, paper, by, at) as row:
        row.number = number or row.number
    return paper


def file_paper(paper: CustomsPaper, *, by: Actor, at: datetime, number: str = "") -> CustomsPaper:
    """It was handed in; or handed in again, with the answer to a question about it. Which version customs was given is kept."""
    with _paper(customs.FILE_PAPER, paper, by, at) as row:
        row.number = number or row.number
        given = row.versions.taken().order_by("-number").first()
        if given is not None:
            given.filed_at = at
            given.save(update_fields=["filed_at"])
    return paper


def accept_paper(paper: CustomsPaper, *, by: Actor, at: datetime) -> CustomsPaper:
    """Customs, the carrier or the broker took it."""
    with _paper(customs.ACCEPT, paper, by, at) as row:
        row.accepted_at = at
    return paper


def query_paper(paper: CustomsPaper, *, reason: str, by: Actor, at: datetime) -> CustomsPaper:
    """Somebody asks about it: what they ask is the reason."""
    with _paper(customs.QUERY, paper, by, at, reason) as row:
        row.remark = reason
    return paper


def refuse_paper(paper: CustomsPaper, *, reason: str, by: Actor, at: datetime) -> CustomsPaper:
    """It was refused, with a reason; a new version is needed."""
    with _paper(customs.REFUSE, paper, by, at, reason) as row:
        row.remark = reason
    return paper


def new_version(paper: CustomsPaper, *, by: Actor, at: datetime) -> CustomsPaper:
    """Begin the next version of a refused paper."""
    with _paper(customs.NEW_VERSION, paper, by, at) as row:
        row.version += 1
        row.number = ""
    return paper


@contextmanager
def _under(shipment: Shipment) -> Iterator[Shipment]:
    """Inside one transaction, with the shipment locked before anything that belongs to it."""
    with transaction.atomic():
        yield locked(shipment)


@contextmanager
def _paper(
    move: Move[CustomsPaper], paper: CustomsPaper, by: Actor, at: datetime, reason: str = ""
) -> Iterator[CustomsPaper]:
    """A paper's move; what is missing is counted anew after it."""
    with _under(paper.shipment) as shipment:
        with move.on(paper, by=by, at=at, reason=reason) as row:
            yield row
        count_missing(shipment)
        back = paper if paper.status in ASKED_BACK else None
        follow(shipment, at, back, reason)


def _count_holds(lane: CustomsLane, shipment: Shipment) -> None:
    lane.holds_open = lane.holds.filter(status=CustomsHold.Status.HELD).count()
    lane.save(update_fields=["holds_open"])
    shipment.held = shipment.lanes.filter(holds_open__gt=0).exists()
    shipment.save(update_fields=["held"])


def _declaration(
    row: CustomsLane,
    number: str,
    lines: Sequence[DeclaredLine],
    office: str,
    broker_reference: str,
    at: datetime,
) -> Declaration:
    if row.declarations.filter(number=number).exists():
        raise Refused("declared_already", _("This declaration is there already."), field="number")
    return Declaration.objects.create(
        lane=row,
        city_id=row.city_id,
        broker_id=row.broker_id,
        number=number,
        office=office or row.office,
        filed_at=at,
        broker_reference=broker_reference,
        lines=[{**asdict(line), "value": str(line.value)} for line in lines],
    )


def _check_line(line: DeclaredLine) -> None:
    def bad(words: Any, field: str) -> Refused:
        return Refused("bad_line", words, field=field)

    if not re.fullmatch(r"[0-9]{10}", line.hs_code):
        raise bad(_("A customs code has ten digits."), "hs_code")
    if not is_country(line.origin):
        raise bad(_("Give the country of origin by its two letters, such as CN."), "origin")
    if line.value <= 0:
        raise bad(_("Customs asks for the true value, of a gift too; it is never nothing."), "value")
    if not is_currency(line.currency):
        raise bad(_("Give the currency by its three letters, such as CAD."), "currency")
    if line.relief and not DutyRelief.objects.filter(code=line.relief).exists():
        raise bad(_("This relief is not in our table."), "relief")
