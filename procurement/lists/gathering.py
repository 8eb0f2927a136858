"""Which names a company bears, which were compared with which lists, and who on a list is a candidate. Reads only."""

from collections.abc import Iterable

from django.db.models import Max, Q, QuerySet

from procurement.lists.models.match import Borne, ListMatch
from procurement.lists.models.watch_list import ListedName, WatchList
from procurement.lists.rules.names import keys_of_names
from procurement.lists.rules.scoring import Alike, best
from procurement.suppliers.models.account import BankAccount
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.fact import CompanyFact

type Name = tuple[str, str]  # as what it is borne, and the name
CALLED = (CompanyFact.Name.LEGAL_NAME, CompanyFact.Name.NAME_EN, CompanyFact.Name.NUMBER)


def names_of(company: Supplier) -> set[Name]:
    """Every name a company is known by to all: its two, its number, what sources call it, holders and makers on its papers, account
    holders, who referred it.
    """
    accounts = company.bank_accounts.exclude(status=BankAccount.Status.RETIRED)
    said = CompanyFact.objects.said().filter(supplier=company, name__in=CALLED)
    papers = company.certificates.values_list("holder", "manufacturer")
    own = (company.legal_name_local, company.name_en, company.uscc)
    found = [
        *zip((Borne.LEGAL, Borne.ENGLISH, Borne.NUMBER), own, strict=True),
        *((Borne.SAID, name) for name in said.exclude(value__in=own).values_list("value", flat=True)),
        *(name for paper in papers for name in zip((Borne.PAPER, Borne.MAKER), paper, strict=True)),
        *((Borne.HOLDER, name) for name in accounts.values_list("holder", flat=True)),
        *((Borne.REFERRAL, name) for name in company.referred_by),
    ]
    return {(borne.value, name.strip()) for borne, name in found if name.strip()}


def turn() -> int:
    """The how many-th change of the lists is the last one."""
    last: int = WatchList.objects.aggregate(last=Max("turn", default=0))["last"]
    return last


def listed_like(name: str, watch_list: WatchList | None = None) -> list[tuple[ListedName, Alike]]:
    """Who on a list in force a name is like, or on the list given, with how much; in the order of the lists."""
    keys = keys_of_names([name], [name])
    names = ListedName.objects
    rows = names.like(keys) if watch_list is None else names.sharing(keys).filter(watch_list=watch_list)
    found = []
    for one in rows.order_by("pk") if keys else ():
        likeness = best(name, [one.name, *one.aliases], one.numbers)
        if likeness is not None:
            found.append((one, likeness))
    return found


def behind() -> QuerySet[Supplier]:
    """Companies with a name that was not compared with the last change of the lists, or never; and those whose facts changed."""
    waiting = Q(screened_names=None) | Q(screened_names__turn__lt=turn()) | Q(changed_at__isnull=False)
    return Supplier.objects.filter(pk__in=Supplier.objects.filter(waiting).values("pk")).order_by("pk")


def against(companies: Iterable[Supplier], city_id: int) -> QuerySet[ListMatch]:
    """What blocks dealings of a city with these companies, the oldest first."""
    return (
        ListMatch.objects.against(companies, city_id)
        .select_related("supplier", "listed__watch_list")
        .order_by("pk")
    )
