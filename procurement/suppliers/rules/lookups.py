"""What can be looked up and answered, which answers are an official register's, and what rests on each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from procurement.suppliers.models.lookup import LookUp
from procurement.suppliers.rules import issuer_checks
from procurement.suppliers.rules.relying import alone
from procurement.suppliers.rules.rights import may_check
from workflow.errors import Refused
from workflow.moves import Move, Moves, one_of
from workflow.search import fold

K, A, W = LookUp.Kind, LookUp.Answer, LookUp.Whom
EARLIEST = date(1800, 1, 1)  # older companies and registers exist; older than that is a slip of the pen
MOST_PIECES = 1_000_000_000_000
LONGEST_WORDS = 2_000  # characters
_LISTS = (A.LISTED, A.NOT_LISTED, A.CUT)
# What each kind can answer: the first one is that nothing is wrong.
ANSWERS: dict[str, tuple[str, ...]] = {
    K.COMPANY_REGISTER: (A.IN_ORDER, A.NOT_REGISTERED, A.STRUCK_OFF),
    K.INSOLVENCY: (A.NOTHING_FOUND, A.DEBTS, A.INSOLVENT),
    K.LICENCE: (A.LICENSED, A.NO_LICENCE, A.LICENCE_ENDED),
    K.PRODUCT_LIST: _LISTS,
    K.EXPORT_LIST: _LISTS,
    K.DISTRIBUTOR: (A.CONFIRMED, A.NOT_KNOWN),
    K.LOT: (A.CONFIRMED, A.NOT_KNOWN),
    K.MADE: (A.COUNTED,),
    K.DOMAIN: (A.OWNER_FITS, A.OWNER_HIDDEN, A.OWNER_DIFFERS),
    K.STAFF: (A.ACTIVE, A.NO_STAFF),
    K.HISTORY: (A.SAME_GOODS, A.OTHER_GOODS, A.NO_TRADE),
}
# Kept by an office of the state, which answers for them: only their answers may block.
OFFICIAL = frozenset({K.COMPANY_REGISTER, K.INSOLVENCY, K.LICENCE, K.PRODUCT_LIST, K.EXPORT_LIST})
# How long an answer counts that says nothing is wrong. Lists of goods are cut within weeks (facts/fraud.md case 12: a month after the
# first was published); how often to look is said by no source, so the numbers are our own.
LISTS_FRESH_FOR = timedelta(days=30)
REGISTERS_FRESH_FOR = issuer_checks.FRESH_FOR
ON_LISTS = frozenset({K.PRODUCT_LIST, K.EXPORT_LIST})
GROWS_OLD = OFFICIAL | {K.DISTRIBUTOR}
# Whether a day belongs to the answer: since when it is so.
DATED = frozenset({A.STRUCK_OFF, A.LICENCE_ENDED, A.CUT})
# The answers after which a word is needed: the code alone does not say what was seen.
IN_WORDS = frozenset({A.DEBTS, A.OWNER_DIFFERS, A.OTHER_GOODS})
# The fact that checks rest on (verification.rules.needed.RESTS_ON), by kind.
FACTS: dict[str, str] = {
    **dict.fromkeys((K.COMPANY_REGISTER, K.INSOLVENCY, K.STAFF, K.HISTORY), "register"),
    **dict.fromkeys((K.LICENCE, K.PRODUCT_LIST, K.EXPORT_LIST), "listing"),
    **dict.fromkeys((K.DISTRIBUTOR, K.LOT, K.MADE), "origin"),
    K.DOMAIN: "domain",
}


def speaks_against(row: LookUp) -> bool:
    """Whether the answer says that something may be wrong; a count and a domain's age do, until they are compared."""
    return row.answer != ANSWERS[row.kind][0] or row.kind in (K.MADE, K.DOMAIN)


def fresh_for(kind: str) -> timedelta:
    """How long an answer of a register counts."""
    return LISTS_FRESH_FOR if kind in ON_LISTS else REGISTERS_FRESH_FOR


def is_old(kind: str, answered_on: date, on: date) -> bool:
    """Whether what a register said has to be looked up again on a day."""
    return kind in GROWS_OLD and on > answered_on + fresh_for(kind)


def source_key(address: str) -> str:
    """The register or the maker as it is compared: the host of a web address, else the letters and digits that were typed."""
    host = urlsplit(address.strip()).hostname or ""
    key = host.removeprefix("www.") or "".join(char for char in fold(address) if char.isalnum())
    return key[:200]


def fault(row: LookUp, on: date) -> Refused | None:
    """The first thing about a recorded answer that cannot be, with its field; None where all of it can be."""
    if row.answer not in ANSWERS.get(row.kind, ()):
        words = _("This is no answer to what was looked up. Choose another one.")
        return Refused("bad_answer", words, field="answer")
    if not source_key(row.address):
        words = _("Say which address you opened, or which number you called.")
        return Refused("no_address", words, field="address")
    return _day_fault(row, on) or _rest_fault(row)


def _day_fault(row: LookUp, on: date) -> Refused | None:
    if not EARLIEST <= row.answered_on <= on:
        words = _("The answer is of a day that has not come. Give the day you read it.")
        return Refused("bad_day", words, field="answered_on")
    if row.since is not None and not EARLIEST <= row.since <= row.answered_on:
        words = _("What the register says has happened before you read it. Correct one of the two days.")
        return Refused("bad_day", words, field="since")
    if row.since is None and (row.answer in DATED or row.kind == K.DOMAIN):
        return Refused("no_day", _("Say since which day, as it is written there."), field="since")
    return None


def _rest_fault(row: LookUp) -> Refused | None:
    if row.answer == A.COUNTED and not 0 <= (-1 if row.count is None else row.count) <= MOST_PIECES:
        return Refused("no_count", _("Say how many pieces, as the maker told you."), field="count")
    if row.answer != A.COUNTED and row.count is not None:
        words = _("A number of pieces belongs to the answer of a maker who was asked for it. Leave it open.")
        return Refused("no_count", words, field="count")
    if row.answer in IN_WORDS and not row.words.strip():
        return Refused("no_words", _("Say in words what was found."), field="words")
    if len(row.words) > LONGEST_WORDS:
        return Refused("too_long", _("Say it in fewer words: 2,000 characters at most."), field="words")
    return None


RECORD = Move[LookUp](
    verb="record",
    label=_("Record a look-up"),
    past=_("recorded what was looked up"),
    target=LookUp.Status.RECORDED,
    allowed=may_check,
)
TAKE_BACK = Move[LookUp](
    verb="take_back",
    label=_("Take back"),
    past=_("took the look-up back"),
    source=one_of(LookUp.Status.RECORDED),
    target=LookUp.Status.TAKEN_BACK,
    allowed=alone(may_check),
    reason=True,
)
LOOK_UP_MOVES = Moves(
    LookUp, RECORD, TAKE_BACK, ends={LookUp.Status.TAKEN_BACK: "entered by mistake; kept for the record"}
)


@dataclass(frozen=True)
class Asked:
    """The goods an answer is held against: an offer's product and model."""

    product_id: int
    model: str = ""


def newest(rows: Iterable[LookUp], asked: Asked) -> list[LookUp]:
    """What counts today for some goods, of all answers in order, newest first: the last of each register, about these goods or any."""
    kept: dict[tuple[object, ...], LookUp] = {}
    for row in rows:
        if about(row, asked):
            where = (row.supplier_id, row.kind, row.whom, row.product_id, _model(row.model), row.source_key)
            kept.setdefault(where, row)
    return list(kept.values())


def about(row: LookUp, asked: Asked) -> bool:
    """Whether an answer is about these goods: it names none, or this product, and no other model."""
    if row.product_id is not None and row.product_id != asked.product_id:
        return False
    return not row.model or not asked.model or _model(row.model) == _model(asked.model)


def _model(name: str) -> str:
    return "".join(char for char in fold(name) if char.isalnum())
