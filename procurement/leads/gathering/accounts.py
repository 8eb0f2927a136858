"""Reading the accounts of a company: whose they are, and who else has them."""

from procurement.leads.screening import Account
from procurement.suppliers.models import BankAccount, Supplier
from procurement.suppliers.rules import name_key

S = BankAccount.Status


def of(company: Supplier) -> list[Account]:
    """The accounts in use, as screening judges them."""
    every = list(company.bank_accounts.order_by("pk"))
    used = [account for account in every if account.status != S.RETIRED]
    return [_account(account, company, beside=_changes(account, every, used)) for account in used]


def _changes(account: BankAccount, every: list[BankAccount], used: list[BankAccount]) -> bool:
    """Whether it is another account than one they had: beside one in use, or after one that was retired. The first is none."""
    return len(used) > 1 or every[0].pk != account.pk


def _account(account: BankAccount, company: Supplier, *, beside: bool) -> Account:
    names = {name_key(name) for name in (company.legal_name_local, company.name_en) if name}
    same = BankAccount.objects.filter(number=account.number).exclude(supplier=company.pk)
    listed = Supplier.objects.filter(pk__in=same.values("supplier"), status=Supplier.Status.LISTED)
    return Account(
        key=str(account.pk),
        shown=account.masked,
        holder=account.holder,
        holder_fits=name_key(account.holder) in names,
        country=account.country,
        waiting=beside and account.status == S.PROPOSED,
        others=list(listed.order_by("pk").values_list("reference", flat=True)),
    )
