"""Entering and judging companies, certificates and accounts. The only writer of these rows; facts are shared between cities."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.models import City
from procurement.catalogue.formats import Outcome, judge_number
from procurement.catalogue.models import CertificateKind, Product, Standard
from procurement.suppliers import rules
from procurement.suppliers.models import BankAccount, Certificate, Standing, Supplier
from workflow.actors import CLOCK, Actor
from workflow.errors import Refused


def add(
    *, legal_name_local: str, country: str, entered_by: User, by: Actor, at: datetime, **facts: Any
) -> Supplier:
    """Enter a company. Doors show `alike()` first; entering one that looks the same is possible and is found by screening."""
    supplier = Supplier(legal_name_local=legal_name_local, country=country, entered_by=entered_by, **facts)
    supplier.uscc = rules.number_key(supplier.uscc)
    supplier.name_key = rules.name_key(legal_name_local)
    return rules.LIST.start(supplier, by=by, at=at)


def correct(supplier: Supplier, *, by: Actor, at: datetime, reason: str = "", **facts: Any) -> Supplier:
    """Correct a company's facts. Leads that rest on them are screened again by the leads stage."""
    with rules.CORRECT.on(supplier, by=by, at=at, reason=reason) as row:
        for name, value in facts.items():
            setattr(row, name, value)
        row.uscc = rules.number_key(row.uscc)
        row.name_key = rules.name_key(row.legal_name_local)
    return supplier


def merge(supplier: Supplier, *, into: Supplier, reason: str, by: Actor, at: datetime) -> Supplier:
    """Say that two rows are one company: the certificates and accounts move to the other row. Refuses itself and a merged one."""
    with rules.MERGE.on(supplier, by=by, at=at, reason=reason, into=into.reference) as row:
        if into.pk == row.pk or into.status == Supplier.Status.MERGED:
            raise Refused("bad_merge", _("Choose another company that is still listed."), field="into")
        row.certificates.update(supplier=into)
        row.bank_accounts.update(supplier=into)
        row.merged_into = into
    return supplier


def alike(supplier: Supplier) -> list[Supplier]:
    """Companies that may be the same: same number, phone, website or name as it is compared. At most ten, oldest first."""
    same = Q()
    if supplier.uscc:
        same |= Q(uscc=rules.number_key(supplier.uscc))
    if supplier.phone:
        same |= Q(phone=supplier.phone)
    key = rules.name_key(supplier.legal_name_local)
    if key:
        same |= Q(name_key=key)
    if not same:
        return []
    others = Supplier.objects.filter(same, status=Supplier.Status.LISTED).exclude(pk=supplier.pk)
    return list(others.order_by("pk")[:10])


def known_by_number(uscc: str, legal_name_local: str) -> Supplier | None:
    """The listed company with this number and name, so that it is not entered twice; None where there is none or more than one."""
    if not uscc:
        return None
    same = Supplier.objects.filter(
        uscc=rules.number_key(uscc), name_key=rules.name_key(legal_name_local), status=Supplier.Status.LISTED
    )
    found = list(same.order_by("pk")[:2])
    return found[0] if len(found) == 1 else None


def claim(
    supplier: Supplier,
    kind: CertificateKind,
    *,
    number: str,
    entered_by: User,
    standards: Sequence[Standard] = (),
    products: Sequence[Product] = (),
    by: Actor,
    at: datetime,
    **facts: Any,
) -> Certificate:
    """Note a certificate a company shows. Its number's form is judged at once: well formed proves nothing, malformed is suspect."""
    certificate = Certificate(
        supplier=supplier, kind=kind, number=number.strip(), entered_by=entered_by, **facts
    )
    certificate.number_key = rules.number_key(number)
    rules.CLAIM.start(certificate, by=by, at=at)
    certificate.standards.set(standards)
    certificate.products.set(products)
    return _judge_form(certificate, at)


def amend(
    certificate: Certificate, *, by: Actor, at: datetime, reason: str = "", **facts: Any
) -> Certificate:
    """Correct a certificate's facts: it is claimed anew, and its number judged again."""
    with rules.AMEND.on(certificate, by=by, at=at, reason=reason) as row:
        for name, value in facts.items():
            setattr(row, name, value)
        row.number_key = rules.number_key(row.number)
    return _judge_form(certificate, at)


def confirm(certificate: Certificate, *, reason: str, by: Actor, at: datetime) -> Certificate:
    """The issuer says it is real: where it was looked up and what was read is the reason."""
    with rules.CONFIRM_WITH_ISSUER.on(certificate, by=by, at=at, reason=reason):
        pass
    return certificate


def mark(certificate: Certificate, status: str, *, reason: str, by: Actor, at: datetime) -> Certificate:
    """Judge it otherwise: unconfirmable, altered or wrong_scope, with a reason."""
    move = next(move for move in rules.CERTIFICATE_MOVES if move.target == status and move.reason)
    with move.on(certificate, by=by, at=at, reason=reason):
        pass
    return certificate


def propose_account(
    supplier: Supplier,
    *,
    holder: str,
    number: str,
    bank: str,
    country: str,
    proposed_by: User,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> BankAccount:
    """Enter where a company wants to be paid. It counts once a second person has called back and it has cooled."""
    account = BankAccount(
        supplier=supplier,
        holder=holder,
        number=rules.number_key(number),
        bank=bank,
        country=country,
        proposed_by=proposed_by,
        **facts,
    )
    return rules.PROPOSE.start(account, by=by, at=at)


def confirm_account(
    account: BankAccount, *, called_back_on: str, confirmed_by: User, by: Actor, at: datetime
) -> BankAccount:
    """A second person has called back. Payments wait until it has cooled. Refuses whoever entered it, and no number called."""
    with rules.CONFIRM.on(account, by=by, at=at) as row:
        if not called_back_on.strip():
            words = _("Call the company back on a number a contact confirmed, and write it down.")
            raise Refused("not_called_back", words, field="called_back_on")
        row.called_back_on = called_back_on
        row.confirmed_by = confirmed_by
        row.cooling_until = at + rules.COOLING
    return account


def retire_account(account: BankAccount, *, reason: str, by: Actor, at: datetime) -> BankAccount:
    """Use this account no longer."""
    with rules.RETIRE.on(account, by=by, at=at, reason=reason):
        pass
    return account


def judge(
    supplier: Supplier,
    city: City,
    status: str,
    *,
    reason: str,
    starts_on: date,
    ends_on: date | None = None,
    by: Actor,
    at: datetime,
) -> Standing:
    """Say what this city thinks of a company, from when to when. The city's own; nobody else sees it."""
    standing = Standing.objects.filter(supplier=supplier, city=city).first()
    if standing is None:
        fresh = Standing(
            supplier=supplier, city=city, status=status, starts_on=starts_on, ends_on=ends_on, reason=reason
        )
        return rules.JUDGE.start(fresh, by=by, at=at, reason=reason)
    move = next(move for move in rules.STANDING_MOVES if move.target == status)
    with move.on(standing, by=by, at=at, reason=reason) as row:
        row.starts_on = starts_on
        row.ends_on = ends_on
        row.reason = reason
    return standing


def _judge_form(certificate: Certificate, at: datetime) -> Certificate:
    outcome = judge_number(certificate.kind, certificate.number).outcome
    if outcome is not Outcome.NO_FORMAT:
        move = rules.PASS_FORMAT if outcome is Outcome.OK else rules.SUSPECT
        with move.on(certificate, by=CLOCK, at=at):
            pass
    return certificate
