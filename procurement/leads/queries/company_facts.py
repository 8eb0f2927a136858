"""Queries for screening: register lookups, accounts and watchlist matches of seller and manufacturer.

The newest answer of each register counts, if it is about these goods or about any goods.
"""

from datetime import date

from procurement.leads.models.leads import SupplierLead
from procurement.leads.screening.offer_data import AccountData, LookupResult, WatchlistHit
from procurement.sanctions.models import WatchlistMatch
from procurement.sanctions.queries import blocking_matches
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.register_lookups import RegisterLookup
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules import register_lookups
from procurement.suppliers.rules.match_keys import name_key
from procurement.suppliers.rules.register_lookups import (
    ComparedGoods,
    current_lookups,
    freshness_period,
    is_adverse,
    is_lookup_outdated,
)
from workflow.i18n import Translations, translate_all


def relevant_lookups(lead: SupplierLead, on: date) -> list[LookupResult]:
    """Return the lookups that count for the offer on a day: seller first, then another manufacturer."""
    goods = ComparedGoods(lead.product_id, lead.model)
    seller = lead.supplier.current_row
    maker = lead.maker.current_row if lead.maker is not None else seller
    companies = [seller] if maker.pk == seller.pk else [seller, maker]
    return [
        _lookup_result(row, company, on, itself=company.pk == seller.pk)
        for company in companies
        for row in current_lookups(
            RegisterLookup.objects.in_effect()
            .for_city(lead.city_id)
            .about_supplier(company)
            .filter(answered_on__lte=on),
            goods,
        )
    ]


def _lookup_result(row: RegisterLookup, company: Supplier, on: date, *, itself: bool) -> LookupResult:
    return LookupResult(
        reference=row.reference,
        company=name_in_languages(company),
        kind=row.kind,
        answer=row.answer,
        party=row.party,
        about_company_itself=itself and row.party == RegisterLookup.Party.COMPANY_ITSELF,
        official=row.kind in register_lookups.OFFICIAL_REGISTERS,
        answered_on=row.answered_on,
        effective_since=row.since,
        existing_piece_count=row.count,
        register_name=translate_all(row.get_kind_display),
        is_in_order=not is_adverse(row),
        outdated_after_days=(
            freshness_period(row.kind).days if is_lookup_outdated(row.kind, row.answered_on, on) else 0
        ),
        address=row.address,
    )


def name_in_languages(company: Supplier) -> Translations:
    """Return the company's name for findings.

    The local name in Chinese text, otherwise the English name if there is one.
    """
    own, english = company.legal_name_local, company.name_en or company.legal_name_local
    return {"en": english, "fr": english, "zh": own}


def known_accounts(company: Supplier, city_id: int) -> list[AccountData]:
    """Return the company's accounts in use that the city knows about, for screening."""
    every = list(BankAccount.objects.of_city(city_id).filter(supplier=company).order_by("pk"))
    used = [account for account in every if account.status != BankAccount.Status.RETIRED]
    others = _companies_with_same_account(company, used, city_id)
    return [
        _account_data(
            account, company, others.get(account.number, []), beside=_is_changed_account(account, every, used)
        )
        for account in used
    ]


def _is_changed_account(account: BankAccount, every: list[BankAccount], used: list[BankAccount]) -> bool:
    """Return True if the account is not the first one: it was added beside, or after, another account."""
    return len(used) > 1 or every[0].pk != account.pk


def _companies_with_same_account(
    company: Supplier, used: list[BankAccount], city_id: int
) -> dict[str, list[str]]:
    """Return other listed companies with the same account, by account number, as the city knows.

    One query.
    """
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


def _account_data(account: BankAccount, company: Supplier, others: list[str], *, beside: bool) -> AccountData:
    names = {name_key(name) for name in (company.legal_name_local, company.name_en) if name}
    return AccountData(
        account_id=str(account.pk),
        masked_number=account.masked_account_number,
        holder=account.holder,
        holder_matches_company=name_key(account.holder) in names,
        country=account.country,
        is_callback_open=beside and account.status == BankAccount.Status.PROPOSED,
        other_companies=others,
    )


def seller_and_manufacturer(lead: SupplierLead) -> list[Supplier]:
    """Return the companies whose names count for the offer: the seller, and the manufacturer if another."""
    return [company.current_row for company in (lead.supplier, lead.maker) if company is not None]


def blocking_watchlist_matches(lead: SupplierLead) -> list[WatchlistHit]:
    """Return the blocking watchlist matches of an offer, for screening."""
    return [_match_data(match) for match in blocking_matches(seller_and_manufacturer(lead), lead.city_id)]


def _match_data(match: WatchlistMatch) -> WatchlistHit:
    watchlist = match.entry.watchlist
    return WatchlistHit(
        reference=match.reference,
        name=match.name,
        name_source=match.name_source,
        listed_name=match.listed_as,
        watchlist=watchlist.name,
        score=match.score,
        confirmed=match.status == WatchlistMatch.Status.CONFIRMED,
        source=watchlist.source,
    )
