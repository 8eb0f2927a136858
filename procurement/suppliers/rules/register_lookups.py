"""Rules for register lookups: kinds and answers, official registers, and the checks based on each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from procurement.suppliers.models.register_lookups import RegisterLookup
from procurement.suppliers.rules import certificates
from procurement.suppliers.rules.dependent_cities import allowed_unless_shared
from procurement.suppliers.rules.permissions import may_review_supplier
from workflow.errors import Refused
from workflow.moves import Move, Moves, one_of
from workflow.search import fold_text

Kind, Answer, Party = RegisterLookup.Kind, RegisterLookup.Answer, RegisterLookup.Party
EARLIEST_ANSWER = date(1800, 1, 1)  # older registers exist, but an earlier date is probably a typing error
MAX_STATED_UNITS = 1_000_000_000_000
MAX_WORDS_LENGTH = 2_000  # characters
_LIST_ANSWERS = (Answer.LISTED, Answer.NOT_LISTED, Answer.REMOVED_FROM_LIST)
# The possible answers of each kind; the first means that nothing is wrong.
ANSWERS_BY_KIND: dict[str, tuple[str, ...]] = {
    Kind.COMPANY_REGISTER: (Answer.REGISTERED_IN_ORDER, Answer.NOT_REGISTERED, Answer.STRUCK_OFF),
    Kind.INSOLVENCY: (Answer.NOTHING_FOUND, Answer.DEBTS, Answer.INSOLVENT),
    Kind.PRODUCTION_LICENCE: (Answer.LICENSED, Answer.NO_LICENCE, Answer.LICENCE_ENDED),
    Kind.PRODUCT_LIST: _LIST_ANSWERS,
    Kind.EXPORT_LIST: _LIST_ANSWERS,
    Kind.DISTRIBUTOR_CONFIRMATION: (Answer.CONFIRMED, Answer.UNKNOWN_TO_MANUFACTURER),
    Kind.LOT_CONFIRMATION: (Answer.CONFIRMED, Answer.UNKNOWN_TO_MANUFACTURER),
    Kind.PRODUCTION_COUNT: (Answer.QUANTITY_STATED,),
    Kind.DOMAIN: (Answer.OWNER_MATCHES, Answer.OWNER_HIDDEN, Answer.OWNER_DIFFERS),
    Kind.STAFF: (Answer.ACTIVE, Answer.NO_STAFF),
    Kind.TRADING_HISTORY: (Answer.TRADES_SIMILAR_GOODS, Answer.OTHER_GOODS, Answer.NO_TRADE),
}
# Kept and guaranteed by a state authority: only these answers may block.
OFFICIAL_REGISTERS = frozenset(
    {Kind.COMPANY_REGISTER, Kind.INSOLVENCY, Kind.PRODUCTION_LICENCE, Kind.PRODUCT_LIST, Kind.EXPORT_LIST}
)
# How long a favourable answer is fresh. Lists of goods are cut within weeks (facts/fraud.md case 12: a month after the
# first was published). No source states how often to look, so we chose these periods.
LISTS_FRESH_FOR = timedelta(days=30)
REGISTERS_FRESH_FOR = certificates.CONFIRMATION_FRESH_FOR
GOODS_LIST_KINDS = frozenset({Kind.PRODUCT_LIST, Kind.EXPORT_LIST})
KINDS_GOING_OUT_OF_DATE = OFFICIAL_REGISTERS | {Kind.DISTRIBUTOR_CONFIRMATION}
# Answers that need a date: since when they are true.
ANSWERS_NEEDING_DATE = frozenset({Answer.STRUCK_OFF, Answer.LICENCE_ENDED, Answer.REMOVED_FROM_LIST})
# Answers that need words, because the code alone does not describe the finding.
ANSWERS_NEEDING_TEXT = frozenset({Answer.DEBTS, Answer.OWNER_DIFFERS, Answer.OTHER_GOODS})
# The fact on which checks are based (verification.rules.needed.FACTS_BY_CHECK), by kind.
CHANGED_FACT_BY_KIND: dict[str, str] = {
    **dict.fromkeys((Kind.COMPANY_REGISTER, Kind.INSOLVENCY, Kind.STAFF, Kind.TRADING_HISTORY), "register"),
    **dict.fromkeys((Kind.PRODUCTION_LICENCE, Kind.PRODUCT_LIST, Kind.EXPORT_LIST), "listing"),
    **dict.fromkeys((Kind.DISTRIBUTOR_CONFIRMATION, Kind.LOT_CONFIRMATION, Kind.PRODUCTION_COUNT), "origin"),
    Kind.DOMAIN: "domain",
}


def is_adverse(row: RegisterLookup) -> bool:
    """Return True if the answer shows that something may be wrong with the supplier.

    The number of units made and the age of a web domain are always treated so, because their values are not
    judged here.
    """
    return row.answer != ANSWERS_BY_KIND[row.kind][0] or row.kind in (Kind.PRODUCTION_COUNT, Kind.DOMAIN)


def freshness_period(kind: str) -> timedelta:
    """Return how long an answer of this kind is considered up to date."""
    return LISTS_FRESH_FOR if kind in GOODS_LIST_KINDS else REGISTERS_FRESH_FOR


def is_lookup_outdated(kind: str, answered_on: date, on: date) -> bool:
    """Return True if an answer of a register must be looked up again on this date."""
    return kind in KINDS_GOING_OUT_OF_DATE and on > answered_on + freshness_period(kind)


def source_key(address: str) -> str:
    """Return the register or manufacturer in compared form.

    It is the host of a web address, else the typed letters and digits.
    """
    host = urlsplit(address.strip()).hostname or ""
    key = host.removeprefix("www.") or "".join(char for char in fold_text(address) if char.isalnum())
    return key[:200]


def invalid_lookup_refusal(row: RegisterLookup, on: date) -> Refused | None:
    """Return the first refusal for an invalid lookup, with its field, else None."""
    if row.answer not in ANSWERS_BY_KIND.get(row.kind, ()):
        words = _("This answer does not fit the type of lookup. Choose another answer.")
        return Refused("bad_answer", words, field="answer")
    if not source_key(row.address):
        words = _("Enter the link opened or the number called.")
        return Refused("no_address", words, field="address")
    return _refuse_impossible_day(row, on) or _refuse_invalid_content(row)


def _refuse_impossible_day(row: RegisterLookup, on: date) -> Refused | None:
    if not EARLIEST_ANSWER <= row.answered_on <= on:
        words = _("The date of the answer is in the future. Enter the date you read it.")
        return Refused("bad_day", words, field="answered_on")
    if row.since is not None and not EARLIEST_ANSWER <= row.since <= row.answered_on:
        words = _("The date in the register must be before the date you read it. Correct one of the dates.")
        return Refused("bad_day", words, field="since")
    if row.since is None and (row.answer in ANSWERS_NEEDING_DATE or row.kind == Kind.DOMAIN):
        return Refused("no_day", _("Enter the start date as the source states it."), field="since")
    return None


def _refuse_invalid_content(row: RegisterLookup) -> Refused | None:
    if (
        row.answer == Answer.QUANTITY_STATED
        and not 0 <= (-1 if row.count is None else row.count) <= MAX_STATED_UNITS
    ):
        return Refused("no_count", _("Enter the number of units stated by the manufacturer."), field="count")
    if row.answer != Answer.QUANTITY_STATED and row.count is not None:
        words = _("Only a manufacturer’s answer about quantity needs a number of units. Leave this blank.")
        return Refused("no_count", words, field="count")
    if row.answer in ANSWERS_NEEDING_TEXT and not row.words.strip():
        return Refused("no_words", _("Describe what was found."), field="words")
    if len(row.words) > MAX_WORDS_LENGTH:
        return Refused("too_long", _("Shorten the text to 2,000 characters or fewer."), field="words")
    return None


RECORD_LOOKUP = Move[RegisterLookup](
    verb="record",
    label=_("Record a lookup"),
    past_tense=_("recorded a lookup"),
    target=RegisterLookup.Status.RECORDED,
    allowed=may_review_supplier,
)
RETRACT = Move[RegisterLookup](
    verb="retract",
    label=_("Withdraw register lookup"),
    past_tense=_("withdrew the lookup"),
    source=one_of(RegisterLookup.Status.RECORDED),
    target=RegisterLookup.Status.RETRACTED,
    allowed=allowed_unless_shared(may_review_supplier),
    requires_reason=True,
)
REGISTER_LOOKUP_MOVES = Moves(
    RegisterLookup,
    RECORD_LOOKUP,
    RETRACT,
    ends={RegisterLookup.Status.RETRACTED: "entered by mistake; kept for the record"},
)


@dataclass(frozen=True)
class ComparedGoods:
    """The goods with which an answer is compared: an offer's product and model."""

    product_id: int
    model: str = ""


def current_lookups(rows: Iterable[RegisterLookup], asked: ComparedGoods) -> list[RegisterLookup]:
    """Return the answers that count for these goods: the latest of each register or manufacturer asked.

    `rows` come newest first. Answers about these goods and about any goods count.
    """
    kept: dict[tuple[object, ...], RegisterLookup] = {}
    for row in rows:
        if is_about_goods(row, asked):
            where = (
                row.supplier_id,
                row.kind,
                row.party,
                row.product_id,
                _normalized_model(row.model),
                row.source_key,
            )
            kept.setdefault(where, row)
    return list(kept.values())


def is_about_goods(row: RegisterLookup, asked: ComparedGoods) -> bool:
    """Return True if an answer is about these goods: no product or this one, and no other model."""
    if row.product_id is not None and row.product_id != asked.product_id:
        return False
    return not row.model or not asked.model or _normalized_model(row.model) == _normalized_model(asked.model)


def _normalized_model(name: str) -> str:
    return "".join(char for char in fold_text(name) if char.isalnum())
