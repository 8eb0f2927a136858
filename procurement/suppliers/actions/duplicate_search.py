"""Search for listed suppliers that a new one may duplicate, before it is saved.

They share a fact, or have a name that differs in a letter or two.
"""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from math import ceil, floor
from typing import Unpack

from django.db.models import Q, StringAgg, Value
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from accounts.models import ActingUser
from procurement.suppliers.actions.suppliers import SupplierFacts, add_supplier, suppliers_sharing_facts
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.suppliers import Supplier, SupplierQuerySet
from procurement.suppliers.rules.match_keys import name_key, number_key
from workflow.actors import Actor
from workflow.errors import Refused

MAX_DUPLICATES = 10
MIN_SIMILARITY = 82  # of 100: at most one letter in six differs, or there are two characters more among eight
# Characters of a name. In a shorter name, one other letter makes another name.
MIN_LATIN_LENGTH, MIN_HAN_LENGTH = 6, 4
_HAN_RANGE = range(0x4E00, 0xA000)


@dataclass
class PossibleDuplicate:
    """A listed supplier that may be the same as the new one, with the reasons.

    The reasons are codes of what is alike: "number", "phone", "account", "address", "name", or "near" (a
    similar name).
    """

    supplier: Supplier
    reasons: list[str] = field(default_factory=list)


def find_duplicates(supplier: Supplier, *, account: str = "") -> list[PossibleDuplicate]:
    """Return listed suppliers that this one may duplicate, saved or not, with the reasons.

    At most ten, those that share most first. `account` is the number of a bank account that the
    supplier gave. Similar names are searched among all suppliers and all their rows, which is fit for
    one request but not for a list.
    """
    same = suppliers_sharing_facts(supplier)
    shared = [(fact, other) for fact, others in same.items() for other in others]
    shared += [("account", other) for other in _suppliers_with_account(supplier, account)]
    shared += [
        ("near", other)
        for other in _suppliers_with_similar_name(supplier, known=[one.pk for one in same.get("name", ())])
    ]
    own, found = supplier.current_row.pk, dict[int, PossibleDuplicate]()
    for why, other in shared:
        company = other.current_row
        if company.pk == own:
            continue
        known = found.setdefault(company.pk, PossibleDuplicate(company)).reasons
        if why not in known and not (why == "near" and "name" in known):
            known.append(why)
    return sorted(found.values(), key=lambda one: (-len(one.reasons), one.supplier.pk))[:MAX_DUPLICATES]


def add_supplier_unless_duplicate(
    *,
    legal_name_local: str,
    country: str,
    entered_by: ActingUser,
    by: Actor,
    at: datetime,
    another_because: str = "",
    **facts: Unpack[SupplierFacts],
) -> Supplier:
    """Enter a supplier from a client that cannot ask its user back, such as the API.

    Refuses a supplier that looks like a listed one (code `looks_alike`, with the references of all
    such). The client then uses the listed one, or sends `another_because`.
    """
    row = Supplier(legal_name_local=legal_name_local, country=country, entered_by=entered_by, **facts)
    known = [] if another_because.strip() else find_duplicates(row)
    if known:
        words = _(
            "This company looks like %(companies)s. Use that company, or explain why this is a different one."
        )
        names = ", ".join(one.supplier.reference for one in known)
        raise Refused("looks_alike", words % {"companies": names}, field="another_because")
    return add_supplier(
        legal_name_local=legal_name_local,
        country=country,
        entered_by=entered_by,
        another_because=another_because,
        by=by,
        at=at,
        **facts,
    )


def _suppliers_with_account(supplier: Supplier, account: str) -> list[Supplier]:
    """Return the suppliers that are paid into this account, or into one of the supplier's own."""
    numbers = {number_key(account)} - {""}
    if supplier.pk is not None:
        numbers |= set(supplier.bank_accounts.values_list("number", flat=True))
    if not numbers:
        return []
    holders = BankAccount.objects.filter(number__in=numbers).values("supplier")
    return list(_other_suppliers(supplier).filter(pk__in=holders).order_by("pk")[:MAX_DUPLICATES])


def _suppliers_with_similar_name(supplier: Supplier, known: list[int]) -> list[Supplier]:
    """Return the suppliers with a name similar to one of this supplier's, in either script; at most ten.

    Only names of a similar length are read, all in one text. Among 100,000 suppliers, an index of
    letters would leave more than half of these names (docs/figures.md).
    """
    mine = [
        key for key in (name_key(supplier.legal_name_local), name_key(supplier.name_en)) if _long_enough(key)
    ]
    others = _other_suppliers(supplier).exclude(pk__in=known)
    near: set[str] = set()
    for column, key in product(("name_key", "name_en_key"), dict.fromkeys(mine)):
        least, most = _possible_lengths(key)
        rows = others.annotate(size=Length(column)).filter(size__gte=least, size__lte=most)
        joined: str = rows.aggregate(names=StringAgg(column, Value("\n")))["names"] or ""
        hits = process.extract(
            key, joined.split("\n"), scorer=fuzz.ratio, score_cutoff=MIN_SIMILARITY, limit=MAX_DUPLICATES
        )
        near.update(name for name, _score, _place in hits)
    if not near:
        return []
    same = Q(name_key__in=near) | Q(name_en_key__in=near)
    return list(others.filter(same).order_by("pk")[:MAX_DUPLICATES])


def _possible_lengths(key: str) -> tuple[int, int]:
    """Return the least and the greatest length of a name that can be similar to this one.

    At best, the longer name contains all characters of the shorter one.
    """
    apart = (200 - MIN_SIMILARITY) / MIN_SIMILARITY
    return ceil(len(key) / apart), floor(len(key) * apart)


def _other_suppliers(supplier: Supplier) -> SupplierQuerySet:
    return Supplier.objects.exclude(pk=supplier.pk)


def _long_enough(key: str) -> bool:
    han = any(ord(char) in _HAN_RANGE for char in key)
    return len(key) >= (MIN_HAN_LENGTH if han else MIN_LATIN_LENGTH)
