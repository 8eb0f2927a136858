"""What holds the money of an order: each reason in words, with where it is settled. Judgements; nothing is written here.

What no clock is needed for is read once for an order as it was read (`held`): its payments all ask. A move reads its own order under
the lock, so it never judges by an old one.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple, cast

from django.utils.translation import gettext_lazy as _

from procurement.leads.gathering.receivers import promised
from procurement.leads.models.finding import Finding
from procurement.leads.models.offer import SupplierLead
from procurement.leads.rules.findings import OF_LISTS, SECOND_PERSON
from procurement.leads.screening.sentences import sentence
from procurement.leads.screening.values import Found
from procurement.lists import gathering
from procurement.orders.models.order import Order
from procurement.orders.rules import gates
from procurement.orders.rules.gates import companies_of, goods_of, leads_of, lines_of, may_be_listed
from procurement.requests.models import SupplyRequest
from procurement.suppliers.models.account import BankAccount
from procurement.suppliers.models.fact import CompanyFact
from procurement.suppliers.models.judgement import Standing
from workflow.errors import Refused, Words
from workflow.moves import not_ready

PAYABLE = frozenset({Order.Status.PLACED, Order.Status.CONFIRMED, Order.Status.READY, Order.Status.COMPLETED})
KEPT_OUT = (Standing.Status.SUSPENDED, Standing.Status.BANNED)
_KEPT = "_money_held"  # under which name an order keeps what was read
_KEPT_USES = "_false_uses"  # and what the rules of a day say of its goods


class Hold(NamedTuple):
    """One thing that holds money: why, the address where it is settled, and the words of that link."""

    no: Refused
    url: str
    act: Words


def held(order: Order) -> list[Hold]:
    """Everything that holds every payment of an order, apart from the clock and its milestones; the first is told in a refusal."""
    known = vars(order)
    if _KEPT not in known:
        leads = leads_of(order)
        account = [*_order(order), *_account(order), *_change(order)]
        known[_KEPT] = [*account, *_listed(order, leads), *_findings(order, leads)]
    return cast("list[Hold]", known[_KEPT])


def held_on(order: Order, at: datetime) -> list[Hold]:
    """What holds every payment of an order at a moment: an account that cools, a company that the city keeps out, goods that could
    only be declared falsely.
    """
    return [*_cooling(order, at), *_kept_out(order, order.city.day_at(at)), *_uses(order, at)]


def kept_out(order: Order, on: date) -> Refused | None:
    """Nothing is ordered from, accepted of or paid to a company that the city has suspended or banned on the day, under any row; nor
    are goods that it makes.
    """
    standing = _outlawed(order, on)
    return _is_kept_out(standing) if standing is not None else None


def _outlawed(order: Order, on: date) -> Standing | None:
    said = (Standing.objects.of(company, order.city, on) for company in companies_of(order))
    return next((one for one in said if one is not None and one.status in KEPT_OUT), None)


def _is_kept_out(standing: Standing) -> Refused:
    words = _("%(supplier)s is at “%(status)s” with your city: %(reason)s")
    told = {
        "supplier": standing.supplier,
        "status": standing.get_status_display(),
        "reason": standing.reason,
    }
    return Refused("kept_out", words % told, status=standing.status)


def _order(order: Order) -> Iterator[Hold]:
    if order.status not in PAYABLE:
        yield Hold(not_ready(_("The order is not placed.")), order.get_absolute_url(), _("Look at the order"))


def _account(order: Order) -> Iterator[Hold]:
    """The account is chosen, confirmed, and was called about on a number that a contact still stands by."""
    account = order.bank_account
    if account is None:
        words = _("Choose the account to pay into.")
        where = f"{order.get_absolute_url()}use_account/"
        yield Hold(not_ready(words, field="bank_account"), where, _("Choose the account"))
        return
    company = order.supplier.current.get_absolute_url()
    if account.status != BankAccount.Status.CONFIRMED:
        words = _("The account %(account)s is not confirmed. A second person calls the company back first.")
        no = not_ready(words % {"account": account}, field="bank_account")
        yield Hold(no, company, _("Look at the account"))
    elif account.phone is None or account.phone.status == CompanyFact.Status.TAKEN_BACK:
        words = _(
            "No contact stands by the number that was called about the account %(account)s. Call back again on one that a contact "
            "confirmed."
        )
        no = not_ready(words % {"account": account}, field="bank_account")
        yield Hold(no, f"{account.get_absolute_url()}call_again/", _("Call back again"))
    elif order.city_id in account.phone.not_for:
        words = _(
            "The number that was called about the account %(account)s does not count for your city. Accept that it counts, or call "
            "back again on another number that a contact confirmed."
        )
        no = not_ready(words % {"account": account}, field="bank_account")
        yield Hold(no, f"{account.get_absolute_url()}call_again/", _("Call back again"))


def _change(order: Order) -> Iterator[Hold]:
    """While the city was told of a new account of a company nothing is paid to it, into the old one neither."""
    company = order.supplier.current  # a merged company's accounts are the other row's now
    changed = BankAccount.objects.of_city(order.city_id).filter(
        supplier=company, status=BankAccount.Status.PROPOSED
    )
    for account in changed.exclude(pk=order.bank_account_id or 0).order_by("pk"):
        words = _("A new account of %(company)s was entered (%(account)s). Confirm it or retire it first.")
        told = {"company": order.supplier, "account": account}
        no = not_ready(words % told, field="bank_account", account=account.pk)
        yield Hold(no, f"{account.get_absolute_url()}confirm/", _("Look at the account"))


def _listed(order: Order, leads: list[SupplierLead]) -> Iterator[Hold]:
    """Who may be on a list of sanctions or of forced labour is paid nothing before two persons judged it."""
    for match in gathering.against(companies_of(order, leads), order.city_id):
        yield Hold(may_be_listed(match), match.get_absolute_url(), _("Look at it"))


def _findings(order: Order, leads: list[SupplierLead]) -> Iterator[Hold]:
    """What was found about its offers, stands and blocks; but for what a named person ordered in spite of, and might."""
    for finding in gates.blocking(leads):
        overridden = finding.reference in order.override_covers and finding.code not in SECOND_PERSON
        if finding.code in OF_LISTS or overridden:
            continue
        words = _("%(finding)s says: %(words)s")
        told = {"finding": finding.reference, "words": sentence(finding.code, finding.figures)}
        answerable = finding.status == Finding.Status.OPEN and finding.code not in SECOND_PERSON
        where = finding.get_absolute_url()
        no = not_ready(words % told, finding=finding.reference)
        yield (
            Hold(no, f"{where}answer/", _("Answer it in writing"))
            if answerable
            else Hold(no, where, _("Look at it"))
        )


def _uses(order: Order, at: datetime) -> list[Hold]:
    """Goods whose declared use is not true of the need they are promised to. Of the need that their offer was made for, a finding says
    it.
    """
    known = vars(order).setdefault(_KEPT_USES, {})
    if (on := order.city.day_at(at)) not in known:
        goods = [
            (lead, need)
            for lead, need in goods_of(lines_of(order))
            if lead.line is None or lead.line.supply_request_id != need.pk
        ]
        known[on] = [_is_falsely_used(need, found) for need, found in promised(goods, at) if found.blocks]
    return cast("list[Hold]", known[on])


def _is_falsely_used(need: SupplyRequest, found: Found) -> Hold:
    no = not_ready(sentence(found.code, found.figures), need=need.reference)
    return Hold(no, f"{need.get_absolute_url()}edit/", _("Correct the need"))


def _cooling(order: Order, at: datetime) -> Iterator[Hold]:
    """Nothing is paid to a company while an account of it was called about only just now: into another one neither."""
    company = order.supplier.current
    own = BankAccount.objects.of_city(order.city_id) | BankAccount.objects.filter(
        pk=order.bank_account_id or 0
    )
    cooling = own.filter(supplier=company, status=BankAccount.Status.CONFIRMED, cooling_until__gt=at)
    for account in cooling.order_by("-cooling_until", "pk")[:1]:
        assert account.cooling_until is not None  # it was filtered by
        until = account.cooling_until.strftime("%Y-%m-%d %H:%M UTC")
        words = _("The account %(account)s was confirmed only recently. Payments go on from %(until)s.")
        told = {"account": account, "until": until}
        no = Refused("account_cooling", words % told, until=account.cooling_until.isoformat())
        yield Hold(no, company.get_absolute_url(), _("Look at the account"))


def _kept_out(order: Order, on: date) -> Iterator[Hold]:
    standing = _outlawed(order, on)
    if standing is not None:
        where = standing.supplier.current.get_absolute_url()
        yield Hold(_is_kept_out(standing), where, _("Look at the company"))
