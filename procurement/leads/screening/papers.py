"""What looks wrong about the standard that is offered and the papers that are shown."""

from collections.abc import Callable, Iterator
from typing import Any

from procurement.catalogue.rules import modules_complete
from procurement.leads.models import SupplierLead
from procurement.leads.screening.values import BLOCK, WARN, Found, Offer, Paper


def standard(offer: Offer) -> Iterator[Found]:
    """Whether the goods are what the line asks for."""
    figures = {"offered": offer.offered, "asked": offer.asked, "why": offer.meets_why or ""}
    match offer.meets:
        case SupplierLead.Meets.NO:
            yield Found(
                code="standard_below",
                severity=BLOCK if offer.meets_firm else WARN,
                figures=figures,
                source=offer.meets_source,
                unsure="" if offer.meets_firm else "rule",
            )
        case SupplierLead.Meets.NEIGHBOUR:
            yield Found(code="standard_neighbour", severity=WARN, figures=figures, source=offer.meets_source)
        case SupplierLead.Meets.UNKNOWN if offer.asked:
            yield Found(code="standard_unknown", severity=WARN)


def certificates(offer: Offer) -> Iterator[Found]:
    """What the papers are worth, and whether they are for these goods."""
    if not offer.papers:
        yield Found(code="certificate_missing", severity=WARN)
    for paper in offer.papers:
        yield from _paper(paper, offer)
    modules = sorted({paper.module for paper in offer.papers if paper.module})
    if modules and not modules_complete(modules):
        yield Found(code="certificate_modules", severity=WARN, figures={"modules": modules})
    for other in offer.others_papers:
        figures = {"kind": other.kind, "number": other.number, "products": other.products}
        yield Found(code="certificate_other_product", severity=WARN, subject=other.reference, figures=figures)
    if offer.file_elsewhere:
        yield Found(code="file_elsewhere", severity=WARN, figures={"others": ", ".join(offer.file_elsewhere)})


def _paper(paper: Paper, offer: Offer) -> Iterator[Found]:
    named = {"kind": paper.kind, "number": paper.number}

    def found(code: str, *, blocks: bool, unsure: str = "", **figures: Any) -> Found:
        return Found(
            code=code,
            severity=BLOCK if blocks else WARN,
            subject=paper.reference,
            figures={**named, **figures},
            source=paper.source,
            unsure="" if blocks else unsure,
        )

    yield from _worth(paper, found)
    yield from _days(paper, offer, found)
    if paper.holder:
        yield found("certificate_holder", blocks=False, holder=paper.holder)
    if paper.ends and paper.ends < (offer.arrives_on or offer.on):
        yield found("certificate_expired", blocks=paper.ends < offer.on, ends=paper.ends.isoformat())
    if paper.other_province:
        yield found("certificate_province", blocks=False, province=paper.other_province)
    if not paper.for_standard:
        yield found(
            "certificate_other_standard", blocks=False, standards=paper.standards, offered=offer.offered
        )
    if paper.doubted:
        yield found("certificate_doubted", blocks=True, status=paper.status)


def _days(paper: Paper, offer: Offer, found: Callable[..., Found]) -> Iterator[Found]:
    """Days that cannot be: not come yet, before its number was given, before its holder existed. Standards are left out: papers are
    rightly issued to one before its first day.
    """
    issued = paper.issued
    if issued is None:
        return
    shown = {"issued": issued.isoformat()}
    if issued > offer.on:
        yield found("certificate_future", blocks=True, **shown)
    if paper.number_year is not None and issued.year < paper.number_year:
        yield found("certificate_before_number", blocks=True, **shown, year=str(paper.number_year))
    if paper.own and offer.founded_on and issued < offer.founded_on:
        yield found("certificate_before_company", blocks=False, **shown, founded=offer.founded_on.isoformat())


def _worth(paper: Paper, found: Callable[..., Found]) -> Iterator[Found]:
    """What the number, the kind and the signing body are worth, whatever the offer."""
    if paper.form_fault:
        yield found("certificate_malformed", blocks=paper.form_firm, unsure="form", why=paper.form_fault)
    if paper.worthless:
        yield found("certificate_worthless", blocks=paper.worthless_firm, unsure="rule", why=paper.worthless)
    if paper.elsewhere:
        yield found(
            "certificate_elsewhere", blocks=not paper.shared, unsure=paper.shared, other=paper.elsewhere
        )
    if paper.unsigned:
        yield found("certificate_unsigned", blocks=False)
    if paper.body_fault:
        yield found(
            "certificate_body",
            blocks=paper.body_firm,
            unsure="body",
            body=paper.body,
            why=paper.body_fault,
        )
