"""Papers of two companies that bear one number: whose the paper is, and what that says about the company that offers."""

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from procurement.catalogue.formats import report_number
from procurement.catalogue.models.certificates import CertificateKind
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.rules.comparing import name_key, number_key, same_name

NumberNames = CertificateKind.NumberNames
MODELS = re.compile(r"[,;，；、\n]")
BODY_NUMBER = re.compile(r"[0-9]{4}")
TRADES = (Supplier.Role.TRADER, Supplier.Role.BROKER)
BOTH_CLAIM, LETTER = "", "letter"  # it blocks; a note is enough


@dataclass(frozen=True)
class Twin:
    """Another company that shows a number, and why that only warns: a code of `UNSURE`, `LETTER` for a note, `BOTH_CLAIM` where it
    blocks.
    """

    company: str
    why: str


def twins_of(papers: Sequence[Certificate], city_id: int) -> dict[int, list[Certificate]]:
    """The papers of other companies with the same kind and number that count for a city, the oldest first, by the key of the paper they
    are like. One query for all.

    They are named: companies are shared between cities.
    """
    numbers = {one.number_key for one in papers if names_the_paper(one)} - {""}
    if not numbers:
        return {}
    others = (
        Certificate.objects.for_city(city_id)
        .filter(number_key__in=numbers, kind__in={one.kind_id for one in papers})
        .exclude(supplier__status=Supplier.Status.MERGED)
        .select_related("supplier")
        .order_by("pk")
    )
    alike: dict[tuple[int, str], list[Certificate]] = {}
    for other in others:
        alike.setdefault((other.kind_id, other.number_key), []).append(other)
    found = {}
    for one in papers:
        rows = alike.get((one.kind_id, one.number_key), []) if names_the_paper(one) else []
        found[one.pk] = [other for other in rows if other.supplier_id != one.supplier_id]
    return found


def other_models(paper: Certificate, shown: Iterable[Certificate]) -> str:
    """The models that the same company shows the same report for, where it is shown for others here; "" where that is not so.

    A report is about the samples that were tested. One that covers several models names them together.
    """
    if paper.kind.number_names != NumberNames.LABORATORY or not names_the_paper(paper):
        return ""
    mine = models_in(paper.models_covered)
    alike = (
        one
        for one in shown
        if one.pk != paper.pk and one.kind_id == paper.kind_id and one.number_key == paper.number_key
    )
    others = (one.models_covered for one in alike if mine.isdisjoint(models_in(one.models_covered) or mine))
    return next(filter(None, others), "") if mine else ""


def models_in(named: str) -> set[str]:
    """The models a paper names, as they are compared."""
    return {number_key(one) for one in MODELS.split(named)} - {""}


def names_the_paper(paper: Certificate) -> bool:
    """Whether its number is the paper's own, or a maker's approval, and not that of a laboratory, a notified body or a company."""
    match NumberNames(paper.kind.number_names):
        case NumberNames.BODY:
            # Four digits are the body's; what is longer is the report's own.
            return not BODY_NUMBER.fullmatch(paper.number_key)
        case NumberNames.LABORATORY:
            return bool(report_number(paper.kind, paper.number))
        case NumberNames.COMPANY:
            return False
    return True


def worst(
    mine: Certificate, others: Iterable[Certificate], maker: Supplier | None, letters: Container[str]
) -> Twin | None:
    """What weighs most of what other companies' papers with this number say about the company; None where they say nothing.

    `maker`: whom the offer names as the maker. `letters`: whose goods the company may sell (`whose.letters`).
    """
    judged = [(_why(mine, other, maker, letters), other) for other in others]
    said = [(why, other) for why, other in judged if why is not None]
    if not said:
        return None
    why, other = min(said, key=lambda one: (one[0] != BOTH_CLAIM, one[0] == LETTER))
    return Twin(other.supplier.reference, why)


def is_own(paper: Certificate, company: Supplier) -> bool | None:
    """Whether the company holds a paper it shows: an open holder is the company; None where it has no name in the holder's script."""
    return same_name(paper.holder, names_of(company)) if name_key(paper.holder) else True


def names_of(company: Supplier) -> tuple[str, str]:
    """The names of a company: the registered one, and the English one."""
    return company.legal_name_local, company.name_en


def _why(
    mine: Certificate, theirs: Certificate, maker: Supplier | None, letters: Container[str]
) -> str | None:
    """What another company's paper with this number says about the one that offers; None where it says nothing."""
    me, them = mine.supplier.current, theirs.supplier.current
    if _is_held_by(mine, them, maker):
        keys = {name_key(name) for name in (*names_of(them), mine.holder)} - {""}
        return LETTER if any(key in letters for key in keys) else "theirs"
    if name_key(theirs.holder) and same_name(theirs.holder, names_of(me)):
        return None
    if is_own(mine, me) is False:
        return _of_a_third(mine, theirs, letters)
    return None if is_own(theirs, them) is False else _both_claim(mine, theirs)


def _is_held_by(paper: Certificate, company: Supplier, maker: Supplier | None) -> bool:
    """Whether a paper is said to be this company's: it names it; or it names nobody, and the offer says that it makes the goods."""
    if name_key(paper.holder):
        return bool(same_name(paper.holder, names_of(company)))
    return maker is not None and maker.current.pk == company.pk


def _of_a_third(mine: Certificate, theirs: Certificate, letters: Container[str]) -> str:
    """Why two sellers may show the paper of a third company."""
    if name_key(mine.holder) in letters:
        return LETTER
    return "same_holder" if name_key(mine.holder) == name_key(theirs.holder) else "holders_differ"


def _both_claim(mine: Certificate, theirs: Certificate) -> str | None:
    """Both show the paper as theirs. It is firm only where both say so in words: an open holder is not stated, and a trader that
    leaves it open has claimed nothing. An issuer's word settles it.
    """
    if mine.status == Certificate.Status.CONFIRMED:
        return None
    if mine.kind.number_names in (NumberNames.MAKER, NumberNames.LABORATORY):
        return str(mine.kind.number_names)
    if name_key(mine.holder) and name_key(mine.holder) == name_key(theirs.holder):
        return "same_holder"  # in a script in which the companies have no name
    open_mine, open_theirs = _is_open(mine), _is_open(theirs)
    if open_theirs and not open_mine:
        return None
    stated = not open_mine and name_key(mine.holder) and name_key(theirs.holder)
    return BOTH_CLAIM if stated else "holder_open"


def _is_open(paper: Certificate) -> bool:
    """Whether it does not say whose it is: a trader's that names no holder, or one in a script in which its company has no name."""
    company = paper.supplier.current
    if name_key(paper.holder):
        return is_own(paper, company) is None
    return company.role in TRADES
