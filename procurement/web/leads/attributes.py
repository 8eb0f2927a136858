"""The attributes by which offers are compared: how each is read, how it is written, and what makes one the best."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.rules.powers import Powers
from procurement.leads.models.finding import Finding
from procurement.leads.models.offer import SupplierLead
from procurement.leads.rules.comparing import UNKNOWN, Best, Value, best_of, differ, in_hand
from procurement.leads.rules.landed import Mode
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.judgement import Standing
from workflow.doors import words
from workflow.errors import Words

# What a city thinks of a company, from worst to best; nothing said stands between watched and approved.
STANDINGS = (
    Standing.Status.BANNED,
    Standing.Status.SUSPENDED,
    Standing.Status.WATCHED,
    "",
    Standing.Status.APPROVED,
)


class Known(NamedTuple):
    """What is read once for all offers that are compared: by the key of an offer or of a company."""

    day: date
    companies: dict[int, int]  # by any row of a company, the one that is current
    blocking: Counter[int]
    warning: Counter[int]
    standings: dict[int, Standing]
    papers: Counter[int]
    confirmed: Counter[int]


class Attribute(NamedTuple):
    """One row: its heading, how a value is read, and what makes it best. `own`: for the city's own people only."""

    label: Words
    read: Callable[[SupplierLead, Known], Value]
    best: Best | None = None
    own: bool = False


class Row(NamedTuple):
    """One attribute of every offer, in the order of the columns."""

    label: Words
    values: list[Value]
    best: frozenset[int]
    word: Words

    @property
    def differs(self) -> bool:
        """Whether the offers differ in it."""
        return differ(self.values)

    @property
    def cells(self) -> list[tuple[Words, Words]]:
        """The values as they are written, each with its word where it is the best."""
        return [
            (value.text, self.word if place in self.best else "") for place, value in enumerate(self.values)
        ]


def rows_of(by: Powers, leads: Sequence[SupplierLead], day: date) -> list[Row]:
    """Every attribute of these offers, all of one city. What is the city's own is left out for everybody else. Five queries."""
    own = all(lead.city_id in by.sees for lead in leads)
    known = _known(by, leads, day)
    rows = []
    for attribute in ATTRIBUTES:
        if attribute.own and not own:
            continue
        values = [attribute.read(lead, known) for lead in leads]
        best = best_of([value.rank for value in values], attribute.best)
        rows.append(Row(attribute.label, values, best, attribute.best.word if attribute.best else ""))
    return rows


def _known(by: Powers, leads: Sequence[SupplierLead], day: date) -> Known:
    companies = {row: lead.supplier.current.pk for lead in leads for row in lead.supplier.rows}
    standing = Finding.objects.visible_to(by).standing().filter(lead__in=leads)
    found = Counter(standing.values_list("lead", "severity"))
    papers = (
        Certificate.objects.visible_to(by).filter(supplier__in=companies).values_list("supplier", "status")
    )
    counted, confirmed = Counter[int](), Counter[int]()
    for company, status in papers:
        counted[companies[company]] += 1
        confirmed[companies[company]] += status == Certificate.Status.CONFIRMED
    return Known(
        day,
        companies,
        Counter({lead: n for (lead, severity), n in found.items() if severity == Finding.Severity.BLOCK}),
        Counter({lead: n for (lead, severity), n in found.items() if severity == Finding.Severity.WARN}),
        _standings(by, leads, companies, day),
        counted,
        confirmed,
    )


def _standings(
    by: Powers, leads: Sequence[SupplierLead], companies: dict[int, int], day: date
) -> dict[int, Standing]:
    """By company, the hardest word the city has for it on the day."""
    said = Standing.objects.visible_to(by).filter(supplier__in=companies, city=leads[0].city_id)
    held = [one for one in said.order_by("pk") if one.holds_on(day)]
    ordered = sorted(held, key=lambda one: STANDINGS.index(one.status), reverse=True)
    return {companies[one.supplier_id]: one for one in ordered}


# --- how each is read ---------------------------------------------------------------------------------------------
def _plain(text: Any) -> Value:
    return Value(str(text), str(text)) if text else UNKNOWN


def _meets(lead: SupplierLead, _known: Known) -> Value:
    order = [str(one) for one in (lead.Meets.NO, lead.Meets.NEIGHBOUR, lead.Meets.EQUAL)]
    rank = order.index(lead.meets) if lead.meets in order else None
    return Value(rank, lead.get_meets_display())


def _price(lead: SupplierLead, _known: Known) -> Value:
    if lead.kind == SupplierLead.Kind.DONATION:
        return Value(0, _("Gift"))
    if lead.price_here is None:
        return UNKNOWN
    return Value(lead.price_here, words.money(lead.price_here, lead.city.currency), lead.price_here)


def _landed(mode: Mode) -> Callable[[SupplierLead, Known], Value]:
    def read(lead: SupplierLead, _known: Known) -> Value:
        way = lead.landed.get("by", {}).get(mode.value)
        if way is None:
            return UNKNOWN
        amount = Decimal(way["total"])
        text = words.money(amount, lead.landed["currency"])
        if way["whole"]:
            return Value(amount, text, amount)
        if not amount:
            return UNKNOWN
        return Value(
            None, _("at least %(amount)s") % {"amount": text}
        )  # what may be more is never the lowest

    return read


def _in_hand(travel: str) -> Callable[[SupplierLead, Known], Value]:
    def read(lead: SupplierLead, known: Known) -> Value:
        days = getattr(lead, travel)
        day = in_hand(known.day, ready_on=lead.ready_on, lead_days=lead.lead_days, travel=days)
        return Value(day, words.day(day, short=True), day) if day else UNKNOWN

    return read


def _figure(name: str) -> Callable[[SupplierLead, Known], Value]:
    def read(lead: SupplierLead, _known: Known) -> Value:
        number = getattr(lead, name)
        return Value(number, words.quantity(number), number)

    return read


def _count(name: str) -> Callable[[SupplierLead, Known], Value]:
    def read(lead: SupplierLead, known: Known) -> Value:
        number = getattr(known, name)[lead.pk]
        return Value(number, words.quantity(number), number)

    return read


def _checks(lead: SupplierLead, _known: Known) -> Value:
    if not lead.checks_asked:
        return Value(None, _("none open yet"))
    return Value(lead.checks_accepted / lead.checks_asked, f"{lead.checks_accepted}/{lead.checks_asked}")


def _standing(lead: SupplierLead, known: Known) -> Value:
    said = known.standings.get(known.companies[lead.supplier_id])
    if said is None:
        return Value(STANDINGS.index(""), _("nothing said"))
    return Value(STANDINGS.index(said.status), said.get_status_display())


def _papers(lead: SupplierLead, known: Known) -> Value:
    company = known.companies[lead.supplier_id]
    shown, sure = known.papers[company], known.confirmed[company]
    text = _("%(sure)s confirmed by the issuer, of %(shown)s")
    return Value(sure, text % {"sure": words.quantity(sure), "shown": words.quantity(shown)})


def _prepayment(lead: SupplierLead, _known: Known) -> Value:
    percent = lead.prepayment_percent
    return UNKNOWN if percent is None else Value(percent, words.share(percent, 100))


def _sample(lead: SupplierLead, _known: Known) -> Value:
    said = lead.sample_available
    return UNKNOWN if said is None else Value(said, _("yes") if said else _("no"))


def _until(lead: SupplierLead, _known: Known) -> Value:
    day = lead.valid_until
    return Value(day, words.day(day, short=True), day) if day else UNKNOWN


ATTRIBUTES: tuple[Attribute, ...] = (
    Attribute(gettext_lazy("Status"), lambda lead, _known: _plain(lead.get_status_display())),
    Attribute(gettext_lazy("Product"), lambda lead, _known: _plain(lead.product.name)),
    Attribute(gettext_lazy("Standard"), lambda lead, _known: _plain(lead.standard or "")),
    Attribute(gettext_lazy("Meets what was asked for"), _meets, Best.BEST),
    Attribute(gettext_lazy("Price per piece"), _price, Best.LOWEST),
    Attribute(gettext_lazy("Landed by air"), _landed(Mode.AIR), Best.LOWEST),
    Attribute(gettext_lazy("Landed by sea"), _landed(Mode.SEA), Best.LOWEST),
    Attribute(gettext_lazy("In hand by air"), _in_hand("air_days"), Best.SOONEST),
    Attribute(gettext_lazy("In hand by sea"), _in_hand("sea_days"), Best.SOONEST),
    Attribute(gettext_lazy("Free"), _figure("free"), Best.MOST),
    Attribute(gettext_lazy("Smallest order"), _figure("min_order_quantity"), Best.LOWEST),
    Attribute(
        gettext_lazy("Incoterm"),
        lambda lead, _known: _plain(f"{lead.incoterm} {lead.incoterm_place}".strip()),
    ),
    Attribute(gettext_lazy("Prepayment asked"), _prepayment, Best.LOWEST),
    Attribute(gettext_lazy("Payment terms"), lambda lead, _known: _plain(lead.payment_terms)),
    Attribute(gettext_lazy("Sample available"), _sample),
    Attribute(gettext_lazy("Findings that block"), _count("blocking"), Best.FEWEST, own=True),
    Attribute(gettext_lazy("Findings that warn"), _count("warning"), Best.FEWEST, own=True),
    Attribute(gettext_lazy("Checks accepted"), _checks, Best.MOST, own=True),
    Attribute(gettext_lazy("Standing with your city"), _standing, Best.BEST, own=True),
    Attribute(gettext_lazy("Certificates"), _papers, Best.MOST, own=True),
    Attribute(gettext_lazy("Offer valid until"), _until, Best.LATEST),
)
