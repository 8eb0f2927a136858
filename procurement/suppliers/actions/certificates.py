"""Actions on the certificates of a supplier: enter, correct, check with the issuer, decide."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction

from accounts.models import ActingUser, User
from partners.cities.models import City
from partners.contacts.models import Contact
from procurement.catalogue.models.certificates import CertificateType, NotifiedBody
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.catalogue.number_formats import NumberOutcome, assess_number
from procurement.outreach.models.inquiries import Inquiry
from procurement.suppliers.actions.fact_acceptance import (
    ask_cities_to_accept,
    cities_of_actor,
    exclude_other_cities,
)
from procurement.suppliers.actions.suppliers import request_rescreening, request_rescreening_of_similar
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.issuer_checks import IssuerCheck
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules import certificates
from procurement.suppliers.rules.certificates import (
    certificate_fact_name,
    end_announcement_days_due,
    impossible_dates_refusal,
    invalid_issuer_check_refusal,
)
from procurement.suppliers.rules.dependent_cities import cities_relying_on_supplier
from procurement.suppliers.rules.match_keys import number_key
from workflow.actors import SYSTEM, Actor
from workflow.days import latest_day, utc_day
from workflow.edits import UNSET, Edit, Unset
from workflow.moves import Move, register_action

CERTIFIED_GOODS_FIELDS = frozenset({"standards", "products"})
MAX_SUPPLIERS_WITH_NUMBER = (
    20  # suppliers with one number: many show a laboratory's number, and the oldest are known to share it
)
MAX_KEY_LENGTH = 80  # characters: folding makes some characters longer


class CertificateFacts(TypedDict, total=False):
    """Facts of a new certificate, with the contact and the inquiry from whom it came."""

    holder: str
    manufacturer: str
    issuer: str
    notified_body: NotifiedBody | None
    module: str
    models_covered: str
    issued_on: date | None
    valid_until: date | None
    remark: str
    contact: Contact | None
    inquiry: Inquiry | None


@dataclass(frozen=True, kw_only=True)
class CertificateEdit(Edit):
    """Facts of a certificate to correct. An empty list removes its standards or products."""

    kind: CertificateType | Unset = UNSET
    number: str | Unset = UNSET
    holder: str | Unset = UNSET
    manufacturer: str | Unset = UNSET
    issuer: str | Unset = UNSET
    notified_body: NotifiedBody | Unset | None = UNSET
    module: str | Unset = UNSET
    models_covered: str | Unset = UNSET
    issued_on: date | Unset | None = UNSET
    valid_until: date | Unset | None = UNSET
    remark: str | Unset = UNSET
    standards: Sequence[Standard] | Unset = UNSET
    products: Sequence[Product] | Unset = UNSET


@register_action(certificates.ADD_CERTIFICATE)
def record_shown_certificate(
    supplier: Supplier,
    kind: CertificateType,
    *,
    number: str,
    entered_by: ActingUser,
    standards: Sequence[Standard] = (),
    products: Sequence[Product] = (),
    asking_city: City | None = None,
    by: Actor,
    at: datetime,
    **facts: Unpack[CertificateFacts],
) -> Certificate:
    """Enter a certificate that a supplier shows, and check the form of its number at once.

    A well-formed number proves nothing; a malformed one makes the certificate suspect. `asking_city` is the city
    that asked a contact for it, if no inquiry names the city. Refuses a certificate that ends before it was
    issued.
    """
    supplier = supplier.current_row  # facts entered on a merged row belong to the row that stays
    certificate = Certificate(
        supplier=supplier, kind=kind, number=number.strip(), entered_by=entered_by, **facts
    )
    _validate_facts(certificate)
    asked_by = certificate.inquiry.city_id if certificate.inquiry is not None else None
    asked_by = asking_city.pk if asking_city is not None else asked_by
    with transaction.atomic():
        others = suppliers_showing_number({certificate.number_key}, supplier)
        asked = _withhold_from_other_cities(certificate, others, by=by, city_id=asked_by)
        request_rescreening_of_similar(
            supplier,
            others,
            at,
            "needed",
            only=cities_of_actor(by, asked_by) if certificate.excluded_city_ids else None,
        )
        certificates.ADD_CERTIFICATE.create(certificate, by=by, at=at)
        ask_cities_to_accept(
            certificate, asked, why=certificate.remark, author=entered_by, by=by, at=at, city_id=asked_by
        )
        certificate.standards.set(standards)
        certificate.products.set(products)
        return _check_number(certificate, at)


@register_action(certificates.AMEND)
def amend_certificate(
    certificate: Certificate, edit: CertificateEdit, *, by: Actor, at: datetime, reason: str = ""
) -> Certificate:
    """Correct a certificate's facts. It counts as claimed again, and checks based on it are repeated.

    Its number is checked again. `standards` and `products` stay unchanged if not given; an empty list
    removes them. A status that a person set, such as "altered", stays until a person with the right
    changes it. Without a real change nothing is repeated.
    """
    facts = edit.changes()
    goods = {name: facts[name] for name in CERTIFIED_GOODS_FIELDS & facts.keys()}
    with transaction.atomic():
        here = Certificate.objects.get(pk=certificate.pk)
        other = _changed_fact_names(here, facts) - {"remark"}
        keys = {here.number_key, _number_key(facts.get("number", here.number))}
        changed = ("certificates", certificate_fact_name(here.pk)) if other else ()
        others = suppliers_showing_number(keys, here.supplier)
        only = (
            cities_relying_on_supplier(here.supplier) - frozenset(here.excluded_city_ids)
            if here.excluded_city_ids
            else None
        )
        request_rescreening_of_similar(here.supplier, others, at, *changed, only=only)
        with certificates.AMEND.apply_to(
            certificate, by=by, at=at, reason=reason, **_changed_goods_codes(here, goods)
        ) as row:
            edit.apply_to(row, leave=CERTIFIED_GOODS_FIELDS)
            if "valid_until" in other:
                row.end_announced = None
            _validate_facts(row)
            asked = _withhold_from_other_cities(row, others, by=by) if "number" in other else frozenset()
            for name, named in goods.items():
                getattr(row, name).set(named)
        if asked and by.user_id is not None:
            author = User.objects.get(pk=by.user_id)
            ask_cities_to_accept(certificate, asked, why=reason, author=author, by=by, at=at)
        if not other or certificate.status in Certificate.Status.void:
            return certificate
        if certificate.status in certificates.RESET_TO_CLAIMED.source:
            with certificates.RESET_TO_CLAIMED.apply_to(certificate, by=SYSTEM, at=at):
                pass
        return _check_number(certificate, at)


def announce_certificate_end(certificate: Certificate, *, by: Actor, at: datetime) -> Certificate:
    """Announce that the certificate ends within 30 or 7 days, once each, to the cities that rely on it."""
    with certificates.ANNOUNCE_END.apply_to(
        certificate, by=by, at=at, ends_on=certificate.valid_until
    ) as row:
        row.end_announced = end_announcement_days_due(row, utc_day(at)) or row.end_announced
    return certificate


def _changed_goods_codes(
    certificate: Certificate, goods: Mapping[str, Sequence[Any]]
) -> dict[str, list[str]]:
    """Return the codes of changed standards and products, before and after, for the journal entry.

    They are stored in tables of their own, so a snapshot of the certificate's row lacks them.
    """
    values: dict[str, list[str]] = {}
    for name, named in goods.items():
        before = sorted(one.code for one in getattr(certificate, name).all())
        after = sorted(one.code for one in named)
        if after != before:
            values |= {f"{name}_before": before, name: after}
    return values


def _changed_fact_names(certificate: Certificate, facts: Mapping[str, Any]) -> set[str]:
    """Return the names of the facts that change."""
    return {name for name, value in facts.items() if not _has_value(certificate, name, value)}


def _has_value(certificate: Certificate, name: str, value: Any) -> bool:
    """Return True if the certificate has this value already. Standards and products have no order."""
    known = getattr(certificate, name)
    if name in CERTIFIED_GOODS_FIELDS:
        return {one.pk for one in value} == set(known.values_list("pk", flat=True))
    return bool(known == value)


def _validate_facts(certificate: Certificate) -> None:
    """Refuse impossible dates, and set the number in its compared form."""
    if (fault := impossible_dates_refusal(certificate)) is not None:
        raise fault
    certificate.number_key = _number_key(certificate.number)


def _withhold_from_other_cities(
    certificate: Certificate, others: Sequence[int], *, by: Actor, city_id: int | None = None
) -> frozenset[int]:
    """Mark a certificate as not counting for other cities that deal with its supplier.

    The same applies to cities that deal with another supplier that shows its number. Returns the newly
    marked cities.
    """
    companies = [certificate.supplier, *Supplier.objects.filter(pk__in=others)]
    return exclude_other_cities(certificate, companies, by=by, city_id=city_id)


def _number_key(number: str) -> str:
    return number_key(number)[:MAX_KEY_LENGTH]


def suppliers_showing_number(keys: set[str], company: Supplier) -> list[int]:
    """Return the ids of other suppliers with a certificate of one of these numbers: at most 20, oldest first.

    Their offers must be screened again, too, because screening warns of a shared number.
    """
    same = Certificate.objects.filter(number_key__in=keys - {""}).exclude(supplier=company)
    return list(
        same.order_by("supplier").values_list("supplier", flat=True).distinct()[:MAX_SUPPLIERS_WITH_NUMBER]
    )


def _check_number(certificate: Certificate, at: datetime) -> Certificate:
    outcome = assess_number(certificate.kind, certificate.number).outcome
    if outcome is not NumberOutcome.NO_FORMAT:
        move = (
            certificates.PASS_NUMBER_CHECK if outcome is NumberOutcome.OK else certificates.FAIL_NUMBER_CHECK
        )
        with move.apply_to(certificate, by=SYSTEM, at=at):
            pass
    return certificate


@contextmanager
def certificate_move_and_rescreen(
    move: Move[Certificate], certificate: Certificate, *facts: str, by: Actor, at: datetime, reason: str = ""
) -> Iterator[Certificate]:
    """Make a move of a certificate, with its supplier locked first.

    The supplier's offers are then screened again.
    """
    with transaction.atomic():
        request_rescreening(certificate.supplier, at, *facts)
        with move.apply_to(certificate, by=by, at=at, reason=reason) as row:
            yield row


DOCUMENT, REGISTER = IssuerCheck.CheckMethod.DOCUMENT, IssuerCheck.CheckMethod.REGISTER


@register_action(certificates.CONFIRM_WITH_ISSUER)
def confirm_certificate(
    certificate: Certificate,
    *,
    address: str,
    reason: str,
    how: str = REGISTER,
    seen_on: date | None = None,
    file: int | None = None,
    looked_up_by: ActingUser,
    by: Actor,
    at: datetime,
) -> Certificate:
    """Record that the issuer confirms the certificate, and set its status to confirmed.

    `address` is the web address opened or the number called, `reason` the words read there, `file` a
    picture of the screen. Refuses a check that looked at the certificate only, one without an address,
    and a date in the future.
    """
    with certificate_move_and_rescreen(
        certificates.CONFIRM_WITH_ISSUER, certificate, by=by, at=at, reason=reason
    ) as row:
        look = IssuerCheck(
            result=IssuerCheck.Result.CONFIRMED, how=how, address=address, words=reason, file_id=file
        )
        _store_issuer_check(row, look, seen_on, looked_up_by, at)
    return certificate


@register_action(certificates.MARK_UNCONFIRMABLE, certificates.MARK_ALTERED, certificates.MARK_WRONG_SCOPE)
def mark_certificate_invalid(
    certificate: Certificate,
    status: str,
    *,
    reason: str,
    how: str = DOCUMENT,
    address: str = "",
    seen_on: date | None = None,
    file: int | None = None,
    looked_up_by: ActingUser,
    by: Actor,
    at: datetime,
) -> Certificate:
    """Set the certificate's status to unconfirmable, altered or wrong_scope, with a reason.

    The periodic job screens the offers based on it again. The certificate alone may show that it is altered,
    without a question to the issuer; if the issuer was asked, `address` is required: the web address opened
    or the number called.
    """
    move = next(
        move for move in certificates.CERTIFICATE_MOVES if move.target == status and move.requires_reason
    )
    with certificate_move_and_rescreen(move, certificate, by=by, at=at, reason=reason) as row:
        result = certificates.RESULT_OF_STATUS[Certificate.Status(status)]
        look = IssuerCheck(result=result, how=how, address=address, words=reason, file_id=file)
        _store_issuer_check(row, look, seen_on, looked_up_by, at)
    return certificate


@register_action(certificates.RECORD_ISSUER_ANSWER)
def record_issuer_answer(
    certificate: Certificate,
    *,
    result: str,
    how: str = REGISTER,
    address: str,
    words: str = "",
    seen_on: date | None = None,
    file: int | None = None,
    city: City | None = None,
    looked_up_by: ActingUser,
    by: Actor,
    at: datetime,
) -> IssuerCheck:
    """Record what the issuer answers without changing the certificate's status.

    It is used after a confirmation, or if there was no answer. `city` is the city for whose check it
    was made, if only that city may read it. Refuses the same as `confirm_certificate`.
    """
    with certificate_move_and_rescreen(certificates.RECORD_ISSUER_ANSWER, certificate, by=by, at=at) as row:
        look = IssuerCheck(result=result, how=how, address=address, words=words, file_id=file, city=city)
        asked = exclude_other_cities(look, [row.supplier], by=by)
        _store_issuer_check(row, look, seen_on, looked_up_by, at)
        ask_cities_to_accept(look, asked, why=words, author=looked_up_by, by=by, at=at)
    return look


def _store_issuer_check(
    certificate: Certificate, look: IssuerCheck, seen_on: date | None, looked_up_by: User, at: datetime
) -> None:
    look.certificate, look.by, look.at = certificate, looked_up_by, at
    look.number_key = certificate.number_key
    look.address, look.seen_on = (
        look.address.strip(),
        seen_on or (look.city.day_at(at) if look.city else utc_day(at)),
    )
    if (fault := invalid_issuer_check_refusal(look, latest_day(at))) is not None:
        raise fault
    look.save(force_insert=True)
