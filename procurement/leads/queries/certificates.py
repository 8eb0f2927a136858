"""Queries for screening: certificates of a company, for the offered goods and for other goods."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F

from partners.place_labels import subdivision_label
from procurement.catalogue.models.certificates import CertificateType, CertificateTypeStatus, NotifiedBody
from procurement.catalogue.models.products import Product, ProductClassification
from procurement.catalogue.models.reference_rows import Market, market_of_country
from procurement.catalogue.models.standards import Standard, StandardEquivalence
from procurement.catalogue.number_formats import (
    PROTECTIVE_PRODUCT_GROUPS,
    NumberAssessment,
    NumberOutcome,
    assess_number,
    chinese_device_class,
    parse_device_number,
    report_number,
)
from procurement.catalogue.rules.certificate_types import (
    certificate_acceptability,
    higher_class_source,
    unacceptable_reason,
)
from procurement.catalogue.rules.certification_bodies import MODULE_BY_CERTIFICATE_TYPE, PPE_CERTIFICATE_TYPES
from procurement.catalogue.rules.model_coverage import covers_model
from procurement.catalogue.rules.standards import (
    MEETING_VERDICTS,
    VERDICT_RANK,
    match_any_standard,
    match_standard,
)
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.certificate_holders import (
    assess_signer,
    authorizing_company_names,
    certificates_sharing_number,
    class_one_body_number,
    has_identifying_number,
    holder_facts,
    other_report_models,
    worst_shared_number,
)
from procurement.leads.queries.counterfeit_marks import wrong_declarant
from procurement.leads.queries.origins import is_seller_importer
from procurement.leads.screening.offer_data import CertificateData, OtherGoodsCertificate
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.issuer_checks import IssuerCheck
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules import certificates
from workflow.i18n import Translations, translate_all

NUMBER_IDENTIFIES_LABORATORY = CertificateType.NumberSubject.LABORATORY
IMPORTER_CERTIFICATE_TYPES = frozenset(
    {"CA_MDEL", "CA_BN_RM"}
)  # held by importers in the country, seldom by a foreign manufacturer
PROTECTIVE_FAMILIES = (
    Product.Family.MASK,
    Product.Family.RESPIRATOR,
    Product.Family.GOWN,
    Product.Family.COVERALL,
)


@dataclass(frozen=True)
class CertificateContext:
    """Everything the certificates of an offer are compared with on a day (`as_of`), read once.

    - `market` and `declared_use`: where and for what the goods are needed. `required_standards`: those that the need line asks of them.
    - `type_statuses`, `notified_bodies`, `standard_equivalences`: catalogue rows on certificate types, notified bodies and standards.
    - `authorizing_companies`: companies whose goods the seller may sell. `relevant_certificates`: certificates for
      these goods. `company_certificates`: all of the company. `same_number_certificates`, `issuer_checks`: by the id
      of a certificate.
    """

    lead: SupplierLead
    as_of: date
    market: str
    declared_use: str
    required_standards: Sequence[Standard]
    type_statuses: Sequence[CertificateTypeStatus]
    notified_bodies: Sequence[NotifiedBody]
    standard_equivalences: Sequence[StandardEquivalence]
    authorizing_companies: Container[str]
    relevant_certificates: Sequence[Certificate]
    company_certificates: Sequence[Certificate]
    same_number_certificates: Mapping[int, Sequence[Certificate]]
    issuer_checks: Mapping[int, IssuerCheck]
    china_classification: (
        ProductClassification | None
    )  # the class of the goods in China, if a certificate states a class
    stated_device_classes: Container[str]  # classes of device on the certificates for these goods


def certificates_for_screening(
    lead: SupplierLead,
    on: date,
    relevant: Sequence[Certificate],
    statuses: Sequence[CertificateTypeStatus],
    every: Sequence[Certificate] = (),
    standards: Sequence[Standard] = (),
) -> list[CertificateData]:
    """Return the certificates for the offered goods (`certificates_for_product`), for screening on a day.

    `every`: all certificates of the company, for comparison. `standards`: those that the need line asks of these goods.
    """
    reading = certificate_context(lead, on, relevant, statuses, every, standards)
    return [_certificate_data(one, reading) for one in relevant]


def certificate_context(
    lead: SupplierLead,
    on: date,
    relevant: Sequence[Certificate],
    statuses: Sequence[CertificateTypeStatus],
    every: Sequence[Certificate] = (),
    standards: Sequence[Standard] = (),
) -> CertificateContext:
    """Read everything the certificates of an offer are compared with on a day. Arguments as above."""
    named = {standard.pk for one in relevant for standard in one.standards.all()}
    held = [*standards, *([lead.standard] if lead.standard else [])]
    signed = any(one.kind.code in PPE_CERTIFICATE_TYPES for one in relevant)
    classes = {chinese_device_class(one.kind.code, one.number) for one in relevant}
    return CertificateContext(
        lead=lead,
        as_of=on,
        market=market_of_country(lead.city.country),
        declared_use=lead.line.supply_request.declared_use if lead.line else lead.declared_use,
        required_standards=standards,
        type_statuses=statuses,
        notified_bodies=list(NotifiedBody.objects.order_by("pk")) if signed else [],
        standard_equivalences=list(
            StandardEquivalence.objects.filter(asked__in=held, offered__in=named).select_related("ground")
            if held and named
            else ()
        ),
        authorizing_companies=authorizing_company_names(lead.supplier.current_row, relevant, on),
        relevant_certificates=relevant,
        company_certificates=every or relevant,
        same_number_certificates=certificates_sharing_number(relevant, lead.city_id),
        china_classification=_classed(lead.product) if any(classes) else None,
        stated_device_classes=classes,
        issuer_checks={one.certificate_id: one for one in _issuer_answers(lead, relevant)},
    )


def _classed(product: Product) -> ProductClassification | None:
    return ProductClassification.objects.filter(product=product, market=Market.CN).first()


def _issuer_answers(lead: SupplierLead, relevant: Sequence[Certificate]) -> Iterable[IssuerCheck]:
    """Return the issuers' answers that the city may use, for the current numbers, latest last."""
    issuer_answers = IssuerCheck.objects.for_city(lead.city_id).filter(
        number_key=F("certificate__number_key")
    )
    answered = issuer_answers.exclude(how=IssuerCheck.CheckMethod.DOCUMENT)
    return (
        answered.filter(certificate__in=relevant).exclude(result=IssuerCheck.Result.NO_ANSWER).order_by("pk")
    )


def certificates_of_other_goods(
    lead: SupplierLead, shown: Iterable[Certificate]
) -> list[OtherGoodsCertificate]:
    """Return the certificates among those shown that name only other goods."""
    return [_other_certificate(one) for one in shown if not is_for_product(one, lead.product)]


def certificates_for_product(supplier: Supplier, product: Product, city_id: int) -> list[Certificate]:
    """Return a company's certificates that name these goods or no goods and that count for the city."""
    return [one for one in company_certificates_for_city(supplier, city_id) if is_for_product(one, product)]


def company_certificates_for_city(supplier: Supplier, city_id: int) -> list[Certificate]:
    """Return all certificates of a company that count for the city, with their products and standards."""
    rows = (
        Certificate.objects.for_city(city_id)
        .filter(supplier=supplier)
        .select_related("kind", "notified_body")
    )
    return list(rows.prefetch_related("products", "standards").order_by("pk"))


def is_for_product(certificate: Certificate, product: Product) -> bool:
    """Return True if the certificate names the product, or names no product at all."""
    named = {one.pk for one in certificate.products.all()}
    return not named or product.pk in named


def _other_certificate(certificate: Certificate) -> OtherGoodsCertificate:
    kind = certificate.kind
    return OtherGoodsCertificate(
        reference=certificate.reference,
        kind={"en": kind.name_en, "fr": kind.name_fr, "zh": kind.name_zh},
        number=certificate.number,
        products=_products(certificate),
    )


def _products(certificate: Certificate) -> Translations:
    products = list(certificate.products.all())
    return {
        "en": ", ".join(product.name_en for product in products),
        "fr": ", ".join(product.name_fr for product in products),
        "zh": "、".join(product.name_zh for product in products),
    }


def _certificate_data(certificate: Certificate, reading: CertificateContext) -> CertificateData:
    kind, lead = certificate.kind, reading.lead
    look = reading.issuer_checks.get(certificate.pk)
    return CertificateData(
        reference=certificate.reference,
        kind={"en": kind.name_en, "fr": kind.name_fr, "zh": kind.name_zh},
        number=certificate.number,
        **_shared_number(certificate, reading),
        other_models=other_report_models(certificate, reading.company_certificates),
        class_one_body_number=_class_one_facts(certificate, reading),
        held_by_importer=kind.code in IMPORTER_CERTIFICATE_TYPES
        and not is_seller_importer(lead, kind.jurisdiction, certificate.holder),
        number_names_other_party=not has_identifying_number(certificate),
        report_number_missing=(
            kind.number_names == NUMBER_IDENTIFIES_LABORATORY and not report_number(kind, certificate.number)
        ),
        valid_until=certificate.valid_until,
        issued=certificate.issued_on,
        max_validity_years=certificates.VALIDITY_YEARS.get(kind.code, 0),
        **_signer_facts(certificate, reading),
        status=certificate.status,
        invalidated=certificate.status in Certificate.Status.void,
        **_module_facts(certificate),
        products=_products(certificate) if certificate.products.all() else None,
        models=certificate.models_covered,
        issuer_asked_on=look.seen_on if look else None,
        issuer_result=look.result if look else "",
        covers_model=covers_model(certificate.models_covered, lead.model),
        **_format_facts(certificate),
        **_number_facts(certificate, lead.product),
        wrong_declarant=wrong_declarant(certificate, lead),
        **_device_class_facts(certificate, reading),
        **_acceptability_facts(certificate, reading),
        **holder_facts(certificate, lead, reading.authorizing_companies),
        **_standard_facts(certificate, reading),
    )


def _shared_number(certificate: Certificate, reading: CertificateContext) -> dict[str, Any]:
    """Return the other company that shows the same number, and the reason why that only warns."""
    others = reading.same_number_certificates.get(certificate.pk, ())
    twin = worst_shared_number(certificate, others, reading.lead.maker, reading.authorizing_companies)
    return {"company_with_same_number": twin.company, "shared_number_reason": twin.reason} if twin else {}


def _signer_facts(certificate: Certificate, reading: CertificateContext) -> dict[str, Any]:
    """Return the signer of the certificate with its catalogue entry, and whether a signer is missing."""
    signed = assess_signer(certificate, reading.lead.product, reading.as_of, reading.notified_bodies)
    return {
        "signer": signed.signer_name,
        "signer_unsuitable_reason": signed.rejection_reason,
        "signer_source_is_reliable": signed.source_is_reliable,
        "signer_lookup_advice": signed.lookup_advice,
        "signer_warning": signed.warning,
        "signer_acceptance_reason": signed.acceptance_reason,
        "signer_source": signed.source,
        "notified_body_missing": certificate.kind.code in MODULE_BY_CERTIFICATE_TYPE
        and not signed.signer_name,
    }


def _class_one_facts(certificate: Certificate, reading: CertificateContext) -> str:
    """Return the notified body number on a manufacturer's declaration where no body can certify the goods."""
    if certificate.kind.code != "EU_MD_DOC":
        return ""
    body = f"CE {certificate.notified_body}" if certificate.notified_body else ""
    texts = (certificate.number, certificate.issuer, certificate.models_covered, certificate.remark, body)
    return class_one_body_number(texts, reading.lead.product, reading.relevant_certificates)


def _module_facts(certificate: Certificate) -> dict[str, Any]:
    """Return the module a body signed for, and a contradiction between certificate and its type."""
    kind, named = certificate.kind.code, certificate.module
    own = MODULE_BY_CERTIFICATE_TYPE.get(kind, "")
    return {
        "module": (named or own) if certificate.notified_body_id and kind in PPE_CERTIFICATE_TYPES else "",
        "differing_module": named if own and named and named != own else "",
        "module_of_type": own,
    }


def _format_facts(certificate: Certificate) -> dict[str, Any]:
    """Return the form check of the number.

    The reason is built once per language, since it contains figures.
    """

    def judged() -> NumberAssessment:
        return assess_number(certificate.kind, certificate.number)

    form = judged()
    return {
        "number_format_fault": translate_all(lambda: judged().reason)
        if form.outcome is NumberOutcome.MALFORMED
        else None,
        "format_source_is_reliable": form.is_blocking,
        "has_known_number_format": form.outcome is not NumberOutcome.NO_FORMAT,
        "format_source": " ".join(certificate.kind.source_urls),
    }


def _number_facts(certificate: Certificate, product: Product) -> dict[str, Any]:
    """Return the year in a Chinese registration number, and its office and product group if wrong."""
    parsed = parse_device_number(certificate.number)
    if parsed is None:
        return {}
    others = product.family in PROTECTIVE_FAMILIES and parsed.product_group not in PROTECTIVE_PRODUCT_GROUPS
    return {
        "number_year": parsed.year,
        "wrong_product_group": parsed.product_group if others else "",
        "wrong_number_office": translate_all(lambda: subdivision_label(parsed.province))
        if parsed.has_wrong_issuing_office
        else None,
    }


def _device_class_facts(certificate: Certificate, reading: CertificateContext) -> dict[str, Any]:
    """Return the certificate's class of device and the goods' class, if the goods need a higher one.

    If the company also shows a certificate of the right class, one that names no goods is taken to be for
    others.
    """
    stated_class, row = (
        chinese_device_class(certificate.kind.code, certificate.number),
        reading.china_classification,
    )
    source_confidence = higher_class_source(stated_class, row)
    if (
        row is None
        or source_confidence is None
        or (row.device_class in reading.stated_device_classes and not certificate.products.all())
    ):
        return {}
    return {
        "stated_device_class": stated_class,
        "required_device_class": row.device_class,
        "class_source_is_reliable": source_confidence.is_reliable,
        "class_source": " ".join(source_confidence.sources),
    }


def _acceptability_facts(certificate: Certificate, reading: CertificateContext) -> dict[str, Any]:
    """Return the worth of the certificate type for these goods in the city's or manufacturer's market."""
    market, on, statuses = reading.market, reading.as_of, reading.type_statuses
    product = reading.lead.product
    bad = unacceptable_reason(certificate.kind, product, market=market, on=on, statuses=statuses)
    maker = (reading.lead.maker or reading.lead.supplier).current_row
    worths = (
        certificate_acceptability(certificate.kind, product, market=one, on=on, statuses=statuses)
        for one in (market, market_of_country(maker.country))
    )
    any_worth = next(filter(None, worths), None)
    return {
        "rejection_reason": translate_all(bad.reason) if bad else None,
        "rejection_source_is_reliable": bad.source_confidence.is_reliable if bad else False,
        "type_acceptance_reason": translate_all(any_worth.reason) if any_worth else None,
        "source": " ".join(any_worth.source_confidence.sources) if any_worth else "",
    }


def _standard_facts(certificate: Certificate, reading: CertificateContext) -> dict[str, Any]:
    """Return whether the certificate covers the offered standard, or how it meets the line's standards."""
    named, offered = list(certificate.standards.all()), reading.lead.standard
    held: dict[str, Any] = {
        "market": reading.market,
        "use": reading.declared_use,
        "rows": reading.standard_equivalences,
        "on": reading.as_of,
    }
    fits = (
        not named
        or offered is None
        or offered in named
        or any(match_standard(offered, one, **held).verdict in MEETING_VERDICTS for one in named)
    )
    found: dict[str, Any] = {
        "standards": ", ".join(standard.label for standard in named),
        "covers_offered_standard": fits,
    }
    if (
        not named
        or not reading.required_standards
        or offered in named
        or set(named) & set(reading.required_standards)
    ):
        return found
    best = min(
        (match_any_standard(reading.required_standards, one, **held) for one in named),
        key=lambda meeting: VERDICT_RANK[meeting.verdict],
    )
    if best.verdict in MEETING_VERDICTS:
        return found
    return found | {
        "line_standard_match": best.verdict.value,
        "line_match_is_reliable": best.is_blocking,
        "line_match_reason": translate_all(best.reason),
        "line_match_source": " ".join(best.source_confidence.sources) if best.source_confidence else "",
    }
