"""Queries for company names, screened names and candidates on watchlists."""

from collections.abc import Iterable

from django.db.models import Max, Q, QuerySet

from procurement.sanctions.models import NameSource, Watchlist, WatchlistEntry, WatchlistMatch
from procurement.sanctions.rules.names import search_keys_of_names
from procurement.sanctions.rules.scoring import NameScore, best_score
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.facts import SupplierFact
from procurement.suppliers.models.suppliers import Supplier

type KnownName = tuple[str, str]  # the role of the name, and the name
NAME_FACTS = (
    SupplierFact.FactName.LEGAL_NAME,
    SupplierFact.FactName.NAME_EN,
    SupplierFact.FactName.REGISTRATION_NUMBER,
)


def supplier_names(company: Supplier) -> set[KnownName]:
    """Return all names of a company that all cities know.

    Includes its own names and number, names in sources, holders and manufacturers on its certificates, account
    holders, and the parties that referred it.
    """
    accounts = company.bank_accounts.exclude(status=BankAccount.Status.RETIRED)
    facts = SupplierFact.objects.in_effect().filter(supplier=company, name__in=NAME_FACTS)
    certificates = company.certificates.values_list("holder", "manufacturer")
    own = (company.legal_name_local, company.name_en, company.uscc)
    found = [
        *zip((NameSource.LEGAL, NameSource.ENGLISH, NameSource.REGISTRATION_NUMBER), own, strict=True),
        *(
            (NameSource.STATED_BY_SOURCE, name)
            for name in facts.exclude(value__in=own).values_list("value", flat=True)
        ),
        *(
            name
            for certificate in certificates
            for name in zip(
                (NameSource.CERTIFICATE_HOLDER, NameSource.CERTIFICATE_MANUFACTURER), certificate, strict=True
            )
        ),
        *((NameSource.BANK_ACCOUNT_HOLDER, name) for name in accounts.values_list("holder", flat=True)),
        *((NameSource.REFERRAL, name) for name in company.referred_by),
    ]
    return {(name_source.value, name.strip()) for name_source, name in found if name.strip()}


def watchlist_revision() -> int:
    """Return the number of the latest change of the lists."""
    last: int = Watchlist.objects.aggregate(last=Max("turn", default=0))["last"]
    return last


def entries_like(name: str, watchlist: Watchlist | None = None) -> list[tuple[WatchlistEntry, NameScore]]:
    """Return the entries similar to a name with their scores, from all lists in force or one list.

    In the order of the entries' keys.
    """
    keys = search_keys_of_names([name], [name])
    names = WatchlistEntry.objects
    rows = (
        names.candidates_for(keys)
        if watchlist is None
        else names.with_any_key(keys).filter(watchlist=watchlist)
    )
    found = []
    for one in rows.order_by("pk") if keys else ():
        likeness = best_score(name, [one.name, *one.aliases], one.numbers)
        if likeness is not None:
            found.append((one, likeness))
    return found


def unscreened_suppliers() -> QuerySet[Supplier]:
    """Return the companies to screen, oldest first.

    These have no compared name, a name compared before the latest change of the lists, or changed facts.
    """
    waiting = (
        Q(screened_names=None)
        | Q(screened_names__turn__lt=watchlist_revision())
        | Q(changed_at__isnull=False)
    )
    return Supplier.objects.filter(pk__in=Supplier.objects.filter(waiting).values("pk")).order_by("pk")


def blocking_matches(companies: Iterable[Supplier], city_id: int) -> QuerySet[WatchlistMatch]:
    """Return the matches that block a city's dealings with these companies, oldest first."""
    return (
        WatchlistMatch.objects.blocking_dealings_with(companies, city_id)
        .select_related("supplier", "entry__watchlist")
        .order_by("pk")
    )
