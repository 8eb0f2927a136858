"""Entering, correcting and merging companies. Facts are shared between cities; what changes is judged anew by the leads stage."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from procurement.suppliers.actions import counting
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.fact import CompanyFact
from procurement.suppliers.rules import companies
from procurement.suppliers.rules.comparing import address_key, name_key, number_key, phone_key, phone_keys
from workflow.actors import Actor
from workflow.days import latest_day
from workflow.moves import locked

# What a check of the company itself rests on; a new website or phone is compared with other companies', and that is all.
IDENTITY = frozenset({"legal_name_local", "uscc", "country", "role", "founded_on", "place", "address"})
# The columns a fact is compared with. A company has two names, and another may bear either of them as either of its own.
COLUMNS = {
    "number": ("uscc",),
    "phone": ("phone_key",),
    "address": ("address_key",),
    "name": ("name_key", "name_en_key"),
}
# And what sources say of the same (facts.py).
SAID = {
    "number": (CompanyFact.Name.NUMBER,),
    "phone": (CompanyFact.Name.PHONE,),
    "address": (CompanyFact.Name.ADDRESS,),
    "name": (CompanyFact.Name.LEGAL_NAME, CompanyFact.Name.NAME_EN),
}
LONGEST = {
    "phone_key": 60,
    "address_key": 300,
    "name_key": 200,
    "name_en_key": 200,
}  # characters, as the columns hold
MOST_ALIKE = 10


def add(
    *,
    legal_name_local: str,
    country: str,
    entered_by: User,
    another_because: str = "",
    by: Actor,
    at: datetime,
    **facts: Any,
) -> Supplier:
    """Enter a company. Doors show `likely()` first; entering one that looks the same is possible, with why it is another
    (`another_because`, kept in its history), and is found by screening.
    """
    supplier = Supplier(legal_name_local=legal_name_local, country=country, entered_by=entered_by, **facts)
    _derive(supplier, at)
    asked_by = supplier.inquiry.city_id if supplier.inquiry is not None else None
    with transaction.atomic():
        asked = counting.withhold(supplier, alike(supplier), by=by, city_id=asked_by)
        companies.LIST.start(supplier, by=by, at=at, reason=another_because)
        counting.ask(supplier, asked, why=another_because, author=entered_by, by=by, at=at, city_id=asked_by)
    return supplier


def correct(supplier: Supplier, *, by: Actor, at: datetime, reason: str = "", **facts: Any) -> Supplier:
    """Correct a company's facts. The tick judges its offers anew, and the checks that rested on what the company is."""
    with transaction.atomic():
        with companies.CORRECT.on(supplier, by=by, at=at, reason=reason) as row:
            other = {name for name, value in facts.items() if getattr(row, name) != value}
            known = alike(row)
            for name, value in facts.items():
                setattr(row, name, value)
            _derive(row, at)
            asked = counting.withhold(row, [one for one in alike(row) if one not in known], by=by)
        if asked and by.user_id is not None:
            author = User.objects.get(pk=by.user_id)
            counting.ask(supplier, asked, why=reason, author=author, by=by, at=at)
        if other:
            note_change(supplier, at, *(["company"] if other & IDENTITY else []))
    return supplier


def note_change(supplier: Supplier, at: datetime, *facts: str, only: Iterable[int] | None = None) -> None:
    """Ask for the company's offers to be judged again (leads.settle). Part of the change itself: it records nothing of its own.

    `only`: the cities whose checks rest on what changed; by default, all.
    """
    row = locked(supplier)
    told = facts if only is None else [f"{fact}@{city_id}" for fact in facts for city_id in only]
    known = sorted({*row.changed_facts, *told})
    Supplier.objects.filter(pk=row.pk).update(changed_at=at, changed_facts=known)


def note_shared(
    supplier: Supplier, others: Iterable[int], at: datetime, *facts: str, only: Iterable[int] | None = None
) -> None:
    """`note_change` of a company, and of the others, by key, that show what it shows. Locked in the order of their keys."""
    for company in Supplier.objects.filter(pk__in={supplier.pk, *others}).order_by("pk"):
        note_change(company, at, *(facts if company.pk == supplier.pk else ()), only=only)


def judged(supplier: Supplier) -> None:
    """Its offers have been judged by its facts as they were read; what changed meanwhile is judged next time."""
    seen = Supplier.objects.filter(pk=supplier.pk, changed_at=supplier.changed_at)
    seen.filter(changed_facts=supplier.changed_facts).update(changed_at=None, changed_facts=[])


def alike(supplier: Supplier) -> list[Supplier]:
    """Companies that may be the same: same number, phone, address or name, as they are compared. At most ten, oldest first."""
    others = {other.pk: other for found in same_facts(supplier).values() for other in found}
    return [others[key] for key in sorted(others)][:MOST_ALIKE]


def same_facts(supplier: Supplier, city_id: int | None = None) -> dict[str, list[Supplier]]:
    """Other listed companies by the fact they share: number, phone, address, name. At most ten each, oldest first.

    A company shares what any of its rows says, merged or not, and what a source says of it. Two queries, and one for a merged row.
    `city_id`: only by what counts for the offers of that city.
    """
    mine = {fact: values for fact, values in _compared(supplier).items() if values}
    if not mine:
        return {}
    own = supplier.current.pk
    found: dict[str, dict[int, Supplier]] = {fact: {} for fact in mine}
    for fact, other in (*_same_rows(supplier, mine, city_id), *_same_said(supplier, mine, city_id)):
        current = other.current
        if current.pk != own:
            found[fact][current.pk] = current
    return {
        fact: [others[key] for key in sorted(others)][:MOST_ALIKE] for fact, others in found.items() if others
    }


def _same_rows(
    supplier: Supplier, mine: dict[str, set[str]], city_id: int | None
) -> list[tuple[str, Supplier]]:
    same = Q()
    for fact, values in mine.items():
        for column in COLUMNS[fact]:
            same |= Q(**{f"{column}__in": sorted(values)})
    counted = Supplier.objects.all() if city_id is None else Supplier.objects.for_city(city_id)
    others = counted.filter(same).exclude(pk=supplier.pk).select_related("merged_into")
    rows = list(others.order_by("pk")[: MOST_ALIKE * len(COLUMNS)])
    return [
        (fact, row)
        for fact, values in mine.items()
        for row in rows
        if values & {getattr(row, name) for name in COLUMNS[fact]}
    ]


def _same_said(
    supplier: Supplier, mine: dict[str, set[str]], city_id: int | None
) -> list[tuple[str, Supplier]]:
    same = Q()
    for fact, values in mine.items():
        same |= Q(name__in=SAID[fact], value_key__in=sorted(values))
    counted = CompanyFact.objects.said() if city_id is None else CompanyFact.objects.said().for_city(city_id)
    others = counted.filter(same).exclude(supplier=supplier.pk)
    rows = others.select_related("supplier").order_by("pk")[: MOST_ALIKE * len(COLUMNS)]
    fact_of = {name: fact for fact, names in SAID.items() for name in names}
    return [(fact_of[CompanyFact.Name(row.name)], row.supplier) for row in rows]


def known_by_number(uscc: str, legal_name_local: str) -> Supplier | None:
    """The listed company with this number and name, under whichever of its rows, so that it is not entered twice; None where there is
    none or more than one.
    """
    if not uscc:
        return None
    same = Supplier.objects.filter(
        uscc=number_key(uscc), name_key=_cut(name_key(legal_name_local), "name_key")
    )
    found = {one.pk: one for one in (row.current for row in same.order_by("pk")[:MOST_ALIKE])}
    return next(iter(found.values())) if len(found) == 1 else None


def _compared(supplier: Supplier) -> dict[str, set[str]]:
    """A company's facts as they are compared, by their name; none where one says nothing."""
    keys = {
        "number": {number_key(supplier.uscc)},
        "phone": {_cut(key, "phone_key") for key in phone_keys(supplier.phone, supplier.country)},
        "address": {_cut(address_key(supplier.address), "address_key")},
        "name": {
            _cut(name_key(supplier.legal_name_local), "name_key"),
            _cut(name_key(supplier.name_en), "name_en_key"),
        },
    }
    return {fact: values - {""} for fact, values in keys.items()}


def _derive(row: Supplier, at: datetime) -> None:
    """The facts as they are compared. Refuses what no company can say of itself."""
    row.uscc = number_key(row.uscc)
    if (fault := companies.fault(row, latest_day(at))) is not None:
        raise fault
    row.phone_key = _cut(phone_key(row.phone, row.country), "phone_key")
    row.name_key = _cut(name_key(row.legal_name_local), "name_key")
    row.name_en_key = _cut(name_key(row.name_en), "name_en_key")
    row.address_key = _cut(address_key(row.address), "address_key")


def _cut(key: str, column: str) -> str:
    """As much of a key as its column holds: folding makes some signs longer than they were written."""
    return key[: LONGEST[column]]
