"""Queries for screening: signer and holder of a certificate, and other companies with its number."""

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.place_labels import subdivision_label
from procurement.catalogue.models.certificates import CertificateType, NotifiedBody
from procurement.catalogue.models.products import Product, ProductClassification
from procurement.catalogue.number_formats import NATIONAL_AUTHORITY_CODE, issuing_province, report_number
from procurement.catalogue.rules.certification_bodies import (
    MODULE_BY_CERTIFICATE_TYPE,
    PPE_CERTIFICATE_TYPES,
    UNCERTAIN_SOURCE_QUALITIES,
    BodyResult,
    BodyVerdict,
    CertificationScope,
    body_number_in_text,
    body_number_shown,
    body_verdict,
    notified_body_verdict,
    unnotified_body,
)
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.company_facts import name_in_languages
from procurement.leads.rules.product_features import STERILE_GOODS
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.certificates import MANUFACTURER_BOUND_TYPES
from procurement.suppliers.rules.match_keys import is_same_name, name_key, number_key
from workflow.i18n import Translations, translate_all

MEDICAL_DEVICE_ACT_TYPES = frozenset(
    {"EU_MD_NB"}
)  # signed under the law on medical devices, which our list of bodies does not cover


@dataclass(frozen=True)
class SignerAssessment:
    """Signer of a certificate, with its entry in the catalogue's list of notified bodies.

    `signer_name`: the signer as written on the certificate. `rejection_reason`: why it may not sign;
    `source_is_reliable`: True if the catalogue row behind `rejection_reason` is reliable. `lookup_advice`: what must
    be looked up. `warning`: a warning about a signer that may sign. `acceptance_reason`: why it may sign. `source`:
    the source of the entry.
    """

    signer_name: str = ""
    rejection_reason: Translations | None = None
    source_is_reliable: bool = False
    lookup_advice: Translations | None = None
    warning: Translations | None = None
    source: str = ""
    acceptance_reason: Translations | None = None


def assess_signer(
    certificate: Certificate, product: Product, on: date, bodies: Sequence[NotifiedBody]
) -> SignerAssessment:
    """Return whether the certificate's signer might sign on the day of issue (without one: on the day `on`).

    If no notified body is named, the company on the letterhead counts. Only European certificates for
    protective equipment are examined: a company that may not sign those may rightly inspect, test and
    certify much else.
    """
    kind, body, issuer = certificate.kind.code, certificate.notified_body, certificate.issuer.strip()
    signer = str(body or issuer)
    if kind in MEDICAL_DEVICE_ACT_TYPES and body is not None:
        advice = _("Our list has no information on this body under that legislation.")
        return SignerAssessment(signer, lookup_advice=translate_all(advice))
    if kind not in PPE_CERTIFICATE_TYPES:
        return SignerAssessment(signer)
    respirators = product.family == Product.Family.RESPIRATOR
    scope = CertificationScope.RESPIRATORS if respirators else CertificationScope.OTHER
    house = unnotified_body(issuer, scope=scope, bodies=bodies) if issuer else None
    if house is not None:
        words = _(
            "The letterhead belongs to an organization that is not a notified body for protective equipment."
        )
        firm, source = house.source_quality not in UNCERTAIN_SOURCE_QUALITIES, " ".join(house.source_urls)
        return SignerAssessment(issuer, translate_all(words), firm, source=source)
    goods: dict[str, Any] = {
        "act": NotifiedBody.LegalAct.PPE,
        "scope": scope,
        "module": certificate.module
        or MODULE_BY_CERTIFICATE_TYPE.get(kind, "B"),  # a declaration rests on the examination of the design
        "on": certificate.issued_on or on,
        "known_on": on,
    }
    if body is not None:
        return _assessment_of_signer(signer, body_verdict(body, **goods))
    number = body_number_shown(issuer, certificate.number_key if kind in MODULE_BY_CERTIFICATE_TYPE else "")
    verdict = notified_body_verdict(number, bodies=bodies, **goods)
    return (
        _assessment_of_signer(signer or str(verdict.body or number), verdict)
        if number
        else SignerAssessment(signer)
    )


def _assessment_of_signer(signer: str, verdict: BodyVerdict) -> SignerAssessment:
    source = " ".join(verdict.body.source_urls) if verdict.body else ""
    reason = translate_all(verdict.reason)
    match verdict.outcome:
        case BodyResult.NOT_NOTIFIED:
            return SignerAssessment(signer, reason, verdict.is_blocking, source=source)
        case BodyResult.TO_CHECK | BodyResult.UNKNOWN:
            return SignerAssessment(signer, lookup_advice=reason, source=source)
    watched = translate_all(verdict.note) if verdict.needs_review else None
    return SignerAssessment(signer, warning=watched, source=source, acceptance_reason=reason)


def class_one_body_number(texts: Iterable[str], product: Product, shown: Iterable[Certificate]) -> str:
    """Return the body number behind a CE mark on a class I device without a sterility certificate.

    Otherwise "". MDCG Q&A 6 of 2020: a body certifies only the sterility of such a device. One query if a
    number is found.
    """
    number = next(filter(None, map(body_number_in_text, texts)), "")
    if not number or any(one.kind.code in MEDICAL_DEVICE_ACT_TYPES for one in shown):
        return ""
    markets = ProductClassification.objects.filter(product=product, market="EU", device_class="I")
    return number if markets.exists() and product.code not in STERILE_GOODS else ""


def manufacturer_of(lead: SupplierLead) -> Supplier | None:
    """Return the manufacturer: the one named, else the seller. None if the seller only trades."""
    if lead.maker is not None:
        return lead.maker.current_row
    company = lead.supplier.current_row
    return None if company.role in TRADING_ROLES else company


def authorizing_company_names(company: Supplier, shown: Iterable[Certificate], on: date) -> set[str]:
    """Return the names of the companies whose goods the seller may sell, by its valid letters.

    They are the holders of the letters, and the manufacturer if the letter is in the seller's own name.
    """
    own = {"", company.name_key, company.name_en_key}
    shown_ones = (
        one for one in shown if one.kind.code == "DIST_LETTER" and one.status not in Certificate.Status.void
    )
    held = [one for one in shown_ones if one.valid_until is None or one.valid_until >= on]
    makers = {name_key(one.manufacturer) for one in held if name_key(one.holder) in own}
    return {name_key(one.holder) for one in held} | makers


def holder_facts(certificate: Certificate, lead: SupplierLead, letters: Container[str]) -> dict[str, Any]:
    """Return facts on the owner of a certificate, for screening.

    `holder` is set if another company holds it and gave no authorization letter. `letter_not_possible`: a letter cannot
    lend this certificate to another company. `manufacturer` is set if it differs from the offer's manufacturer,
    `other_province` if the number names another province.
    """
    company, named = lead.supplier.current_row, lead.maker
    makers, maker = named.current_row if named else None, manufacturer_of(lead)
    is_of_manufacturer = makers is not None and bool(is_same_name(certificate.holder, company_names(makers)))
    own = False if is_of_manufacturer and makers != company else is_own_certificate(certificate, company)
    let = _has_letter(certificate, makers if is_of_manufacturer else None, letters)
    # A manufacturer without a name in the holder's script may be the holder.
    of_another = maker is not None and is_same_name(certificate.holder, company_names(maker)) is False
    letter_not_possible = own is False and of_another and _is_approval(certificate)
    other = maker is not None and is_same_name(certificate.manufacturer, company_names(maker)) is False
    return {
        "held_by_company": own is not False,
        "stated_holder": certificate.holder,
        "unauthorized_holder": ""
        if own is not False or (let and not letter_not_possible)
        else certificate.holder,
        "holder_in_other_script": certificate.holder if own is None and not let else "",
        "authorization_impossible": letter_not_possible,
        "held_by_manufacturer": is_of_manufacturer,
        "differing_manufacturer": certificate.manufacturer
        if other and name_key(certificate.manufacturer)
        else "",
        "offer_manufacturer": name_in_languages(maker) if maker is not None else None,
        "other_province": _other_province(certificate, maker) if maker is not None else None,
        "manufacturer_place": _province_of(maker) if maker is not None else "",
    }


def _has_letter(certificate: Certificate, maker: Supplier | None, letters: Container[str]) -> bool:
    """Return True if the holder gave a letter, under the name on the certificate.

    If the holder is the manufacturer, any of its names counts.
    """
    names = (certificate.holder, *(company_names(maker) if maker is not None else ()))
    return any(name_key(name) in letters for name in names if name_key(name))


def _is_approval(certificate: Certificate) -> bool:
    """Return True for an approval that belongs to its holder alone.

    False for a shared approval that its issuer confirmed: private labels are on the approval's list.
    """
    confirmed = certificate.status == Certificate.Status.CONFIRMED
    shared = certificate.kind.number_names == certificate.kind.NumberSubject.MAKER
    return certificate.kind.code in MANUFACTURER_BOUND_TYPES and not (confirmed and shared)


def _other_province(certificate: Certificate, maker: Supplier) -> Translations | None:
    province, place = issuing_province(certificate.number), _province_of(maker)
    if not place or province in ("", NATIONAL_AUTHORITY_CODE):
        return None
    return translate_all(lambda: subdivision_label(province)) if province != place else None


def _province_of(maker: Supplier) -> str:
    return maker.place.subdivision if maker.place is not None else ""


NumberIdentifies = CertificateType.NumberSubject
MODEL_SEPARATOR_PATTERN = re.compile(r"[,;，；、\n]")
BODY_NUMBER_PATTERN = re.compile(r"[0-9]{4}")
TRADING_ROLES = (Supplier.Role.TRADER, Supplier.Role.INTERMEDIARY)
BOTH_CLAIM, LETTER = "", "letter"  # blocks; only a note


@dataclass(frozen=True)
class SharedNumber:
    """Another company that shows the same certificate number, and how serious that is.

    `reason`: `BOTH_CLAIM` if both companies claim the certificate, which blocks the offer; `LETTER` if a letter allows
    it, which is only a note; else the code of an honest reason, with which it only warns.
    """

    company: str
    reason: str


def certificates_sharing_number(
    certificates: Sequence[Certificate], city_id: int
) -> dict[int, list[Certificate]]:
    """Return other companies' certificates of the same type and number, oldest first, by certificate.

    Only certificates that count for the city. The companies may be named, since cities share them. One
    query.
    """
    numbers = {one.number_key for one in certificates if has_identifying_number(one)} - {""}
    if not numbers:
        return {}
    others = (
        Certificate.objects.for_city(city_id)
        .filter(number_key__in=numbers, kind__in={one.kind_id for one in certificates})
        .exclude(supplier__status=Supplier.Status.MERGED)
        .select_related("supplier")
        .order_by("pk")
    )
    alike: dict[tuple[int, str], list[Certificate]] = {}
    for other in others:
        alike.setdefault((other.kind_id, other.number_key), []).append(other)
    found = {}
    for one in certificates:
        rows = alike.get((one.kind_id, one.number_key), []) if has_identifying_number(one) else []
        found[one.pk] = [other for other in rows if other.supplier_id != one.supplier_id]
    return found


def other_report_models(certificate: Certificate, shown: Iterable[Certificate]) -> str:
    """Return the other models for which the company shows the same test report, or "".

    A report covers the tested samples. A report on several models names them all.
    """
    if certificate.kind.number_names != NumberIdentifies.LABORATORY or not has_identifying_number(
        certificate
    ):
        return ""
    mine = normalized_models(certificate.models_covered)
    alike = (
        one
        for one in shown
        if one.pk != certificate.pk
        and one.kind_id == certificate.kind_id
        and one.number_key == certificate.number_key
    )
    others = (
        one.models_covered for one in alike if mine.isdisjoint(normalized_models(one.models_covered) or mine)
    )
    return next(filter(None, others), "") if mine else ""


def normalized_models(named: str) -> set[str]:
    """Return the models that a certificate names, in the form used for comparison."""
    return {number_key(one) for one in MODEL_SEPARATOR_PATTERN.split(named)} - {""}


def has_identifying_number(certificate: Certificate) -> bool:
    """Return True if the number identifies the certificate or a manufacturer's approval.

    False for the number of a laboratory, a notified body or a company.
    """
    match NumberIdentifies(certificate.kind.number_names):
        case NumberIdentifies.BODY:
            # Four digits are the body's number; a longer one is the report's own.
            return not BODY_NUMBER_PATTERN.fullmatch(certificate.number_key)
        case NumberIdentifies.LABORATORY:
            return bool(report_number(certificate.kind, certificate.number))
        case NumberIdentifies.COMPANY:
            return False
    return True


def worst_shared_number(
    mine: Certificate, others: Iterable[Certificate], maker: Supplier | None, letters: Container[str]
) -> SharedNumber | None:
    """Return the most serious result of comparing with other companies' certificates, or None.

    `maker`: the manufacturer that the offer names. `letters`: the companies whose goods the seller may sell
    (`authorizing_company_names`).
    """
    judged = [(_shared_number_code(mine, other, maker, letters), other) for other in others]
    found = [(why, other) for why, other in judged if why is not None]
    if not found:
        return None
    why, other = min(found, key=lambda one: (one[0] != BOTH_CLAIM, one[0] == LETTER))
    return SharedNumber(other.supplier.reference, why)


def is_own_certificate(certificate: Certificate, company: Supplier) -> bool | None:
    """Return True if the company holds the certificate, also if no holder is given.

    None if the company has no name in the script of the holder's name.
    """
    return is_same_name(certificate.holder, company_names(company)) if name_key(certificate.holder) else True


def company_names(company: Supplier) -> tuple[str, str]:
    """Return the company's registered name and its English name."""
    return company.legal_name_local, company.name_en


def _shared_number_code(
    mine: Certificate, theirs: Certificate, maker: Supplier | None, letters: Container[str]
) -> str | None:
    """Return the result of comparing with one other certificate, as a code of `SharedNumber.reason`, or None."""
    me, them = mine.supplier.current_row, theirs.supplier.current_row
    if _is_held_by(mine, them, maker):
        keys = {name_key(name) for name in (*company_names(them), mine.holder)} - {""}
        return LETTER if any(key in letters for key in keys) else "theirs"
    if name_key(theirs.holder) and is_same_name(theirs.holder, company_names(me)):
        return None
    if is_own_certificate(mine, me) is False:
        return _third_company_reason(mine, theirs, letters)
    return None if is_own_certificate(theirs, them) is False else _double_claim_code(mine, theirs)


def _is_held_by(certificate: Certificate, company: Supplier, maker: Supplier | None) -> bool:
    """Return True if the certificate names this company as holder.

    If it names no holder, True if the company is the manufacturer named in the offer.
    """
    if name_key(certificate.holder):
        return bool(is_same_name(certificate.holder, company_names(company)))
    return maker is not None and maker.current_row.pk == company.pk


def _third_company_reason(mine: Certificate, theirs: Certificate, letters: Container[str]) -> str:
    """Return the reason why two sellers may both show the certificate of a third company."""
    if name_key(mine.holder) in letters:
        return LETTER
    return "same_holder" if name_key(mine.holder) == name_key(theirs.holder) else "holders_differ"


def _double_claim_code(mine: Certificate, theirs: Certificate) -> str | None:
    """Return the code for two companies that both claim the certificate, or None.

    It blocks only if both name a holder: without a holder nothing is stated, and a trader that leaves it
    open has claimed nothing. A confirmation by the issuer settles it.
    """
    if mine.status == Certificate.Status.CONFIRMED:
        return None
    if mine.kind.number_names in (NumberIdentifies.MAKER, NumberIdentifies.LABORATORY):
        return str(mine.kind.number_names)
    if name_key(mine.holder) and name_key(mine.holder) == name_key(theirs.holder):
        return "same_holder"  # in a script in which neither company has a name
    open_mine, open_theirs = _is_open(mine), _is_open(theirs)
    if open_theirs and not open_mine:
        return None
    stated = not open_mine and name_key(mine.holder) and name_key(theirs.holder)
    return BOTH_CLAIM if stated else "holder_open"


def _is_open(certificate: Certificate) -> bool:
    """Return True if the certificate does not show whose it is.

    That is so for a trader's certificate without a holder, or with a holder in a script in which the
    company has no name.
    """
    company = certificate.supplier.current_row
    if name_key(certificate.holder):
        return is_own_certificate(certificate, company) is None
    return company.role in TRADING_ROLES
