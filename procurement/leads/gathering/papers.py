"""Reading the papers of a company: those for the offered goods, and those for others."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F

from partners.labels import subdivision_label
from procurement.catalogue.formats import (
    PROTECTION,
    Judgement,
    Outcome,
    device_class_said,
    device_number,
    judge_number,
    report_number,
)
from procurement.catalogue.models.certificates import CertificateKind, CertificateStanding, NotifiedBody
from procurement.catalogue.models.facts import Market, market_of
from procurement.catalogue.models.products import Product, ProductMarket
from procurement.catalogue.models.standards import Acceptance, Standard
from procurement.catalogue.rules.bodies import MODULE_OF, PPE_KINDS
from procurement.catalogue.rules.covering import covers
from procurement.catalogue.rules.standards import RANK, Verdict, meets, meets_any
from procurement.catalogue.rules.worth import is_worthless, needs_higher_class, worth_of
from procurement.leads.gathering import bodies, whose
from procurement.leads.gathering.bodies import on_class_one
from procurement.leads.gathering.marks import declared_by
from procurement.leads.gathering.origins import imports
from procurement.leads.gathering.twins import names_the_paper, other_models, twins_of, worst
from procurement.leads.models.offer import SupplierLead
from procurement.leads.screening.papers_shown import OthersPaper, Paper
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.issuer_check import IssuerCheck
from procurement.suppliers.rules import certificates
from workflow.tongues import InThreeLanguages, in_three

LABORATORY = CertificateKind.NumberNames.LABORATORY
IMPORTERS = frozenset(
    {"CA_MDEL", "CA_BN_RM"}
)  # what the country's importers have, and a foreign maker seldom
PROTECTIVE = (Product.Family.MASK, Product.Family.RESPIRATOR, Product.Family.GOWN, Product.Family.COVERALL)


@dataclass(frozen=True)
class Reading:
    """What every paper of an offer is held against, read once."""

    lead: SupplierLead
    on: date
    market: str
    use: str
    asked: Sequence[Standard]
    standings: Sequence[CertificateStanding]
    bodies: Sequence[NotifiedBody]
    acceptances: Sequence[Acceptance]
    letters: Container[str]
    shown: Sequence[Certificate]
    every: Sequence[Certificate]
    twins: Mapping[int, Sequence[Certificate]]
    looks: Mapping[int, IssuerCheck]
    classed: ProductMarket | None  # what class of device the goods are in China, where a paper says one
    classes: Container[str]  # of devices that the papers for these goods are for


def of(
    lead: SupplierLead,
    on: date,
    relevant: Sequence[Certificate],
    standings: Sequence[CertificateStanding],
    every: Sequence[Certificate] = (),
) -> list[Paper]:
    """The papers for the offered goods (`papers_about`), as screening judges them on a day, beside every paper of the company."""
    reading = read(lead, on, relevant, standings, every)
    return [_paper(one, reading) for one in relevant]


def read(
    lead: SupplierLead,
    on: date,
    relevant: Sequence[Certificate],
    standings: Sequence[CertificateStanding],
    every: Sequence[Certificate] = (),
) -> Reading:
    """What the papers of an offer are held against on a day."""
    asked = list(lead.line.standards.all()) if lead.line else []
    named = {standard.pk for one in relevant for standard in one.standards.all()}
    held = [*asked, *([lead.standard] if lead.standard else [])]
    signed = any(one.kind.code in PPE_KINDS for one in relevant)
    classes = {device_class_said(one.kind.code, one.number) for one in relevant}
    return Reading(
        lead=lead,
        on=on,
        market=market_of(lead.city.country),
        use=lead.line.supply_request.declared_use if lead.line else lead.declared_use,
        asked=asked,
        standings=standings,
        bodies=list(NotifiedBody.objects.order_by("pk")) if signed else [],
        acceptances=list(
            Acceptance.objects.filter(asked__in=held, offered__in=named).select_related("ground")
            if held and named
            else ()
        ),
        letters=whose.letters(lead.supplier.current, relevant, on),
        shown=relevant,
        every=every or relevant,
        twins=twins_of(relevant, lead.city_id),
        classed=_classed(lead.product) if any(classes) else None,
        classes=classes,
        looks={one.certificate_id: one for one in _looks(lead, relevant)},
    )


def _classed(product: Product) -> ProductMarket | None:
    return ProductMarket.objects.filter(product=product, market=Market.CN).first()


def _looks(lead: SupplierLead, relevant: Sequence[Certificate]) -> Iterable[IssuerCheck]:
    """What the issuers said to everybody and to the city that asks, the latest last; of the number that the paper bears now."""
    looks = IssuerCheck.objects.for_city(lead.city_id).filter(number_key=F("certificate__number_key"))
    asked = looks.exclude(how=IssuerCheck.How.PAPER)
    return asked.filter(certificate__in=relevant).exclude(result=IssuerCheck.Result.NO_ANSWER).order_by("pk")


def of_other_goods(lead: SupplierLead, shown: Iterable[Certificate]) -> list[OthersPaper]:
    """The papers of the company, of all it shows, that name other goods only."""
    return [_other_paper(one) for one in shown if not is_about(one, lead.product)]


def papers_about(supplier: Supplier, product: Product, city_id: int) -> list[Certificate]:
    """A company's certificates for some goods that count for a city: those that name the goods, and those that name none."""
    return [one for one in shown_by(supplier, city_id) if is_about(one, product)]


def shown_by(supplier: Supplier, city_id: int) -> list[Certificate]:
    """All certificates of a company that count for a city, with what they name."""
    rows = (
        Certificate.objects.for_city(city_id)
        .filter(supplier=supplier)
        .select_related("kind", "notified_body")
    )
    return list(rows.prefetch_related("products", "standards").order_by("pk"))


def is_about(certificate: Certificate, product: Product) -> bool:
    """A certificate that names products is about those; one that names none may be about any."""
    named = {one.pk for one in certificate.products.all()}
    return not named or product.pk in named


def _other_paper(certificate: Certificate) -> OthersPaper:
    kind = certificate.kind
    return OthersPaper(
        reference=certificate.reference,
        kind={"en": kind.name_en, "fr": kind.name_fr, "zh": kind.name_zh},
        number=certificate.number,
        products=_products(certificate),
    )


def _products(certificate: Certificate) -> InThreeLanguages:
    products = list(certificate.products.all())
    return {
        "en": ", ".join(product.name_en for product in products),
        "fr": ", ".join(product.name_fr for product in products),
        "zh": "、".join(product.name_zh for product in products),
    }


def _paper(certificate: Certificate, reading: Reading) -> Paper:
    kind, lead = certificate.kind, reading.lead
    signed = bodies.judged(certificate, lead.product, reading.on, reading.bodies)
    twin = worst(certificate, reading.twins.get(certificate.pk, ()), lead.maker, reading.letters)
    look = reading.looks.get(certificate.pk)
    return Paper(
        reference=certificate.reference,
        kind={"en": kind.name_en, "fr": kind.name_fr, "zh": kind.name_zh},
        number=certificate.number,
        elsewhere=twin.company if twin else "",
        shared=twin.why if twin else "",
        other_models=other_models(certificate, reading.every),
        class_one_body=_class_one(certificate, reading),
        importers=kind.code in IMPORTERS and not imports(lead, kind.jurisdiction, certificate.holder),
        number_is_anothers=not names_the_paper(certificate),
        report_open=kind.number_names == LABORATORY and not report_number(kind, certificate.number),
        ends=certificate.valid_until,
        issued=certificate.issued_on,
        holds_years=certificates.HOLDS_YEARS.get(kind.code, 0),
        body=signed.body,
        body_fault=signed.fault,
        body_firm=signed.firm,
        body_look=signed.look,
        body_watched=signed.watched,
        body_holds=signed.holds,
        body_source=signed.source,
        unsigned=kind.code in MODULE_OF and not signed.body,
        status=certificate.status,
        doubted=certificate.status in certificates.DOUBTED,
        **_module(certificate),
        products=_products(certificate) if certificate.products.all() else None,
        models=certificate.models_covered,
        asked_on=look.seen_on if look else None,
        asked_result=look.result if look else "",
        covers=covers(certificate.models_covered, lead.model),
        **_form(certificate),
        **_number(certificate, lead.product),
        declared_by=declared_by(certificate, lead),
        **_class(certificate, reading),
        **_worth(certificate, reading),
        **whose.of(certificate, lead, reading.letters),
        **_standards(certificate, reading),
    )


def _class_one(certificate: Certificate, reading: Reading) -> str:
    """The number of a notified body that a maker's own declaration shows, where no body can have certified the goods."""
    if certificate.kind.code != "EU_MD_DOC":
        return ""
    body = f"CE {certificate.notified_body}" if certificate.notified_body else ""
    said = (certificate.number, certificate.issuer, certificate.models_covered, certificate.remark, body)
    return on_class_one(said, reading.lead.product, reading.shown)


def _module(certificate: Certificate) -> dict[str, Any]:
    """The module that a body signed for: what the paper names, else that of its kind; and the kind's, where they contradict."""
    kind, named = certificate.kind.code, certificate.module
    own = MODULE_OF.get(kind, "")
    return {
        "module": (named or own) if certificate.notified_body_id and kind in PPE_KINDS else "",
        "module_said": named if own and named and named != own else "",
        "kinds_module": own,
    }


def _form(certificate: Certificate) -> dict[str, Any]:
    """Whether the number has the form of its kind; why not is judged once in each language, since the sentence holds its figures."""

    def judged() -> Judgement:
        return judge_number(certificate.kind, certificate.number)

    form = judged()
    return {
        "form_fault": in_three(lambda: judged().reason) if form.outcome is Outcome.MALFORMED else None,
        "form_firm": form.blocks,
        "form_known": form.outcome is not Outcome.NO_FORMAT,
        "form_source": " ".join(certificate.kind.source_urls),
    }


def _number(certificate: Certificate, product: Product) -> dict[str, Any]:
    """What a Chinese registration number says of itself: its year; its office and its product group, where they cannot be right."""
    said = device_number(certificate.number)
    if said is None:
        return {}
    others = product.family in PROTECTIVE and said.product_group not in PROTECTION
    return {
        "number_year": said.year,
        "number_group": said.product_group if others else "",
        "number_office": in_three(lambda: subdivision_label(said.province)) if said.wrong_office else None,
    }


def _class(certificate: Certificate, reading: Reading) -> dict[str, Any]:
    """Whether it is for a lower class of device than the goods are. A company that shows a paper of their class beside one that names
    no goods shows that for other goods.
    """
    said, row = device_class_said(certificate.kind.code, certificate.number), reading.classed
    backing = needs_higher_class(said, row)
    if (
        row is None
        or backing is None
        or (row.device_class in reading.classes and not certificate.products.all())
    ):
        return {}
    return {
        "class_said": said,
        "class_needed": row.device_class,
        "class_firm": backing.firm,
        "class_source": " ".join(backing.sources),
    }


def _worth(certificate: Certificate, reading: Reading) -> dict[str, Any]:
    """What its kind is worth for these goods in the market of the city that asks; else in that of whoever made them."""
    market, on, standings = reading.market, reading.on, reading.standings
    product = reading.lead.product
    bad = is_worthless(certificate.kind, product, market=market, on=on, standings=standings)
    maker = (reading.lead.maker or reading.lead.supplier).current
    worths = (
        worth_of(certificate.kind, product, market=one, on=on, standings=standings)
        for one in (market, market_of(maker.country))
    )
    any_worth = next(filter(None, worths), None)
    return {
        "worthless": in_three(bad.reason) if bad else None,
        "worthless_firm": bad.backing.firm if bad else False,
        "worth": in_three(any_worth.reason) if any_worth else None,
        "source": " ".join(any_worth.backing.sources) if any_worth else "",
    }


def _standards(certificate: Certificate, reading: Reading) -> dict[str, Any]:
    """Whether a paper that names standards names the offered one or its equal, and else how it stands to those the line takes."""
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
        or any(meets(offered, one, **held).verdict is Verdict.EQUAL for one in named)
    )
    found: dict[str, Any] = {
        "standards": ", ".join(standard.label for standard in named),
        "for_standard": fits,
    }
    if not named or not reading.asked or offered in named or set(named) & set(reading.asked):
        return found
    best = min(
        (meets_any(reading.asked, one, **held) for one in named), key=lambda meeting: RANK[meeting.verdict]
    )
    if best.verdict is Verdict.EQUAL:
        return found
    return found | {
        "for_line": best.verdict.value,
        "for_line_firm": best.blocks,
        "for_line_why": in_three(best.reason),
        "for_line_source": " ".join(best.backing.sources) if best.backing else "",
    }
