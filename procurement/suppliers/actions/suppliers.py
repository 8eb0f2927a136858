"""Actions that enter and correct suppliers, and that find suppliers which may be the same.

Cities share these facts. Offers are screened again after a change.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import Q

from accounts.models import ActingUser, User
from partners.cities.models import City
from partners.contacts.models import Contact
from procurement.outreach.models.inquiries import Inquiry
from procurement.suppliers.actions.fact_acceptance import ask_cities_to_accept, exclude_other_cities
from procurement.suppliers.models.facts import SupplierFact
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules import suppliers
from procurement.suppliers.rules.match_keys import address_key, name_key, number_key, phone_key, phone_keys
from procurement.suppliers.rules.suppliers import impossible_supplier_refusal
from workflow.actors import Actor
from workflow.days import latest_day
from workflow.edits import UNSET, Edit, Unset
from workflow.moves import register_action, select_locked
from workflow.query_expressions import in_subquery

# Facts on which checks of the supplier are based; a new website or phone is only compared with other suppliers.
IDENTITY_FIELDS = frozenset({"legal_name_local", "uscc", "country", "role", "founded_on", "place", "address"})
# Columns compared for a fact; a supplier has two names, and either may equal either name of another supplier.
COMPARED_COLUMNS_BY_FACT = {
    "number": ("uscc",),
    "phone": ("phone_key",),
    "address": ("address_key",),
    "name": ("name_key", "name_en_key"),
}
# The same facts as sources report them (facts.py).
FACT_NAMES_BY_COMPARED_FACT = {
    "number": (SupplierFact.FactName.REGISTRATION_NUMBER,),
    "phone": (SupplierFact.FactName.PHONE,),
    "address": (SupplierFact.FactName.ADDRESS,),
    "name": (SupplierFact.FactName.LEGAL_NAME, SupplierFact.FactName.NAME_EN),
}
KEY_COLUMN_MAX_LENGTHS = {
    "phone_key": 60,
    "address_key": 300,
    "name_key": 200,
    "name_en_key": 200,
}  # characters, the sizes of the columns
MAX_SIMILAR_SUPPLIERS = 10


class SupplierFacts(TypedDict, total=False):
    """Facts of a new supplier, with the contact and the inquiry from whom they came."""

    name_en: str
    uscc: str
    role: str
    founded_on: date | None
    place: City | None
    address: str
    website: str
    email: str
    phone: str
    referred_by: list[str]
    contact: Contact | None
    inquiry: Inquiry | None


@dataclass(frozen=True, kw_only=True)
class SupplierEdit(Edit):
    """Facts of a supplier to correct."""

    legal_name_local: str | Unset = UNSET
    name_en: str | Unset = UNSET
    country: str | Unset = UNSET
    uscc: str | Unset = UNSET
    role: str | Unset = UNSET
    founded_on: date | Unset | None = UNSET
    place: City | Unset | None = UNSET
    address: str | Unset = UNSET
    website: str | Unset = UNSET
    email: str | Unset = UNSET
    phone: str | Unset = UNSET
    referred_by: list[str] | Unset = UNSET


@register_action(suppliers.ADD_SUPPLIER)
def add_supplier(
    *,
    legal_name_local: str,
    country: str,
    entered_by: ActingUser,
    another_because: str = "",
    by: Actor,
    at: datetime,
    **facts: Unpack[SupplierFacts],
) -> Supplier:
    """Enter a supplier.

    Pages show `find_duplicates` first. A supplier that looks like a listed one can still be entered,
    with a reason why it is another (`another_because`, stored in its history); screening will find it.
    """
    supplier = Supplier(legal_name_local=legal_name_local, country=country, entered_by=entered_by, **facts)
    _set_match_keys(supplier, at)
    asked_by = supplier.inquiry.city_id if supplier.inquiry is not None else None
    with transaction.atomic():
        asked = exclude_other_cities(supplier, similar_suppliers(supplier), by=by, city_id=asked_by)
        suppliers.ADD_SUPPLIER.create(supplier, by=by, at=at, reason=another_because)
        ask_cities_to_accept(
            supplier, asked, why=another_because, author=entered_by, by=by, at=at, city_id=asked_by
        )
    return supplier


@register_action(suppliers.CORRECT)
def correct_supplier(
    supplier: Supplier, edit: SupplierEdit, *, by: Actor, at: datetime, reason: str = ""
) -> Supplier:
    """Correct a supplier's facts.

    The periodic job screens its offers again. Checks based on the supplier's identity are repeated.
    """
    with transaction.atomic():
        with suppliers.CORRECT.apply_to(supplier, by=by, at=at, reason=reason) as row:
            other = {name for name, value in edit.changes().items() if getattr(row, name) != value}
            known = similar_suppliers(row)
            edit.apply_to(row)
            _set_match_keys(row, at)
            asked = exclude_other_cities(
                row, [one for one in similar_suppliers(row) if one not in known], by=by
            )
        if asked and by.user_id is not None:
            author = User.objects.get(pk=by.user_id)
            ask_cities_to_accept(supplier, asked, why=reason, author=author, by=by, at=at)
        if other:
            request_rescreening(supplier, at, *(["company"] if other & IDENTITY_FIELDS else []))
    return supplier


def request_rescreening(
    supplier: Supplier, at: datetime, *facts: str, only: Iterable[int] | None = None
) -> None:
    """Request a new screening of the supplier's offers (`rescreen_changed_offers`), and name the changed `facts`.

    Called as part of the change, so it makes no journal entry. `only` are the ids of the cities whose checks
    depend on the change; by default all.
    """
    row = select_locked(supplier)
    values = facts if only is None else [f"{fact}@{city_id}" for fact in facts for city_id in only]
    known = sorted({*row.changed_facts, *values})
    Supplier.objects.filter(pk=row.pk).update(changed_at=at, changed_facts=known)


def request_rescreening_of_similar(
    supplier: Supplier, others: Iterable[int], at: datetime, *facts: str, only: Iterable[int] | None = None
) -> None:
    """Call `request_rescreening` for a supplier and for others that share a fact with it.

    `others` are their ids. The suppliers are locked in the order of their ids. `facts` apply to the
    first supplier only.
    """
    for company in Supplier.objects.filter(pk__in={supplier.pk, *others}).order_by("pk"):
        request_rescreening(company, at, *(facts if company.pk == supplier.pk else ()), only=only)


def clear_supplier_changed_at(supplier: Supplier) -> None:
    """Clear the change marks of a supplier, unless it changed again since it was read.

    Called when its offers have been screened with its facts as read.
    """
    seen = Supplier.objects.filter(pk=supplier.pk, changed_at=supplier.changed_at)
    seen.filter(changed_facts=supplier.changed_facts).update(changed_at=None, changed_facts=[])


def similar_suppliers(supplier: Supplier) -> list[Supplier]:
    """Return suppliers that may be the same: same number, phone, address or name in compared form.

    At most ten, oldest first.
    """
    mine = _shareable(supplier)
    if not mine:
        return []
    said = SupplierFact.objects.in_effect().filter(_shared_source_condition(mine)).values("supplier")
    alike = Supplier.objects.filter(_shared_column_condition(mine) | in_subquery(said)).exclude(
        pk=supplier.pk
    )
    rows = alike.select_related("merged_into").order_by("pk")[
        : MAX_SIMILAR_SUPPLIERS * len(COMPARED_COLUMNS_BY_FACT)
    ]
    others = {row.current_row.pk: row.current_row for row in rows}
    return [others[key] for key in sorted(others.keys() - {supplier.current_row.pk})][:MAX_SIMILAR_SUPPLIERS]


def suppliers_sharing_facts(supplier: Supplier, city_id: int | None = None) -> dict[str, list[Supplier]]:
    """Return other listed suppliers by the fact they share: number, phone, address, name.

    At most ten each, oldest first. Facts of all the supplier's rows, merged or not, and facts from its
    sources are compared. With `city_id`, only facts that count for the offers of that city. Two
    queries, and one for each merged row.
    """
    mine = _shareable(supplier)
    if not mine:
        return {}
    own = supplier.current_row.pk
    found: dict[str, dict[int, Supplier]] = {fact: {} for fact in mine}
    for fact, other in (
        *_suppliers_with_same_columns(supplier, mine, city_id),
        *_suppliers_with_same_facts(supplier, mine, city_id),
    ):
        current = other.current_row
        if current.pk != own:
            found[fact][current.pk] = current
    return {
        fact: [others[key] for key in sorted(others)][:MAX_SIMILAR_SUPPLIERS]
        for fact, others in found.items()
        if others
    }


def _suppliers_with_same_columns(
    supplier: Supplier, mine: dict[str, set[str]], city_id: int | None
) -> list[tuple[str, Supplier]]:
    counted = Supplier.objects.all() if city_id is None else Supplier.objects.for_city(city_id)
    others = (
        counted.filter(_shared_column_condition(mine)).exclude(pk=supplier.pk).select_related("merged_into")
    )
    rows = list(others.order_by("pk")[: MAX_SIMILAR_SUPPLIERS * len(COMPARED_COLUMNS_BY_FACT)])
    return [
        (fact, row)
        for fact, values in mine.items()
        for row in rows
        if values & {getattr(row, name) for name in COMPARED_COLUMNS_BY_FACT[fact]}
    ]


def _suppliers_with_same_facts(
    supplier: Supplier, mine: dict[str, set[str]], city_id: int | None
) -> list[tuple[str, Supplier]]:
    counted = (
        SupplierFact.objects.in_effect()
        if city_id is None
        else SupplierFact.objects.in_effect().for_city(city_id)
    )
    others = counted.filter(_shared_source_condition(mine)).exclude(supplier=supplier.pk)
    rows = others.select_related("supplier").order_by("pk")[
        : MAX_SIMILAR_SUPPLIERS * len(COMPARED_COLUMNS_BY_FACT)
    ]
    fact_of = {name: fact for fact, names in FACT_NAMES_BY_COMPARED_FACT.items() for name in names}
    return [(fact_of[SupplierFact.FactName(row.name)], row.supplier) for row in rows]


def _shared_column_condition(mine: Mapping[str, set[str]]) -> Q:
    """Return the condition that the row of a supplier shares one of these facts."""
    same = Q()
    for fact, values in mine.items():
        for column in COMPARED_COLUMNS_BY_FACT[fact]:
            same |= Q(**{f"{column}__in": sorted(values)})
    return same


def _shared_source_condition(mine: Mapping[str, set[str]]) -> Q:
    """Return the condition that a source of a supplier states one of these facts."""
    same = Q()
    for fact, values in mine.items():
        same |= Q(name__in=FACT_NAMES_BY_COMPARED_FACT[fact], value_key__in=sorted(values))
    return same


def find_by_number(uscc: str, legal_name_local: str) -> Supplier | None:
    """Return the one listed supplier with this registration number and name, else None.

    It prevents a second entry of the same supplier. Merged rows count as the row that stays. Return
    None also if there is more than one.
    """
    if not uscc:
        return None
    same = Supplier.objects.filter(
        uscc=number_key(uscc), name_key=_cut_to_column(name_key(legal_name_local), "name_key")
    )
    found = {one.pk: one for one in (row.current_row for row in same.order_by("pk")[:MAX_SIMILAR_SUPPLIERS])}
    return next(iter(found.values())) if len(found) == 1 else None


def _shareable(supplier: Supplier) -> dict[str, set[str]]:
    """Return the facts of a supplier that others may share, in their compared form."""
    return {fact: values for fact, values in _match_keys_of(supplier).items() if values}


def _match_keys_of(supplier: Supplier) -> dict[str, set[str]]:
    """Return a supplier's facts in their compared form, without empty ones."""
    keys = {
        "number": {number_key(supplier.uscc)},
        "phone": {_cut_to_column(key, "phone_key") for key in phone_keys(supplier.phone, supplier.country)},
        "address": {_cut_to_column(address_key(supplier.address), "address_key")},
        "name": {
            _cut_to_column(name_key(supplier.legal_name_local), "name_key"),
            _cut_to_column(name_key(supplier.name_en), "name_en_key"),
        },
    }
    return {fact: values - {""} for fact, values in keys.items()}


def _set_match_keys(row: Supplier, at: datetime) -> None:
    """Set the compared form of the facts. Refuses impossible facts."""
    row.uscc = number_key(row.uscc)
    if (fault := impossible_supplier_refusal(row, latest_day(at))) is not None:
        raise fault
    row.phone_key = _cut_to_column(phone_key(row.phone, row.country), "phone_key")
    row.name_key = _cut_to_column(name_key(row.legal_name_local), "name_key")
    row.name_en_key = _cut_to_column(name_key(row.name_en), "name_en_key")
    row.address_key = _cut_to_column(address_key(row.address), "address_key")


def _cut_to_column(key: str, column: str) -> str:
    """Cut a key to the length of its column, because folding makes some characters longer."""
    return key[: KEY_COLUMN_MAX_LENGTHS[column]]
