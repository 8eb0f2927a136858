"""The ledger of duty reliefs: a row for each declared line that claims one, corrected, shown, repaid, and reminded of."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.customs import DutyRelief
from procurement.catalogue.models.facts import Holds
from procurement.catalogue.rules.reliefs import unmet
from procurement.leads import money
from procurement.leads.gathering.landed import entered
from procurement.shipments.gathering.reliefs import duty_of, goods_of, handed_out
from procurement.shipments.models.customs import Declaration
from procurement.shipments.models.reliefs import ReliefClaim
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.rules import asked
from procurement.shipments.rules.after import reliefs
from procurement.shipments.rules.after.reliefs import due_by, saved_by, shown_enough
from procurement.shipments.rules.asked import lines_of
from workflow.actors import CLOCK, Actor
from workflow.days import latest_day
from workflow.due import work_off
from workflow.errors import Refused
from workflow.models.evidence import File

CHANGED = (
    *("line", "pieces", "number", "value", "currency", "duty_percent", "duty_source", "tax_percent"),
    *("tax_source", "saved", "saved_source", "places", "prove_by"),
)
SOURCES = {"duty_percent": "duty_source", "tax_percent": "tax_source"}


class Declared(Protocol):
    """What of a declared line counts here."""

    @property
    def hs_code(self) -> str: ...
    @property
    def value(self) -> Decimal: ...
    @property
    def currency(self) -> str: ...
    @property
    def relief(self) -> str: ...


def claim_reliefs(
    declaration: Declaration, lines: Sequence[Declared], *, by: Actor, at: datetime
) -> list[ReliefClaim]:
    """Open a row for each line that claims a relief, with what is known of its rates; nothing for the others.

    A relief that does not apply is claimed all the same: customs decides, and the row says which condition is not met. Two reliefs
    on the same goods conflict, also across declarations: then neither row holds.
    """
    known = {row.code: row for row in DutyRelief.objects.filter(code__in={one.relief for one in lines})}
    with transaction.atomic():
        made = [
            _claimed(declaration, position, line, known[line.relief], by, at)
            for position, line in enumerate(lines, 1)
            if line.relief
        ]
        if made:
            _judge_again(declaration.lane.shipment, made)
        return made


def correct_claim(claim: ReliefClaim, *, reason: str, by: Actor, at: datetime, **facts: Any) -> ReliefClaim:
    """Put values of a row right, with the reason: the old ones stay in its history. What it saves is reckoned anew.

    Facts: line, pieces, number, value, currency, the two rates with their sources, or the amount and where it is from, places,
    prove_by. Refuses a rate or an amount without a source, goods of another shipment, more pieces than they are, and a currency
    without a rate.
    """
    with reliefs.CORRECT.on(claim, by=by, at=at, reason=reason) as row:
        for name in CHANGED:
            if name in facts:
                setattr(row, name, facts[name])
        _check(row)
        if facts.get("saved") is not None and not row.saved_source.strip():
            raise Refused("source_missing", _("Say where the amount is from."), field="saved_source")
        if "prove_by" in facts:
            row.reminded = due_by(row, row.city.day_at(at))
        _reckon(row)
    if "line" in facts:
        _judge_again(claim.shipment, [claim])
    return claim


def prove_claim(claim: ReliefClaim, *, by: Actor, at: datetime, word: str = "") -> ReliefClaim:
    """Note that the end use was shown: so many pieces at places that meet the condition, and a paper that was added.

    Refuses without a file, without the number of pieces, and fewer pieces than were relieved without a word.
    """
    with reliefs.PROVE.on(claim, by=by, at=at) as row:
        shown = reliefs.counts(row, handed_out(row))
        files = File.objects.about(row).filter(status=File.Status.CLEAN).count()
        refused = shown_enough(row, shown, files, word)
        if refused is not None:
            raise refused
        row.shown, row.word, row.settled_on = shown, word.strip(), row.city.day_at(at)
    return claim


def fail_claim(claim: ReliefClaim, *, reason: str, by: Actor, at: datetime) -> ReliefClaim:
    """Note that the end use cannot be shown, and why: what was saved has to be paid back."""
    with reliefs.NOT_PROVEN.on(claim, by=by, at=at, reason=reason) as row:
        row.settled_on = row.city.day_at(at)
    return claim


def repay_claim(
    claim: ReliefClaim, *, repaid: Decimal, repaid_on: date, by: Actor, at: datetime, word: str = ""
) -> ReliefClaim:
    """Note what was paid back to customs, in the row's currency, on which day. Refuses nothing at all, and a day to come."""
    with reliefs.REPAY.on(claim, by=by, at=at) as row:
        if repaid <= 0:
            raise Refused("bad_amount", _("Write down the amount that was paid back."), field="repaid")
        if repaid_on > row.city.day_at(at):
            raise Refused("in_the_future", _("It was paid on a day that has come."), field="repaid_on")
        row.repaid, row.settled_on = repaid, repaid_on
        row.word = word.strip() or row.word
    return claim


def reopen_claim(claim: ReliefClaim, *, reason: str, by: Actor, at: datetime) -> ReliefClaim:
    """Take back that it was shown, that it cannot be, or what was repaid. The deadline counts again."""
    with reliefs.REOPEN.on(claim, by=by, at=at, reason=reason) as row:
        row.shown, row.settled_on, row.repaid, row.word = None, None, None, ""
        row.reminded = due_by(row, row.city.day_at(at))
    return claim


def remind_of_reliefs(at: datetime) -> int:
    """Remind of deadlines that are near or over: 30 days and 7 days before, and on the day. Returns how many rows."""
    near = ReliefClaim.objects.to_prove().filter(
        prove_by__isnull=False,
        prove_by__lte=latest_day(at) + reliefs.FIRST,
        reminded__lt=len(reliefs.DAYS_BEFORE),
    )
    zones = near.select_related("city").only("prove_by", "reminded", "city")
    due = [one.pk for one in zones if due_by(one, one.city.day_at(at)) > one.reminded]
    return work_off(near.filter(pk__in=due).order_by("pk"), lambda claim: _remind(claim, at))


def _remind(claim: ReliefClaim, at: datetime) -> None:
    with reliefs.REMIND.on(claim, by=CLOCK, at=at) as row:
        row.reminded = due_by(row, row.city.day_at(at))


def _claimed(
    declaration: Declaration, position: int, line: Declared, relief: DutyRelief, by: Actor, at: datetime
) -> ReliefClaim:
    shipment, city = declaration.lane.shipment, declaration.city
    today = city.day_at(at)
    goods = goods_of(shipment, line.hs_code)
    duty = duty_of(goods, declaration.lane.country, today)
    claim = ReliefClaim(
        city=city,
        shipment=shipment,
        declaration=declaration,
        position=position,
        line=goods,
        pieces=goods.quantity if goods is not None else None,
        relief=relief,
        claimed_on=today,
        hs_code=line.hs_code,
        number=relief.authorisation,
        value=line.value,
        currency=line.currency,
        currency_here=city.currency,
        duty_percent=duty.percent,
        duty_source=duty.source,
        places=relief.importers_on(today) if relief.needs_end_use else [],
    )
    _judge(claim, ())
    _reckon(claim)
    start = reliefs.CLAIM if relief.needs_end_use else reliefs.CLAIM_FREELY
    return start.start(claim, by=by, at=at)


def _judge(claim: ReliefClaim, others: Iterable[str]) -> None:
    """Write which conditions of its relief are not met, and so whether it held. `others` are reliefs claimed for the same goods."""
    dealing = claim.line.order_line.order.kind if claim.line is not None else None
    lines = lines_of(claim.shipment)
    claim.unmet = unmet(
        claim.relief,
        destination=claim.declaration.lane.country,
        dealing=dealing,
        importers=asked.importers(claim.shipment, [one for one in lines if claim.line_id in (None, one.pk)]),
        numbers=[claim.hs_code],
        on=claim.claimed_on,
        others=others,
    )
    claim.held = str(Holds.NO if claim.unmet else claim.relief.holds_on(claim.claimed_on))


def _judge_again(shipment: Shipment, fresh: Sequence[ReliefClaim]) -> None:
    """Judge all claims of a shipment together, and copy the result to the instances in `fresh`. Called in the action's transaction."""
    rows = shipment.relief_claims.select_related(
        "relief", "declaration__lane", "shipment", "line__order_line__order"
    )
    claims = list(rows.order_by("pk"))
    judged = {}
    for claim in claims:
        before = (claim.unmet, claim.held)
        _judge(claim, [one.relief.code for one in claims if _same_goods(one, claim)])
        if (claim.unmet, claim.held) != before:
            claim.save(update_fields=["unmet", "held"])
        judged[claim.pk] = claim
    for claim in fresh:
        claim.unmet, claim.held = judged[claim.pk].unmet, judged[claim.pk].held


def _same_goods(one: ReliefClaim, other: ReliefClaim) -> bool:
    """By the line of the shipment where both are known, else by the declared code, where it is known; at the same customs."""
    if one.declaration.lane_id != other.declaration.lane_id:
        return False
    if one.line_id is not None and other.line_id is not None:
        return one.line_id == other.line_id
    return one.hs_code != "" and one.hs_code == other.hs_code


def _reckon(row: ReliefClaim) -> None:
    """What it saves, from its rates unless somebody wrote the amount; in the city's currency at the rate of the day it was claimed."""
    if not row.saved_source:
        row.saved = saved_by(row.value, row.duty_percent, row.tax_percent, row.relief)
    row.saved_here = row.rate = row.rate_on = None
    if row.saved is None:
        return
    try:
        here = money.convert(row.saved, row.currency, row.currency_here, row.claimed_on, entered(row.city))
    except Refused:
        return  # the page says that no rate is known; whoever enters one corrects the row
    row.saved_here = here.amount.quantize(reliefs.CENTS)
    row.rate, row.rate_on = here.rate.rate, here.rate_on


def _check(row: ReliefClaim) -> None:
    if row.value <= 0:
        raise Refused("bad_amount", _("Customs asks for the true value: it is never nothing."), field="value")
    _rates_hold(row)
    saved, source = row.saved, row.saved_source.strip()
    if (source and saved is None) or (saved is not None and saved < 0):
        raise Refused("amount_missing", _("Write down the amount saved."), field="saved")
    line = row.line
    if line is not None and line.shipment_id != row.shipment_id:
        raise Refused("not_of_this_shipment", _("Choose goods of this shipment."), field="line")
    if row.pieces is not None and line is not None and row.pieces > line.quantity:
        raise Refused("too_many_pieces", _("The relief cannot be for more pieces than came."), field="pieces")


def _rates_hold(row: ReliefClaim) -> None:
    """A rate is a share, and was read somewhere."""
    for name, source in SOURCES.items():
        rate = getattr(row, name)
        if rate is not None and not 0 <= rate <= 100:
            raise Refused("bad_rate", _("A rate is between nothing and a hundred per cent."), field=name)
        if rate is not None and not getattr(row, source).strip():
            raise Refused("source_missing", _("Say where the rate was read."), field=source)
