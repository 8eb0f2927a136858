"""What looks wrong about the standard that is offered and the papers that are shown."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from procurement.catalogue.rules.bodies import modules_complete
from procurement.leads.models.offer import SupplierLead
from procurement.leads.screening import days
from procurement.leads.screening.papers_shown import Paper
from procurement.leads.screening.values import BLOCK, NOTE, WARN, Found, Offer
from procurement.suppliers.rules import issuer_checks
from procurement.suppliers.rules.issuer_checks import is_old

LETTER = "letter"  # why a number may be shown twice, where a note is enough
NOT_SHOWN_YET = frozenset(
    {"certificate_required"}
)  # codes of what nobody did wrong: papers that may still come


def standard(offer: Offer) -> Iterator[Found]:
    """Whether the goods are what the line asks for."""
    figures = {"offered": offer.offered, "asked": offer.asked, "why": offer.meets_why or ""}
    if offer.standard_ended:
        yield Found(code="standard_ended", severity=WARN, figures={"why": offer.standard_ended})
        if offer.offered in offer.asked.split(", "):
            return
    match offer.meets:
        case SupplierLead.Meets.NO:
            yield Found(
                code="standard_below",
                severity=BLOCK if offer.meets_firm else WARN,
                figures=figures,
                source=offer.meets_source,
                unsure="" if offer.meets_firm else "rule",
            )
        case SupplierLead.Meets.OTHER:
            yield Found(code="goods_other", severity=WARN)
        case SupplierLead.Meets.NEIGHBOUR:
            yield Found(code="standard_neighbour", severity=WARN, figures=figures, source=offer.meets_source)
        case SupplierLead.Meets.UNKNOWN if offer.asked:
            yield Found(code="standard_unknown", severity=WARN)


def certificates(offer: Offer) -> Iterator[Found]:
    """What the papers are worth, whether they are for these goods, and which are not there."""
    if not offer.papers:
        yield Found(code="certificate_missing", severity=WARN, figures={"company": offer.company})
    if offer.class_one_body:
        yield Found(code="mark_class_one", severity=WARN, figures={"body": offer.class_one_body})
    for paper in offer.papers:
        yield from _paper(paper, offer)
    yield from _together(offer.papers)
    for needed in offer.needed_papers:
        yield Found(
            code="certificate_required",
            severity=BLOCK if needed.firm and not needed.on_list else WARN,
            subject=f"{needed.market or '*'}/{needed.kind_code}",
            figures={"kind": needed.kind, "market": needed.market, "why": needed.why},
            source=needed.source,
            unsure="list" if needed.on_list else "" if needed.firm else "rule",
        )
    for other in offer.others_papers:
        figures = {"kind": other.kind, "number": other.number, "products": other.products}
        yield Found(code="certificate_other_product", severity=WARN, subject=other.reference, figures=figures)
    if offer.file_elsewhere:
        others = {"others": ", ".join(offer.file_elsewhere), "files": list(offer.files_elsewhere)}
        yield Found(code="file_elsewhere", severity=WARN, figures=others)


def _together(papers: Sequence[Paper]) -> Iterator[Found]:
    """What the European papers say beside each other: both modules, and by whom."""
    modules = sorted({paper.module for paper in papers if paper.module})
    if modules and not modules_complete(modules):
        yield Found(code="certificate_modules", severity=WARN, figures={"modules": modules})
    designed = sorted({paper.body for paper in papers if paper.module == "B"})
    made = sorted({paper.body for paper in papers if paper.module in ("C2", "D")})
    if designed and made and set(designed).isdisjoint(made):
        yield Found(
            code="certificate_two_bodies",
            severity=WARN,
            figures={"designed": designed, "made": made},
            source=" ".join(dict.fromkeys(paper.form_source for paper in papers if paper.module)),
        )


def _paper(paper: Paper, offer: Offer) -> Iterator[Found]:
    named = {"kind": paper.kind, "number": paper.number}

    def found(
        code: str,
        *,
        blocks: bool = False,
        unsure: str = "",
        severity: str = WARN,
        source: str = "",
        **figures: Any,
    ) -> Found:
        return Found(
            code=code,
            severity=BLOCK if blocks else severity,
            subject=paper.reference,
            figures={**named, **figures},
            source=source,
            unsure="" if blocks else unsure,
        )

    yield from _worth(paper, found)
    yield from days.judged(paper, offer, found)
    yield from _whose(paper, found)
    yield from _for_these_goods(paper, offer, found)
    yield from _asked(paper, offer, found)


def _worth(paper: Paper, found: Callable[..., Found]) -> Iterator[Found]:
    """What the number, the kind and the signing body are worth, whatever the offer."""
    if paper.form_fault:
        yield found(
            "certificate_malformed",
            blocks=paper.form_firm,
            unsure="form",
            verdict="impossible" if paper.form_firm else "odd",
            why=paper.form_fault,
            source=paper.form_source,
        )
    if paper.number_group:
        yield found("certificate_number_other_goods", group=paper.number_group, source=paper.form_source)
    if paper.number_office:
        yield found("certificate_number_office", province=paper.number_office, source=paper.form_source)
    if paper.worthless:
        yield found(
            "certificate_worthless",
            blocks=paper.worthless_firm,
            unsure="rule",
            why=paper.worthless,
            source=paper.source,
        )
    if paper.importers:
        yield found("certificate_importers", source=paper.form_source)
    if paper.class_one_body:
        yield found("certificate_class_one", body=paper.class_one_body, source=paper.form_source)
    yield from _number(paper, found)
    yield from _signed(paper, found)


def _number(paper: Paper, found: Callable[..., Found]) -> Iterator[Found]:
    """Who else shows its number, and whether it names the paper at all."""
    if paper.declared_by:
        yield found("certificate_declared_by", issuer=paper.declared_by)
    if paper.class_needed:
        yield found(
            "certificate_too_low",
            blocks=paper.class_firm,
            unsure="rule",
            said=paper.class_said,
            needed_class=paper.class_needed,
            source=paper.class_source,
        )
    if paper.elsewhere:
        let = paper.shared == LETTER
        yield found(
            "certificate_elsewhere",
            blocks=not paper.shared,
            severity=NOTE if let else WARN,
            unsure="" if let else paper.shared,
            other=paper.elsewhere,
        )
    if paper.other_models:
        yield found("report_two_models", models=paper.models, others=paper.other_models)
    if paper.report_open:
        yield found("certificate_report_open", severity=NOTE)


def _signed(paper: Paper, found: Callable[..., Found]) -> Iterator[Found]:
    """Whether a notified body signed it, whether that might, and for which module."""
    if paper.unsigned:
        yield found("certificate_unsigned")
    if paper.module_said:
        yield found("certificate_other_module", module=paper.module_said, own=paper.kinds_module)
    if paper.body_fault:
        yield found(
            "certificate_body",
            blocks=paper.body_firm,
            unsure="body",
            body=paper.body,
            why=paper.body_fault,
            source=paper.body_source,
        )
    elif paper.body_look:
        yield found(
            "certificate_body_to_check", body=paper.body, why=paper.body_look, source=paper.body_source
        )
    elif paper.body_watched:
        yield found(
            "certificate_body_watched", body=paper.body, note=paper.body_watched, source=paper.body_source
        )


def _whose(paper: Paper, found: Callable[..., Found]) -> Iterator[Found]:
    """In whose name it is. A trader rightly shows the papers of a maker, who lets them sell: a letter says so."""
    if paper.holder and paper.makers:
        yield found("certificate_makers", severity=NOTE, holder=paper.holder)
    elif paper.holder:
        code = "certificate_not_lent" if paper.not_lent else "certificate_holder"
        yield found(code, holder=paper.holder)
    if paper.holder_unread:
        yield found("certificate_holder_unread", severity=NOTE, holder=paper.holder_unread)
    if paper.manufacturer:
        yield found("certificate_other_manufacturer", manufacturer=paper.manufacturer, maker=paper.maker)
    if paper.other_province:
        yield found("certificate_province", province=paper.other_province, place=paper.makers_place)


def _asked(paper: Paper, offer: Offer, found: Callable[..., Found]) -> Iterator[Found]:
    """What its issuer says, and how long ago. A paper that was judged already is not said to be doubtful twice."""
    if paper.doubted:
        yield found("certificate_doubted", blocks=True, status=paper.status)
    elif paper.asked_result in issuer_checks.AGAINST:
        yield found("issuer_denies", blocks=True, result=paper.asked_result, day=str(paper.asked_on))
    elif paper.asked_on and is_old(paper.asked_on, offer.on):
        yield found(
            "issuer_asked_long_ago", day=paper.asked_on.isoformat(), days=issuer_checks.FRESH_FOR.days
        )


def _for_these_goods(paper: Paper, offer: Offer, found: Callable[..., Found]) -> Iterator[Found]:
    """Whether it speaks of the standard and the model that are offered, and of a standard the line takes."""
    if not paper.for_standard:
        yield found("certificate_other_standard", standards=paper.standards, offered=offer.offered)
    elif paper.for_line:
        yield found(
            "certificate_not_the_lines",
            blocks=paper.for_line == SupplierLead.Meets.NO and paper.for_line_firm,
            unsure="rule" if paper.for_line == SupplierLead.Meets.NO else "",
            standards=paper.standards,
            asked=offer.asked,
            why=paper.for_line_why or "",
            source=paper.for_line_source,
        )
    if paper.covers is False:
        yield found("certificate_other_model", models=paper.models, model=offer.model)
