"""Reading what screening needs to judge an offer: the company, its papers, the line, the prices of others. Reads only."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Q

from procurement.catalogue.formats import Outcome, judge_number
from procurement.catalogue.models import (
    Acceptance,
    CertificateStanding,
    NotifiedBody,
    PriceBand,
    Product,
)
from procurement.catalogue.rules import (
    Meeting,
    Scope,
    is_worthless,
    market_of,
    meets_any,
    notified_body_verdict,
)
from procurement.leads import screening
from procurement.leads.models import SupplierLead
from procurement.leads.money import convert
from procurement.leads.screening import Offer, Paper, Price
from procurement.suppliers import actions as suppliers
from procurement.suppliers import rules as companies
from procurement.suppliers.models import Certificate, Supplier
from workflow.errors import Refused
from workflow.tongues import InThreeLanguages, in_three

OWN_CODES = frozenset(screening.SENTENCES)
PEER_DAYS = 30  # quotes older than a month say little about today's price
DOUBTED = frozenset(
    {Certificate.Status.ALTERED, Certificate.Status.UNCONFIRMABLE, Certificate.Status.WRONG_SCOPE}
)


def gather(lead: SupplierLead, at: datetime) -> Offer:
    """The facts of an offer as screening judges them, as of a moment."""
    on = at.date()
    supplier = lead.supplier
    meeting = _meeting(lead, on)
    chinese = supplier.country == "CN" and supplier.uscc
    return Offer(
        on=on,
        arrives_on=_arrival(lead, on),
        country=supplier.country,
        number=supplier.uscc,
        number_fault=companies.uscc_fault(supplier.uscc) if chinese else "",
        founded_on=supplier.founded_on,
        role=supplier.role,
        email=supplier.email,
        duplicates=[other.reference for other in suppliers.alike(supplier)],
        chain=lead.referred_by or supplier.referred_by,
        meets=meeting.verdict.value,
        meets_why=in_three(meeting.reason),
        meets_firm=meeting.blocks,
        meets_source=" ".join(meeting.backing.sources) if meeting.backing else "",
        asked=", ".join(standard.label for standard in lead.line.standards.all()) if lead.line else "",
        offered=lead.standard.label if lead.standard else "",
        papers=_papers(lead, on),
        price=_price(lead, on),
        prepayment=lead.prepayment_percent,
        declared_use=lead.declared_use,
        needed_use=lead.line.supply_request.declared_use if lead.line else "",
        stock=lead.stock_quantity,
        capacity=lead.capacity_per_day,
    )


def _meeting(lead: SupplierLead, on: date) -> Meeting:
    """How the offered standard stands to those the line accepts; without a line, nothing is asked."""
    asked = list(lead.line.standards.all()) if lead.line else []
    offered = lead.standard
    rows = list(Acceptance.objects.about(asked, offered)) if offered and asked else []
    use = lead.line.supply_request.declared_use if lead.line else lead.declared_use
    return meets_any(asked, offered, market=market_of(lead.city.country), use=use, rows=rows, on=on)


def _arrival(lead: SupplierLead, on: date) -> date:
    """The earliest day the goods could be there: ready, made, and shipped by the fastest mode named."""
    ways = [days for days in (lead.air_days, lead.sea_days) if days is not None]
    return max(on, lead.ready_on or on) + timedelta(days=(lead.lead_days or 0) + min(ways, default=0))


def _papers(lead: SupplierLead, on: date) -> list[Paper]:
    certificates = lead.supplier.certificates.select_related("kind", "notified_body").order_by("pk")
    relevant = [one for one in certificates if _is_about(one, lead.product)]
    standings = list(CertificateStanding.objects.possible_on(on))
    bodies = list(NotifiedBody.objects.all()) if any(one.notified_body_id for one in relevant) else []
    return [_paper(one, lead, on, standings, bodies) for one in relevant]


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
) -> Paper:
    kind = certificate.kind
    form = judge_number(kind, certificate.number)
    malformed = form.outcome is Outcome.MALFORMED
    market = market_of(lead.city.country)
    worth = is_worthless(kind, lead.product, market=market, on=on, standings=standings)
    body_fault, body_firm = _body(certificate, lead, on, bodies)
    return Paper(
        reference=certificate.reference,
        kind={"en": kind.name_en, "fr": kind.name_fr, "zh": kind.name_zh},
        number=certificate.number,
        form_fault=_form_fault(certificate) if malformed else None,
        form_firm=form.blocks,
        worthless=in_three(worth.reason) if worth else None,
        worthless_firm=worth.backing.firm if worth else False,
        elsewhere=_elsewhere(certificate),
        ends=certificate.valid_until,
        body=str(certificate.notified_body or ""),
        body_fault=body_fault,
        body_firm=body_firm,
        status=certificate.status,
        doubted=certificate.status in DOUBTED,
        source=" ".join(worth.backing.sources) if worth else "",
    )


def _form_fault(certificate: Certificate) -> InThreeLanguages:
    """Why the number cannot be real; judged once in each language, since the sentence holds its figures."""
    return in_three(lambda: judge_number(certificate.kind, certificate.number).reason)


def _body(
    certificate: Certificate, lead: SupplierLead, on: date, bodies: Iterable[NotifiedBody]
) -> tuple[InThreeLanguages | None, bool]:
    """What is wrong with the notified body on the certificate's own day, and whether the source of that is firm."""
    body = certificate.notified_body
    if body is None:
        return None, False
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


def _elsewhere(certificate: Certificate) -> str:
    """Another company that shows the same number, if one does. It is named: companies are shared between cities."""
    twin = (
        Certificate.objects.filter(kind=certificate.kind, number_key=certificate.number_key)
        .exclude(supplier=certificate.supplier)
        .exclude(supplier__status=Supplier.Status.MERGED)
        .select_related("supplier")
        .order_by("pk")
        .first()
    )
    return twin.supplier.reference if twin else ""


def _price(lead: SupplierLead, on: date) -> Price | None:
    if lead.price_here is None:
        return None
    peers = peer_prices(lead, on)
    line = lead.line
    limit = line.max_unit_price if line and line.currency == lead.city.currency else None
    return Price(
        value=lead.price_here,
        currency=lead.city.currency,
        peers=[price for price, _city in peers],
        peer_cities=len({city for _price, city in peers}),
        high=_bound(lead, on, floor=False),
        floor=_bound(lead, on, floor=True),
        limit=limit,
    )


def peer_prices(lead: SupplierLead, on: date) -> list[tuple[Decimal, int]]:
    """What others asked for the same product in the last month, in the city's currency, with the city each was made to.

    Prices of all cities count; which city got a quote is told nobody. One price a company: its latest.
    """
    since = on - timedelta(days=PEER_DAYS)
    quotes = (
        SupplierLead.objects.filter(
            product=lead.product, price_here__isnull=False, created_at__date__gte=since
        )
        .filter(Q(city=lead.city) | Q(city__currency=lead.city.currency))
        .exclude(supplier=lead.supplier)
        .exclude(status=SupplierLead.Status.DRAFT)
        .order_by("supplier", "-pk")
        .distinct("supplier")
    )
    return [(price, city) for price, city in quotes.values_list("price_here", "city_id") if price is not None]


def _bound(lead: SupplierLead, on: date, *, floor: bool) -> Decimal | None:
    """The highest price known for the day, or the lowest cost to make, in the city's currency; None where none is known."""
    bands = PriceBand.objects.during(lead.product, on)
    chosen = [band for band in bands if (band.basis == PriceBand.Basis.FLOOR) is floor]
    amounts = [(band.low if floor else band.high, band.currency) for band in chosen]
    into = lead.city.currency
    known = [here for amount, currency in amounts if (here := _here(amount, currency, into, on)) is not None]
    return (min if floor else max)(known, default=None)


def _here(amount: Decimal, currency: str, into: str, on: date) -> Decimal | None:
    try:
        return convert(amount, currency, into, on).amount
    except Refused:
        return None
