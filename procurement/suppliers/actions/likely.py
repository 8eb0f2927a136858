"""Companies that a new one may be, shown before it is saved: by what they share, and by names that differ in a letter or two."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from math import ceil, floor
from typing import Any

from django.db.models import Q, StringAgg, Value
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from accounts.models import User
from procurement.suppliers.actions.companies import add, same_facts
from procurement.suppliers.models.account import BankAccount
from procurement.suppliers.models.company import Supplier, SupplierQuerySet
from procurement.suppliers.rules.comparing import name_key, number_key
from workflow.actors import Actor
from workflow.errors import Refused

MOST_LIKELY = 10
NEAR = 82  # of 100: one letter in six differs at most, or two signs more among eight
LEAST_LATIN, LEAST_HAN = 6, 4  # signs of a name: in shorter ones a letter makes another name
_HAN = range(0x4E00, 0xA000)


@dataclass
class PossibleDuplicate:
    """A listed company, and what makes it look like the new one: number, phone, account, address, name, near name."""

    company: Supplier
    why: list[str] = field(default_factory=list)


def find_duplicates(supplier: Supplier, *, account: str = "") -> list[PossibleDuplicate]:
    """Listed companies that this one may be, saved or not, with why; at most ten, those that share most first.

    `account` is a bank account's number they gave. Near names are looked for among all companies, under each of their rows: for doors,
    not for lists.
    """
    same = same_facts(supplier)
    shared = [(fact, other) for fact, others in same.items() for other in others]
    shared += [("account", other) for other in _with_account(supplier, account)]
    shared += [("near", other) for other in _near(supplier, known=[one.pk for one in same.get("name", ())])]
    own, found = supplier.current.pk, dict[int, PossibleDuplicate]()
    for why, other in shared:
        company = other.current
        if company.pk == own:
            continue
        known = found.setdefault(company.pk, PossibleDuplicate(company)).why
        if why not in known and not (why == "near" and "name" in known):
            known.append(why)
    return sorted(found.values(), key=lambda one: (-len(one.why), one.company.pk))[:MOST_LIKELY]


def enter(
    *,
    legal_name_local: str,
    country: str,
    entered_by: User,
    by: Actor,
    at: datetime,
    another_because: str = "",
    **facts: Any,
) -> Supplier:
    """Enter a company through a door that asks nothing back, such as a program's.

    Refuses one that looks like a listed company (code `looks_alike`, with the references of all of them) until it is said why it is
    another: use the listed one, or send `another_because`.
    """
    row = Supplier(legal_name_local=legal_name_local, country=country, entered_by=entered_by, **facts)
    known = [] if another_because.strip() else find_duplicates(row)
    if known:
        words = _("This looks like %(companies)s. Use that company, or say why it is another one.")
        names = ", ".join(one.company.reference for one in known)
        raise Refused("looks_alike", words % {"companies": names}, field="another_because")
    return add(
        legal_name_local=legal_name_local,
        country=country,
        entered_by=entered_by,
        another_because=another_because,
        by=by,
        at=at,
        **facts,
    )


def _with_account(supplier: Supplier, account: str) -> list[Supplier]:
    """The companies that are paid into this account, or into one of the company's own."""
    numbers = {number_key(account)} - {""}
    if supplier.pk is not None:
        numbers |= set(supplier.bank_accounts.values_list("number", flat=True))
    if not numbers:
        return []
    holders = BankAccount.objects.filter(number__in=numbers).values("supplier")
    return list(_others(supplier).filter(pk__in=holders).order_by("pk")[:MOST_LIKELY])


def _near(supplier: Supplier, known: list[int]) -> list[Supplier]:
    """The companies one of whose names is nearly one of this one's, in either script; at most ten.

    Of the names only those are read that are long enough and short enough to be so near, all of them in one text: among 100,000
    companies an index of their letters would leave more than half of them (docs/figures.md).
    """
    mine = [
        key for key in (name_key(supplier.legal_name_local), name_key(supplier.name_en)) if _long_enough(key)
    ]
    others = _others(supplier).exclude(pk__in=known)
    near: set[str] = set()
    for column, key in product(("name_key", "name_en_key"), dict.fromkeys(mine)):
        least, most = _sizes(key)
        rows = others.annotate(size=Length(column)).filter(size__gte=least, size__lte=most)
        told: str = rows.aggregate(told=StringAgg(column, Value("\n")))["told"] or ""
        hits = process.extract(key, told.split("\n"), scorer=fuzz.ratio, score_cutoff=NEAR, limit=MOST_LIKELY)
        near.update(name for name, _score, _place in hits)
    if not near:
        return []
    same = Q(name_key__in=near) | Q(name_en_key__in=near)
    return list(others.filter(same).order_by("pk")[:MOST_LIKELY])


def _sizes(key: str) -> tuple[int, int]:
    """How short and how long a name may be that is near to this one: all signs of the shorter one stand in the longer one at best."""
    apart = (200 - NEAR) / NEAR
    return ceil(len(key) / apart), floor(len(key) * apart)


def _others(supplier: Supplier) -> SupplierQuerySet:
    return Supplier.objects.exclude(pk=supplier.pk)


def _long_enough(key: str) -> bool:
    han = any(ord(char) in _HAN for char in key)
    return len(key) >= (LEAST_HAN if han else LEAST_LATIN)
