"""Moves of a discrepancy: opened by a goods receipt, answered by the sender, settled by the city."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.powers import Power
from partners.validators import CURRENCY_CODE_ERROR, is_currency_code
from procurement.receiving.models import Discrepancy, GoodsReceiptLine
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, not_ready_refusal, system_only

Kind = Discrepancy.Kind
Outcome = Discrepancy.Outcome
MAX_ANSWER_LENGTH = 2000  # characters of an answer


def receipt_differences(lines: Iterable[GoodsReceiptLine]) -> Iterator[tuple[int, str, int, str]]:
    """Yield each discrepancy of a goods receipt: line id, kind, pieces over all lots, and reasons."""
    found: dict[tuple[int, Kind], tuple[int, list[str]]] = {}
    for one in lines:
        values = {Kind.MISSING: one.missing, Kind.REJECTED: one.rejected, Kind.SURPLUS: one.surplus}
        for kind, pieces in values.items():
            if pieces:
                before, reasons = found.get((one.line_id, kind), (0, []))
                found[(one.line_id, kind)] = (before + pieces, [*reasons, one.reason])
    for (line, kind), (pieces, reasons) in found.items():
        yield line, kind, pieces, "; ".join(dict.fromkeys(reasons))


def may_open(by: Actor, case: Discrepancy) -> bool:
    """Return True if the actor may receive for the city."""
    return by.may(Power.RECEIVE, case)


def may_answer(by: Actor, case: Discrepancy) -> bool:
    """Return True if the actor is the contact of the offer (by link), or may receive for the city.

    A receiver writes down what the sender answered.
    """
    return by.may(Power.ANSWER_INQUIRY, case) or by.may(Power.RECEIVE, case)


def may_settle(by: Actor, case: Discrepancy) -> bool:
    """Return True if the actor may order for the city: the goods were bought or donated."""
    return by.may(Power.ORDER, case)


def donation_refusal(case: Discrepancy) -> Refused | None:
    """Return a refusal for a donation: the donor is informed of the discrepancy and asked for nothing."""
    if not case.is_of_donation:
        return None
    return not_ready_refusal(_("This is a donation: the donor is informed but is not asked for anything."))


def surplus_by_lot(
    lines: Iterable[GoodsReceiptLine], number: str, expires_on: date | None
) -> dict[tuple[str, date | None], int]:
    """Return the pieces of surplus by lot number and expiry.

    With a `number`, all surplus goes into that lot; without one, the surplus of each line goes into the lot
    with which it was counted, and is refused if it was counted without a lot.
    """
    found: dict[tuple[str, date | None], int] = {}
    for one in lines:
        if not number and one.lot is None:
            words = _("Enter the lot number printed on the cartons. It is needed for inspection and recalls.")
            raise Refused("lot_missing", words, field="lot_number")
        own = None if number else one.lot
        key = (own.number, expires_on or own.expires_on) if own else (number, expires_on)
        found[key] = found.get(key, 0) + one.surplus
    return found


def invalid_settlement_refusal(
    kind: str, outcome: str, amount: Decimal | None, currency: str
) -> Refused | None:
    """Return a refusal if a discrepancy of this kind cannot be settled in this way.

    Only a credit has an amount, and surplus pieces cannot be replaced.
    """
    if outcome not in Outcome:
        words = _("Choose how the discrepancy was settled: credited, replaced or accepted as is.")
        return Refused("outcome_missing", words, field="outcome")
    if kind == Kind.SURPLUS and outcome == Outcome.REPLACED:
        words = _("Surplus units cannot be replaced. Choose “Credited” or “Accepted as is”.")
        return Refused("outcome_of_surplus", words, field="outcome")
    credited = outcome == Outcome.CREDITED
    if credited and (amount is None or amount <= 0 or not currency):
        return Refused("amount_missing", _("Enter the amount credited and its currency."), field="amount")
    if credited and not is_currency_code(currency):
        return Refused("no_currency", CURRENCY_CODE_ERROR, field="currency")
    if not credited and amount is not None:
        return Refused("amount_not_due", _("Enter an amount only if you choose “Credited”."), field="amount")
    return None


OPEN_DISCREPANCY = Move[Discrepancy](
    verb="open",
    label=_("Record discrepancy"),
    past_tense=_("recorded a discrepancy"),
    target=Discrepancy.Status.OPEN,
    allowed=may_open,
)
RECORD_SENDER_ANSWER = Move[Discrepancy](
    verb="answer",
    label=_("Record answer"),
    past_tense=_("recorded the sender’s answer"),
    source=Discrepancy.Status.open,
    target=Discrepancy.Status.ANSWERED,
    allowed=may_answer,
    ready=donation_refusal,
)
SETTLE = Move[Discrepancy](
    verb="settle",
    label=pgettext_lazy("a case", "Settle discrepancy"),
    past_tense=_("settled the discrepancy"),
    source=Discrepancy.Status.open,
    target=Discrepancy.Status.SETTLED,
    allowed=may_settle,
)
DISCARD = Move[Discrepancy](
    verb="discard",
    label=pgettext_lazy("a case", "Dismiss discrepancy"),
    past_tense=_("dismissed the discrepancy"),
    source=Discrepancy.Status.open,
    target=Discrepancy.Status.DISCARDED,
    allowed=may_settle,
    requires_reason=True,
)
REVERSE = Move[Discrepancy](
    verb="reverse",
    label=_("Undo with its goods receipt"),
    past_tense=_("undid the discrepancy with its goods receipt"),
    source=Discrepancy.Status.open,
    target=Discrepancy.Status.DISCARDED,
    allowed=may_open,
)
REMIND = Move[Discrepancy](
    verb="remind",
    label=_("Send reminder"),
    past_tense=_("sent a reminder"),
    source=Discrepancy.Status.open,
    allowed=system_only,
    allowed_for_system=True,
)
DISCREPANCY_MOVES = Moves(
    Discrepancy,
    OPEN_DISCREPANCY,
    RECORD_SENDER_ANSWER,
    SETTLE,
    DISCARD,
    REVERSE,
    REMIND,
    ends={
        Discrepancy.Status.SETTLED: "keeps what was agreed",
        Discrepancy.Status.DISCARDED: "no discrepancy, or counted again",
    },
)
