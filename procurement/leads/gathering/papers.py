"""Reading the papers of a company: those for the offered goods, and those for others."""

import re
from collections.abc import Container, Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.labels import subdivision_label
from procurement.catalogue.formats import Outcome, judge_number
from procurement.catalogue.models import (
    Acceptance,
    CertificateKind,
    CertificateStanding,
    NotifiedBody,
    Product,
)
from procurement.catalogue.rules import (
    UNSURE,
    Scope,
    Verdict,
    device_number,
    is_worthless,
    market_of,
    meets,
    notified_body_verdict,
    refused_by_name,
)
from procurement.leads.models import SupplierLead
from procurement.leads.screening import OthersPaper, Paper
from procurement.suppliers.models import Certificate, Supplier
from procurement.suppliers.rules.comparing import name_key
from workflow.tongues import InThreeLanguages, in_three

DOUBTED = frozenset(
    {Certificate.Status.ALTERED, Certificate.Status.UNCONFIRMABLE, Certificate.Status.WRONG_SCOPE}
)
SIGNED_KINDS = frozenset({"EU_PPE_B", "EU_PPE_C2", "EU_PPE_D"})  # a notified body signs them, or nobody does
BODY_NUMBER = re.compile(r"[0-9]{4}")
NATIONAL = "CN"  # a registration of the national authority names no province


def of(lead: SupplierLead, on: date) -> list[Paper]:
    """The papers for the offered goods, as screening judges them on a day."""
    relevant = papers_about(lead.supplier.current, lead.product)
    standings = list(CertificateStanding.objects.possible_on(on))
    signed = any(one.notified_body_id or one.issuer for one in relevant)
    bodies = list(NotifiedBody.objects.order_by("pk")) if signed else []
    # Whose goods the company was allowed to sell, by the letters it shows.
    letters = {name_key(one.holder) for one in relevant if one.kind.code == "DIST_LETTER"}
    return [_paper(one, lead, on, standings, bodies, letters) for one in relevant]


def of_other_goods(lead: SupplierLead) -> list[OthersPaper]:
    """The papers of the company that name other goods only."""
    company = lead.supplier.current
    mine = {one.pk for one in papers_about(company, lead.product)}
    rest = company.certificates.exclude(pk__in=mine).select_related("kind").prefetch_related("products")
    return [_other_paper(one) for one in rest.order_by("pk")]


def _other_paper(certificate: Certificate) -> OthersPaper:
    kind, products = certificate.kind, list(certificate.products.all())
    return OthersPaper(
        reference=certificate.reference,
        kind={"en": kind.name_en, "fr": kind.name_fr, "zh": kind.name_zh},
        number=certificate.number,
        products={
            "en": ", ".join(product.name_en for product in products),
            "fr": ", ".join(product.name_fr for product in products),
            "zh": "、".join(product.name_zh for product in products),
        },
    )


def _other_province(certificate: Certificate, lead: SupplierLead) -> InThreeLanguages | None:
    """The province a Chinese registration number names, where the maker is in another; None where nothing is odd."""
    said, place = device_number(certificate.number), lead.supplier.current.place
    if said is None or place is None or not place.subdivision or said.province == NATIONAL:
        return None
    province = said.province
    return in_three(lambda: subdivision_label(province)) if province != place.subdivision else None


def _for_standard(certificate: Certificate, lead: SupplierLead, on: date) -> bool:
    """Whether a paper that names standards names the offered one, or its equal."""
    named, offered = list(certificate.standards.all()), lead.standard
    if not named or offered is None:
        return True
    rows = Acceptance.objects.filter(asked=offered, offered__in=named)
    use = lead.line.supply_request.declared_use if lead.line else lead.declared_use
    market = market_of(lead.city.country)
    answers = [meets(offered, one, market=market, use=use, rows=rows, on=on) for one in named]
    return any(answer.verdict is Verdict.EQUAL for answer in answers)


def papers_about(supplier: Supplier, product: Product) -> list[Certificate]:
    """A company's certificates for some goods: those that name them, and those that name none."""
    certificates = supplier.certificates.select_related("kind", "notified_body").prefetch_related(
        "products", "standards"
    )
    return [one for one in certificates.order_by("pk") if _is_about(one, product)]


def _is_about(certificate: Certificate, product: Product) -> bool:
    """A certificate that names products is about those; one that names none may be about any."""
    named = {one.pk for one in certificate.products.all()}
    return not named or product.pk in named


def _paper(
    certificate: Certificate,
    lead: SupplierLead,
    on: date,
    standings: Iterable[CertificateStanding],
    bodies: Iterable[NotifiedBody],
    letters: Container[str],
) -> Paper:
    kind = certificate.kind
    form = judge_number(kind, certificate.number)
    malformed = form.outcome is Outcome.MALFORMED
    market = market_of(lead.city.country)
    worth = is_worthless(kind, lead.product, market=market, on=on, standings=standings)
    body_fault, body_firm = _body(certificate, lead, on, bodies)
    twin = _twin(certificate)
    return Paper(
        reference=certificate.reference,
        kind={"en": kind.name_en, "fr": kind.name_fr, "zh": kind.name_zh},
        number=certificate.number,
        form_fault=_form_fault(certificate) if malformed else None,
        form_firm=form.blocks,
        worthless=in_three(worth.reason) if worth else None,
        worthless_firm=worth.backing.firm if worth else False,
        elsewhere=twin.supplier.reference if twin else "",
        shared=_shared(certificate, twin) if twin else "",
        ends=certificate.valid_until,
        **_whose_and_when(certificate, lead.supplier.current, letters),
        body=str(certificate.notified_body or certificate.issuer),
        body_fault=body_fault,
        body_firm=body_firm,
        unsigned=kind.code in SIGNED_KINDS
        and not (certificate.notified_body_id or certificate.issuer.strip()),
        status=certificate.status,
        doubted=certificate.status in DOUBTED,
        standards=", ".join(standard.label for standard in certificate.standards.all()),
        for_standard=_for_standard(certificate, lead, on),
        module=certificate.module if certificate.notified_body_id else "",
        other_province=_other_province(certificate, lead),
        source=" ".join(worth.backing.sources) if worth else "",
    )


def _whose_and_when(certificate: Certificate, company: Supplier, letters: Container[str]) -> dict[str, Any]:
    """Who holds a paper, where it is somebody who gave no letter, and the days that may contradict each other."""
    holder, number = name_key(certificate.holder), device_number(certificate.number)
    own = holder in ("", company.name_key, company.name_en_key)
    return {
        "own": own,
        "holder": "" if own or holder in letters else certificate.holder,
        "issued": certificate.issued_on,
        "number_year": number.year if number else None,
    }


def _form_fault(certificate: Certificate) -> InThreeLanguages:
    """Why the number cannot be real; judged once in each language, since the sentence holds its figures."""
    return in_three(lambda: judge_number(certificate.kind, certificate.number).reason)


def _body(
    certificate: Certificate, lead: SupplierLead, on: date, bodies: Iterable[NotifiedBody]
) -> tuple[InThreeLanguages | None, bool]:
    """What is wrong with the notified body on the certificate's own day, and whether the source of that is firm."""
    body = certificate.notified_body
    if body is None:
        house = refused_by_name(certificate.issuer, bodies=bodies) if certificate.issuer else None
        words = _("Its letterhead is of a house that is not notified for protective equipment.")
        return (in_three(words), house.grade not in UNSURE) if house else (None, False)
    respirators = lead.product.family == Product.Family.RESPIRATOR
    verdict = notified_body_verdict(
        body.number,
        act=NotifiedBody.Act.PPE,
        scope=Scope.RESPIRATORS if respirators else Scope.OTHER,
        module=certificate.module,
        on=certificate.issued_on or on,
        bodies=bodies,
    )
    return (in_three(verdict.reason) if verdict.warns else None), verdict.blocks


def _twin(certificate: Certificate) -> Certificate | None:
    """The paper of another company with the same number, if there is one. It is named: companies are shared between cities."""
    if not certificate.number_key:
        return None
    return (
        Certificate.objects.filter(kind=certificate.kind, number_key=certificate.number_key)
        .exclude(supplier=certificate.supplier)
        .exclude(supplier__status=Supplier.Status.MERGED)
        .select_related("supplier")
        .order_by("pk")
        .first()
    )


def _shared(mine: Certificate, theirs: Certificate) -> str:
    """Why two companies can honestly show this number, as a code of `UNSURE`; "" where they cannot."""
    names = CertificateKind.NumberNames(mine.kind.number_names)
    if (
        names is CertificateKind.NumberNames.BODY
    ):  # four digits are the body's; what is longer is the report's own
        return "body_number" if BODY_NUMBER.fullmatch(mine.number_key) else ""
    if names is not CertificateKind.NumberNames.PAPER:
        return names.value
    holders = {name_key(one.holder) for one in (mine, theirs)}
    return "same_holder" if len(holders) == 1 and "" not in holders else ""
