"""Rules for counting cartons one by one: permitted transitions, labels, states, and totals by shipment line."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from procurement.receiving.models import CartonReceipt
from procurement.receiving.rules.receipts import LotCount
from procurement.shipments.models import Carton, Shipment, ShipmentLine
from procurement.shipments.rules import may_receive
from workflow.errors import LazyText, Refused
from workflow.i18n import LocalizedCount, lowercase_first
from workflow.input_limits import MAX_TEXT_LENGTH
from workflow.moves import Move, one_of

RECORD_CARTON = Move[Shipment](
    verb="record_carton",
    label=_("Count a carton"),
    past_tense=_("counted a carton"),
    source=one_of(Shipment.Status.DELIVERED),
    allowed=may_receive,
)
UNDO_CARTON = Move[Shipment](
    verb="undo_carton",
    label=_("Undo carton count"),
    past_tense=_("undid a carton count so that the carton can be counted again"),
    source=one_of(Shipment.Status.DELIVERED),
    allowed=may_receive,
)

State = CartonReceipt.State
MAX_PIECES_IN_CARTON = 1_000_000  # pieces in one carton: a larger number is a typing error
_CARTON_REFERENCE = re.compile(r"CT-[0-9]{4}-[0-9]{4,9}")
_PALLET_REFERENCE = re.compile(r"SH-[0-9]{4}-[0-9]{4,9}-P[0-9]{1,6}")


@dataclass(frozen=True, kw_only=True)
class CartonObservation:
    """Entry for one carton: its state, the pieces inside, the unusable pieces, the lot and the expiry."""

    state: str
    pieces: int = 0
    unusable: int = 0
    lot_number: str = ""
    expires_on: date | None = None
    remark: str = ""

    @property
    def is_intact_without_remark(self) -> bool:
        """True if the carton is intact and no one described it."""
        return self.state == State.INTACT and not self.remark


SHORTAGE_LABEL = pgettext_lazy("a carton", "Short")


@dataclass(frozen=True)
class CartonTotals:
    """Progress of the count: numbers of cartons, and the cartons that are missing or not counted yet."""

    counted: int
    damaged: int
    missing_cartons: Sequence[Carton]
    uncounted_cartons: Sequence[Carton]
    total: int

    @property
    def arrived_count(self) -> int:
        """Number of cartons that arrived, intact or damaged."""
        return self.counted - len(self.missing_cartons)


@dataclass(frozen=True)
class CartonLabel:
    """Content of a label's QR code: the code of the document it was printed with, and the carton or pallet."""

    document_code: str
    carton_or_pallet_reference: str

    @property
    def is_pallet(self) -> bool:
        """True if the label belongs to a pallet."""
        return _PALLET_REFERENCE.fullmatch(self.carton_or_pallet_reference) is not None


def parse_label(text: str) -> CartonLabel | None:
    """Return the label in the text of a QR code; None if it is not a label of a carton or pallet.

    A label holds an address such as https://…/document/<code>/?box=CT-2020-0007. Only the code and the
    box are used. The code is random, so it proves the label under any host name.
    """
    try:
        address = urlsplit(text.strip())
    except ValueError:
        return None
    parts = [part for part in address.path.split("/") if part]
    box = parse_qs(address.query).get("box", [""])[0]
    known = _CARTON_REFERENCE.fullmatch(box) or _PALLET_REFERENCE.fullmatch(box)
    if len(parts) < 2 or parts[-2] != "document" or not known:
        return None
    return CartonLabel(parts[-1], box)


def invalid_count_refusal(observation: CartonObservation) -> Refused | None:
    """Return a refusal if an entry for a carton is impossible, else None."""
    if observation.state not in State:
        return Refused(
            "bad_state", _("Choose whether the carton is intact, damaged or missing."), field="state"
        )
    if not 0 <= observation.pieces <= MAX_PIECES_IN_CARTON or observation.unusable < 0:
        return Refused("bad_quantity", _("Enter the number of units inside."), field="pieces")
    return _refuse_contradictory_state(observation) or _refuse_without_lot(observation)


def _refuse_contradictory_state(observation: CartonObservation) -> Refused | None:
    """Return a refusal if the state and the pieces contradict each other.

    A missing carton is empty, and a whole one has no unusable pieces. No carton has more unusable
    pieces than pieces.
    """
    if observation.state == State.MISSING and (observation.pieces or observation.unusable):
        return Refused("missing_is_empty", _("A missing carton cannot contain any units."), field="pieces")
    if observation.state == State.INTACT and observation.unusable:
        words = _("A carton with unusable units is damaged. Choose “Damaged”.")
        return Refused("whole_is_usable", words, field="state")
    if observation.unusable > observation.pieces:
        words = _("The carton contains %(inside)s units, so no more than that can be unusable.")
        return Refused(
            "bad_quantity", words % {"inside": LocalizedCount(observation.pieces)}, field="unusable"
        )
    return None


def _refuse_without_lot(observation: CartonObservation) -> Refused | None:
    """Return a refusal if usable pieces have no lot, by which they are inspected and recalled."""
    if observation.pieces == observation.unusable or observation.lot_number.strip():
        return None
    words = _("Enter the lot number printed on the cartons. It is needed for inspection and recalls.")
    return Refused("lot_missing", words, field="lot_number")


def is_repeated_count(row: CartonReceipt, observation: CartonObservation) -> bool:
    """Return True if the entry repeats what is stored for the carton."""
    return observation == CartonObservation(
        state=row.state,
        pieces=row.pieces,
        unusable=row.unusable,
        lot_number=row.lot_number,
        expires_on=row.expires_on,
        remark=row.remark,
    )


def carton_totals(cartons: Iterable[Carton], receipts: Iterable[CartonReceipt]) -> CartonTotals:
    """Return the progress of the count. `receipts` are the rows that were not undone, in any order."""
    boxes = sorted(cartons, key=lambda box: box.number)
    states = {row.carton_id: row.state for row in receipts}
    return CartonTotals(
        counted=len(states),
        damaged=sum(state == State.DAMAGED for state in states.values()),
        missing_cartons=[box for box in boxes if states.get(box.pk) == State.MISSING],
        uncounted_cartons=[box for box in boxes if box.pk not in states],
        total=len(boxes),
    )


@dataclass
class _LotSum:
    accepted: int = 0
    rejected: int = 0
    missing: int = 0
    surplus: int = 0


def counts_by_line(
    receipts: Iterable[tuple[Carton, CartonReceipt | None]],
    lines: dict[int, ShipmentLine],
    reasons: dict[int, str],
) -> list[LotCount]:
    """Return the counts per line, lot and expiry, with the reason given for each line.

    A carton whose row is None was not counted. For a carton packed with L pieces, with P found inside and
    U unusable: missing is L - P or surplus is P - L, rejected is min(U, L), and accepted is the rest of
    L.
    """
    sums: dict[tuple[int, str, date | None], _LotSum] = {}
    for carton, row in receipts:
        inside = row.pieces if row is not None else 0
        unusable = row.unusable if row is not None else 0
        usable = inside > unusable
        key = (
            carton.line_id,
            row.lot_number.strip() if row is not None and usable else "",
            row.expires_on if row is not None and usable else None,
        )
        part = sums.setdefault(key, _LotSum())
        missing, rejected = max(0, carton.pieces - inside), min(unusable, carton.pieces)
        part.missing += missing
        part.rejected += rejected
        part.surplus += max(0, inside - carton.pieces)
        part.accepted += carton.pieces - missing - rejected
    return [
        LotCount(
            line=lines[line],
            accepted=part.accepted,
            rejected=part.rejected,
            missing=part.missing,
            surplus=part.surplus,
            lot_number=lot if part.accepted else "",
            expires_on=expires if part.accepted else None,
            reason=reasons.get(line, "").strip() if part.rejected or part.missing or part.surplus else "",
        )
        for (line, lot, expires), part in sums.items()
    ]


def difference_reasons(rows: Iterable[tuple[Carton, CartonReceipt]], remark: str) -> dict[int, str]:
    """Return the reason for the differences of each line, by its id, built from the cartons that differ.

    A reason lists these cartons with their usable pieces and remarks, after the `remark` on the whole
    arrival. It is in the reader's language and at most `MAX_TEXT_LENGTH` characters long.
    """
    found: dict[int, list[str]] = {}
    for carton, row in rows:
        usable = row.pieces - row.unusable
        if usable == carton.pieces and not row.unusable:
            continue
        short = row.state == State.INTACT and usable < carton.pieces
        words = gettext("%(carton)s: %(state)s, %(usable)s of %(packed)s units usable") % {
            "carton": carton.reference,
            "state": SHORTAGE_LABEL if short else row.get_state_display(),
            "usable": LocalizedCount(usable),
            "packed": LocalizedCount(carton.pieces),
        }
        found.setdefault(carton.line_id, []).append(f"{words} ({row.remark})" if row.remark else words)
    return {
        line: "; ".join([remark, *words] if remark else words)[:MAX_TEXT_LENGTH]
        for line, words in found.items()
    }


def already_counted_message(row: CartonReceipt) -> LazyText:
    """Return the message for a carton that was counted already: by whom, and with which result."""
    words = _(
        "%(carton)s has already been counted by %(who)s (%(state)s, units: %(pieces)s). Nothing was changed."
    )
    return words % {
        "carton": row.carton.reference,
        "state": lowercase_first(row.get_state_display()),
        "pieces": LocalizedCount(row.pieces),
        "who": row.by,
    }
