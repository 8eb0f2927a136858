"""The life of a difference: opened by a counting, answered by who sent the goods, settled or dropped by the city."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.places import NO_CURRENCY, is_currency
from partners.roles import Power
from procurement.shipments.models.arrival import ReceiptLine
from procurement.shipments.models.cases import DifferenceCase
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, not_ready, one_of

Kind = DifferenceCase.Kind
Outcome = DifferenceCase.Outcome
LONGEST = 2000  # characters of what somebody says


def differences(lines: Iterable[ReceiptLine]) -> Iterator[tuple[int, str, int, str]]:
    """What a counting found of each line: its id, the kind, how many pieces of it over all lots, and the reasons that were given."""
    found: dict[tuple[int, Kind], tuple[int, list[str]]] = {}
    for one in lines:
        told = {Kind.MISSING: one.missing, Kind.REJECTED: one.rejected, Kind.SURPLUS: one.surplus}
        for kind, pieces in told.items():
            if pieces:
                before, reasons = found.get((one.line_id, kind), (0, []))
                found[(one.line_id, kind)] = (before + pieces, [*reasons, one.reason])
    for (line, kind), (pieces, reasons) in found.items():
        yield line, kind, pieces, "; ".join(dict.fromkeys(reasons))


def may_open(by: Actor, case: DifferenceCase) -> bool:
    """Whoever counts for the city."""
    return by.may(Power.RECEIVE, case)


def may_answer(by: Actor, case: DifferenceCase) -> bool:
    """Who brought the offer, by their link; or whoever receives and writes down what the sender said."""
    return by.may(Power.ANSWER, case) or by.may(Power.RECEIVE, case)


def may_settle(by: Actor, case: DifferenceCase) -> bool:
    """Officers: it is about what was bought or given."""
    return by.may(Power.ORDER, case)


def asks_something(case: DifferenceCase) -> Refused | None:
    """Nothing is asked of who gave: a difference of a gift is told as a fact."""
    if not case.is_of_gift:
        return None
    return not_ready(_("It is of a gift: the giver is told of it, and asked for nothing."))


def lots_of_surplus(
    lines: Iterable[ReceiptLine], number: str, expires_on: date | None
) -> dict[tuple[str, date | None], int]:
    """Into which lots (number, expiry) the surplus of these counted rows goes, in pieces: the lot named, or each row's own.

    Refuses where none is named and a row was counted without a lot.
    """
    found: dict[tuple[str, date | None], int] = {}
    for one in lines:
        if not number and one.lot is None:
            words = _("Write down the lot printed on the boxes: it is inspected and can be recalled by it.")
            raise Refused("lot_missing", words, field="lot_number")
        own = None if number else one.lot
        key = (own.number, expires_on or own.expires_on) if own else (number, expires_on)
        found[key] = found.get(key, 0) + one.surplus
    return found


def settled_with(kind: str, outcome: str, amount: Decimal | None, currency: str) -> Refused | None:
    """Why a difference of this kind cannot be settled so. Only what was credited has a sum, and pieces too many are not replaced."""
    if outcome not in Outcome:
        words = _("Say how it was settled: credited, replaced, or accepted as it is.")
        return Refused("outcome_missing", words, field="outcome")
    if kind == Kind.SURPLUS and outcome == Outcome.REPLACED:
        words = _("Pieces that are too many cannot be replaced. Choose “Credited” or “Accepted as it is”.")
        return Refused("outcome_of_surplus", words, field="outcome")
    credited = outcome == Outcome.CREDITED
    if credited and (amount is None or amount <= 0 or not currency):
        return Refused(
            "amount_missing", _("Say which sum was credited, and in which currency."), field="amount"
        )
    if credited and not is_currency(currency):
        return Refused("no_currency", NO_CURRENCY, field="currency")
    if not credited and amount is not None:
        return Refused("amount_not_due", _("A sum is given where it was credited."), field="amount")
    return None


OPEN = Move[DifferenceCase](
    verb="open",
    label=_("Open a case"),
    past=_("opened a case of a difference"),
    target=DifferenceCase.Status.OPEN,
    allowed=may_open,
)
ANSWER = Move[DifferenceCase](
    verb="answer",
    label=_("Write down the answer"),
    past=_("noted what the sender says"),
    source=one_of(DifferenceCase.Status.OPEN, DifferenceCase.Status.ANSWERED),
    target=DifferenceCase.Status.ANSWERED,
    allowed=may_answer,
    ready=asks_something,
)
SETTLE = Move[DifferenceCase](
    verb="settle",
    label=pgettext_lazy("a case", "Settle"),
    past=_("settled the case"),
    source=one_of(DifferenceCase.Status.OPEN, DifferenceCase.Status.ANSWERED),
    target=DifferenceCase.Status.SETTLED,
    allowed=may_settle,
)
DROP = Move[DifferenceCase](
    verb="drop",
    label=pgettext_lazy("a case", "Drop"),
    past=_("dropped the case"),
    source=one_of(DifferenceCase.Status.OPEN, DifferenceCase.Status.ANSWERED),
    target=DifferenceCase.Status.DROPPED,
    allowed=may_settle,
    reason=True,
)
TAKE_BACK = Move[DifferenceCase](
    verb="take_back",
    label=_("Take back with its counting"),
    past=_("took the case back with its counting"),
    source=one_of(DifferenceCase.Status.OPEN, DifferenceCase.Status.ANSWERED),
    target=DifferenceCase.Status.DROPPED,
    allowed=may_open,
)
CASE_MOVES = Moves(
    DifferenceCase,
    OPEN,
    ANSWER,
    SETTLE,
    DROP,
    TAKE_BACK,
    ends={
        DifferenceCase.Status.SETTLED: "what was agreed stands with it",
        DifferenceCase.Status.DROPPED: "it was none, or was counted anew",
    },
)
