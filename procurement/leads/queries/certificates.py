"""Queries for screening: certificates of a company, for the offered goods and for other goods."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F

from partners.place_labels import subdivision_label
from procurement.catalogue.models.certificates import CertificateType, CertificateTypeStatus, NotifiedBody
from procurement.catalogue.models.products import Product, ProductClassification
from procurement.catalogue.models.reference_rows import Market, market_of
from procurement.catalogue.models.standards import Standard, StandardEquivalence
from procurement.catalogue.number_formats import (
    PROTECTIVE_GROUPS,
    NumberAssessment,
    NumberOutcome,
    assess_number,
    chinese_device_class,
    device_number,
    report_number,
)
from procurement.catalogue.rules.certificate_types import (
    certificate_acceptability,
    higher_class_source,
    unacceptable_reason,
)
from procurement.catalogue.rules.certification_bodies import MODULE_OF_TYPE, PPE_CERTIFICATE_TYPES
from procurement.catalogue.rules.model_coverage import covers_model
from procurement.catalogue.rules.standards import VERDICT_RANK, Verdict, match_any_standard, match_standard
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.certificate_holders import (
    assess_signer,
    authorization_letters,
    body_number_on_class_one,
    certificates_sharing_number,
    holder_facts,
    identifies_certificate,
    other_models,
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

LABORATORY_NUMBER = CertificateType.NumberIdentifies.LABORATORY
IMPORTER_TYPES = frozenset(
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
    """Everything the certificates of an offer are compared with on a day (`on`), read once.

    - `market` and `use`: where and for what the goods are needed. `asked`: the standards of the need line.
    - `statuses`, `bodies`, `acceptances`: catalogue rows on certificate types, notified bodies and standards.
    - `letters`: companies whose goods the seller may sell. `shown`: certificates for these goods. `every`: all of the
      company. `same_number`, `issuer_answers`: by the id of a certificate.
    """

    lead: SupplierLead
    on: date
    market: str
    use: str
    asked: Sequence[Standard]
    statuses: Sequence[CertificateTypeStatus]
    bodies: Sequence[NotifiedBody]
    acceptances: Sequence[StandardEquivalence]
    letters: Container[str]
    shown: Sequence[Certificate]
    every: Sequence[Certificate]
    same_number: Mapping[int, Sequence[Certificate]]
    issuer_answers: Mapping[int, IssuerCheck]
    classed: ProductClassification | None  # the class of the goods in China, if a certificate states a class
    classes: Container[str]  # classes of device on the certificates for these goods


def certificates_for_screening(
    lead: SupplierLead,
    on: date,
    relevant: Sequence[Certificate],
    statuses: Sequence[CertificateTypeStatus],
    every: Sequence[Certificate] = (),
) -> list[CertificateData]:
    """Return the certificates for the offered goods (`certificates_about`), for screening on a day.

    `every`: all certificates of the company, for comparison.
    """
    reading = certificate_context(lead, on, relevant, statuses, every)
    return [_certificate_data(one, reading) for one in relevant]


def certificate_context(
    lead: SupplierLead,
    on: date,
    relevant: Sequence[Certificate],
    statuses: Sequence[CertificateTypeStatus],
    every: Sequence[Certificate] = (),
) -> CertificateContext:
    """Read everything the certificates of an offer are compared with on a day."""
    standards = list(lead.line.standards.all()) if lead.line else []
    named = {standard.pk for one in relevant for standard in one.standards.all()}
    held = [*standards, *([lead.standard] if lead.standard else [])]
    signed = any(one.kind.code in PPE_CERTIFICATE_TYPES for one in relevant)
    classes = {chinese_device_class(one.kind.code, one.number) for one in relevant}
    return CertificateContext(
        lead=lead,
        on=on,
        market=market_of(lead.city.country),
        use=lead.line.supply_request.declared_use if lead.line else lead.declared_use,
        asked=standards,
        statuses=statuses,
        bodies=list(NotifiedBody.objects.order_by("pk")) if signed else [],
        acceptances=list(
            StandardEquivalence.objects.filter(asked__in=held, offered__in=named).select_related("ground")
            if held and named
            else ()
        ),
        letters=authorization_letters(lead.supplier.current, relevant, on),
        shown=relevant,
        every=every or relevant,
        same_number=certificates_sharing_number(relevant, lead.city_id),
        classed=_classed(lead.product) if any(classes) else None,
        classes=classes,
        issuer_answers={one.certificate_id: one for one in _issuer_answers(lead, relevant)},
    )


def _classed(product: Product) -> ProductClassification | None:
    return ProductClassification.objects.filter(product=product, market=Market.CN).first()


def _issuer_answers(lead: SupplierLead, relevant: Sequence[Certificate]) -> Iterable[IssuerCheck]:
    """Return the issuers' answers that the city may use, for the current numbers, latest last."""
    issuer_answers = IssuerCheck.objects.for_city(lead.city_id).filter(
        number_key=F("certificate__number_key")
    )
    answered = issuer_answers.exclude(how=IssuerCheck.How.DOCUMENT)
    return (
        answered.filter(certificate__in=relevant).exclude(result=IssuerCheck.Result.NO_ANSWER).order_by("pk")
    )


def certificates_of_other_goods(
    lead: SupplierLead, shown: Iterable[Certificate]
) -> list[OtherGoodsCertificate]:
    """Return the certificates among those shown that name only other goods."""
    return [_other_certificate(one) for one in shown if not is_about(one, lead.product)]


def certificates_about(supplier: Supplier, product: Product, city_id: int) -> list[Certificate]:
    """Return a company's certificates that name these goods or no goods and that count for the city."""
    return [one for one in counted_certificates(supplier, city_id) if is_about(one, product)]


def counted_certificates(supplier: Supplier, city_id: int) -> list[Certificate]:
    """Return all certificates of a company that count for the city, with their products and standards."""
    rows = (
        Certificate.objects.for_city(city_id)
        .filter(supplier=supplier)
        .select_related("kind", "notified_body")
    )
    return list(rows.prefetch_related("products", "standards").order_by("pk"))


def is_about(certificate: Certificate, product: Product) -> bool:
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
    look = reading.issuer_answers.get(certificate.pk)
    return CertificateData(
        reference=certificate.reference,
        kind={"en": kind.name_en, "fr": kind.name_fr, "zh": kind.name_zh},
        number=certificate.number,
        **_shared_number(certificate, reading),
        other_models=other_models(certificate, reading.every),
        class_one_body=_class_one_facts(certificate, reading),
        held_by_importer=kind.code in IMPORTER_TYPES
        and not is_seller_importer(lead, kind.jurisdiction, certificate.holder),
        number_names_other_party=not identifies_certificate(certificate),
        report_number_missing=(
            kind.number_names == LABORATORY_NUMBER and not report_number(kind, certificate.number)
        ),
        ends=certificate.valid_until,
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
        declared_by=wrong_declarant(certificate, lead),
        **_device_class_facts(certificate, reading),
        **_acceptability_facts(certificate, reading),
        **holder_facts(certificate, lead, reading.letters),
        **_standard_facts(certificate, reading),
    )


def _shared_number(certificate: Certificate, reading: CertificateContext) -> dict[str, Any]:
    """Return the other company that shows the same number, and the reason why that only warns."""
    others = reading.same_number.get(certificate.pk, ())
    twin = worst_shared_number(certificate, others, reading.lead.maker, reading.letters)
    return {"company_with_same_number": twin.company, "shared_number_reason": twin.reason} if twin else {}


def _signer_facts(certificate: Certificate, reading: CertificateContext) -> dict[str, Any]:
    """Return the signer of the certificate with its catalogue entry, and whether a signer is missing."""
    signed = assess_signer(certificate, reading.lead.product, reading.on, reading.bodies)
    return {
        "body": signed.body,
        "body_unsuitable": signed.fault,
        "body_firm": signed.firm,
        "body_to_check": signed.to_look_up,
        "body_warning": signed.watched,
        "body_holds": signed.may_sign_because,
        "body_source": signed.source,
        "notified_body_missing": certificate.kind.code in MODULE_OF_TYPE and not signed.body,
    }


def _class_one_facts(certificate: Certificate, reading: CertificateContext) -> str:
    """Return the notified body number on a manufacturer's declaration where no body can certify the goods."""
    if certificate.kind.code != "EU_MD_DOC":
        return ""
    body = f"CE {certificate.notified_body}" if certificate.notified_body else ""
    texts = (certificate.number, certificate.issuer, certificate.models_covered, certificate.remark, body)
    return body_number_on_class_one(texts, reading.lead.product, reading.shown)


def _module_facts(certificate: Certificate) -> dict[str, Any]:
    """Return the module a body signed for, and a contradiction between certificate and its type."""
    kind, named = certificate.kind.code, certificate.module
    own = MODULE_OF_TYPE.get(kind, "")
    return {
        "module": (named or own) if certificate.notified_body_id and kind in PPE_CERTIFICATE_TYPES else "",
        "module_stated": named if own and named and named != own else "",
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
        "form_fault": translate_all(lambda: judged().reason)
        if form.outcome is NumberOutcome.MALFORMED
        else None,
        "form_firm": form.blocks,
        "form_known": form.outcome is not NumberOutcome.NO_FORMAT,
        "form_source": " ".join(certificate.kind.source_urls),
    }


def _number_facts(certificate: Certificate, product: Product) -> dict[str, Any]:
    """Return the year in a Chinese registration number, and its office and product group if wrong."""
    parsed = device_number(certificate.number)
    if parsed is None:
        return {}
    others = product.family in PROTECTIVE_FAMILIES and parsed.product_group not in PROTECTIVE_GROUPS
    return {
        "number_year": parsed.year,
        "number_group": parsed.product_group if others else "",
        "number_office": translate_all(lambda: subdivision_label(parsed.province))
        if parsed.wrong_office
        else None,
    }


def _device_class_facts(certificate: Certificate, reading: CertificateContext) -> dict[str, Any]:
    """Return the certificate's class of device and the goods' class, if the goods need a higher one.

    If the company also shows a certificate of the right class, one that names no goods is taken to be for
    others.
    """
    stated_class, row = chinese_device_class(certificate.kind.code, certificate.number), reading.classed
    source_confidence = higher_class_source(stated_class, row)
    if (
        row is None
        or source_confidence is None
        or (row.device_class in reading.classes and not certificate.products.all())
    ):
        return {}
    return {
        "class_stated": stated_class,
        "class_needed": row.device_class,
        "class_firm": source_confidence.firm,
        "class_source": " ".join(source_confidence.sources),
    }


def _acceptability_facts(certificate: Certificate, reading: CertificateContext) -> dict[str, Any]:
    """Return the worth of the certificate type for these goods in the city's or manufacturer's market."""
    market, on, statuses = reading.market, reading.on, reading.statuses
    product = reading.lead.product
    bad = unacceptable_reason(certificate.kind, product, market=market, on=on, statuses=statuses)
    maker = (reading.lead.maker or reading.lead.supplier).current
    worths = (
        certificate_acceptability(certificate.kind, product, market=one, on=on, statuses=statuses)
        for one in (market, market_of(maker.country))
    )
    any_worth = next(filter(None, worths), None)
    return {
        "not_accepted_because": translate_all(bad.reason) if bad else None,
        "not_accepted_firm": bad.source_confidence.firm if bad else False,
        "worth": translate_all(any_worth.reason) if any_worth else None,
        "source": " ".join(any_worth.source_confidence.sources) if any_worth else "",
    }


def _standard_facts(certificate: Certificate, reading: CertificateContext) -> dict[str, Any]:
    """Return whether the certificate covers the offered standard, or how it meets the line's standards."""
    named, offered = list(certificate.standards.all()), reading.lead.standard
    held: dict[str, Any] = {
        "market": reading.market,
        "use": reading.use,
        "rows": reading.acceptances,
        "on": reading.on,
    }
    fits = (
        not named
        or offered is None
        or offered in named
        or any(match_standard(offered, one, **held).verdict is Verdict.EQUAL for one in named)
    )
    found: dict[str, Any] = {
        "standards": ", ".join(standard.label for standard in named),
        "for_standard": fits,
    }
    if not named or not reading.asked or offered in named or set(named) & set(reading.asked):
        return found
    best = min(
        (match_any_standard(reading.asked, one, **held) for one in named),
        key=lambda meeting: VERDICT_RANK[meeting.verdict],
    )
    if best.verdict is Verdict.EQUAL:
        return found
    return found | {
        "for_line": best.verdict.value,
        "for_line_firm": best.blocks,
        "for_line_why": translate_all(best.reason),
        "for_line_source": " ".join(best.source_confidence.sources) if best.source_confidence else "",
    }
