"""Reading the accounts of a company: whose they are, and who else has them."""

from procurement.leads.screening.values import Account
from procurement.suppliers.models.account import BankAccount
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.rules.comparing import name_key


def of(company: Supplier, city_id: int) -> list[Account]:
    """The accounts in use that the city knows of by itself, as screening judges them."""
    every = list(BankAccount.objects.of_city(city_id).filter(supplier=company).order_by("pk"))
    used = [account for account in every if account.status != BankAccount.Status.RETIRED]
    others = _others(company, used, city_id)
    return [
        _account(account, company, others.get(account.number, []), beside=_changes(account, every, used))
        for account in used
    ]


def _changes(account: BankAccount, every: list[BankAccount], used: list[BankAccount]) -> bool:
    """Whether it is another account than one they had: beside one in use, or after one that was retired. The first is none."""
    return len(used) > 1 or every[0].pk != account.pk


def _others(company: Supplier, used: list[BankAccount], city_id: int) -> dict[str, list[str]]:
    """The other listed companies by the number of the account they have too, as the city knows. One query for all."""
    numbers = {account.number for account in used}
    if not numbers:
        return {}
    same = BankAccount.objects.of_city(city_id).filter(
        number__in=numbers, supplier__status=Supplier.Status.LISTED
    )
    rows = same.exclude(supplier=company.pk).values_list("number", "supplier__reference").distinct()
    found: dict[str, list[str]] = {}
    for number, reference in rows.order_by("supplier", "number"):
        found.setdefault(number, []).append(reference)
    return found


def _account(account: BankAccount, company: Supplier, others: list[str], *, beside: bool) -> Account:
    names = {name_key(name) for name in (company.legal_name_local, company.name_en) if name}
    return Account(
        key=str(account.pk),
        shown=account.masked,
        holder=account.holder,
        holder_fits=name_key(account.holder) in names,
        country=account.country,
        waiting=beside and account.status == BankAccount.Status.PROPOSED,
        others=others,
    )
