"""Screening of the offered standard and of the certificates shown."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.rules.certification_bodies import has_complete_modules
from procurement.leads.models.leads import SupplierLead
from procurement.leads.screening.certificate_dates import screen_dates
from procurement.leads.screening.offer_data import BLOCK, NOTE, WARN, CertificateData, FindingData, OfferData
from procurement.suppliers.rules import certificates
from procurement.suppliers.rules.certificates import is_check_outdated
from workflow.errors import Words

LETTER = "letter"  # the reason for a shared number that needs only a note
NOT_SHOWN_YET = frozenset(
    {"certificate_required"}
)  # findings without any fault: the certificates may still come


def screen_standard(offer: OfferData) -> Iterator[FindingData]:
    """Yield findings if the goods do not meet what the line asks for."""
    figures = {"offered": offer.offered, "asked": offer.asked, "why": offer.meets_why or ""}
    if offer.standard_ended:
        yield FindingData(code="standard_ended", severity=WARN, figures={"why": offer.standard_ended})
        if offer.offered in offer.asked.split(", "):
            return
    match offer.meets:
        case SupplierLead.Meets.NO:
            yield FindingData(
                code="standard_below",
                severity=BLOCK if offer.meets_firm else WARN,
                figures=figures,
                source=offer.meets_source,
                unsure="" if offer.meets_firm else "rule",
            )
        case SupplierLead.Meets.OTHER:
            yield FindingData(code="goods_other", severity=WARN)
        case SupplierLead.Meets.NEIGHBOUR:
            yield FindingData(
                code="standard_neighbour", severity=WARN, figures=figures, source=offer.meets_source
            )
        case SupplierLead.Meets.UNKNOWN if offer.asked:
            yield FindingData(code="standard_unknown", severity=WARN)


def screen_certificates(offer: OfferData) -> Iterator[FindingData]:
    """Yield findings on the certificates: worth, fit for these goods, and missing ones."""
    if not offer.papers:
        yield FindingData(code="certificate_missing", severity=WARN, figures={"company": offer.company})
    if offer.class_one_body:
        yield FindingData(code="mark_class_one", severity=WARN, figures={"body": offer.class_one_body})
    for paper in offer.papers:
        yield from _paper(paper, offer)
    yield from _together(offer.papers)
    for needed in offer.needed_papers:
        yield FindingData(
            code="certificate_required",
            severity=BLOCK if needed.firm and not needed.on_list else WARN,
            subject=f"{needed.market or '*'}/{needed.kind_code}",
            figures={"kind": needed.kind, "market": needed.market, "why": needed.why},
            source=needed.source,
            unsure="list" if needed.on_list else "" if needed.firm else "rule",
        )
    for other in offer.others_papers:
        figures = {"kind": other.kind, "number": other.number, "products": other.products}
        yield FindingData(
            code="certificate_other_product", severity=WARN, subject=other.reference, figures=figures
        )
    if offer.file_elsewhere:
        others = {"others": ", ".join(offer.file_elsewhere), "files": list(offer.files_elsewhere)}
        yield FindingData(code="file_elsewhere", severity=WARN, figures=others)


def _together(papers: Sequence[CertificateData]) -> Iterator[FindingData]:
    """Yield findings on the European certificates as a set: both modules, and their signers."""
    modules = sorted({paper.module for paper in papers if paper.module})
    if modules and not has_complete_modules(modules):
        yield FindingData(code="certificate_modules", severity=WARN, figures={"modules": modules})
    designed = sorted({paper.body for paper in papers if paper.module == "B"})
    made = sorted({paper.body for paper in papers if paper.module in ("C2", "D")})
    if designed and made and set(designed).isdisjoint(made):
        yield FindingData(
            code="certificate_two_bodies",
            severity=WARN,
            figures={"designed": designed, "made": made},
            source=" ".join(dict.fromkeys(paper.form_source for paper in papers if paper.module)),
        )


def _paper(paper: CertificateData, offer: OfferData) -> Iterator[FindingData]:
    named = {"kind": paper.kind, "number": paper.number}

    def found(
        code: str,
        *,
        blocks: bool = False,
        unsure: str = "",
        severity: str = WARN,
        source: str = "",
        **figures: Any,
    ) -> FindingData:
        return FindingData(
            code=code,
            severity=BLOCK if blocks else severity,
            subject=paper.reference,
            figures={**named, **figures},
            source=source,
            unsure="" if blocks else unsure,
        )

    yield from _worth(paper, found)
    yield from screen_dates(paper, offer, found)
    yield from _whose(paper, found)
    yield from _for_these_goods(paper, offer, found)
    yield from _asked(paper, offer, found)


def _worth(paper: CertificateData, found: Callable[..., FindingData]) -> Iterator[FindingData]:
    """Yield findings on the number, the certificate type and the signer, for any offer."""
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


def _number(paper: CertificateData, found: Callable[..., FindingData]) -> Iterator[FindingData]:
    """Yield findings on the number: shown by others, for other models, or not the certificate's own."""
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


def _signed(paper: CertificateData, found: Callable[..., FindingData]) -> Iterator[FindingData]:
    """Yield findings on the notified body: missing, not allowed to sign, or for another module."""
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


def _whose(paper: CertificateData, found: Callable[..., FindingData]) -> Iterator[FindingData]:
    """Yield findings on the holder. A trader may show a manufacturer's certificates with its letter."""
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


def _asked(
    paper: CertificateData, offer: OfferData, found: Callable[..., FindingData]
) -> Iterator[FindingData]:
    """Yield a finding on the issuer's answer and its age.

    A certificate already doubted gets only one finding.
    """
    if paper.doubted:
        yield found("certificate_doubted", blocks=True, status=paper.status)
    elif paper.asked_result in certificates.AGAINST:
        yield found("issuer_denies", blocks=True, result=paper.asked_result, day=str(paper.asked_on))
    elif paper.asked_on and is_check_outdated(paper.asked_on, offer.on):
        yield found("issuer_asked_long_ago", day=paper.asked_on.isoformat(), days=certificates.FRESH_FOR.days)


def _for_these_goods(
    paper: CertificateData, offer: OfferData, found: Callable[..., FindingData]
) -> Iterator[FindingData]:
    """Yield findings if the certificate is for another standard or model than offered or asked for."""
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


SENTENCES: dict[str, Words] = {
    "certificate_malformed": _(
        "%(kind)s %(number)s %(verdict)s: %(why)s Compare it with the paper, and look it up with its issuer."
    ),
    "certificate_worthless": _("%(kind)s proves nothing for these goods: %(why)s"),
    "certificate_declared_by": _(
        "%(kind)s %(number)s was issued by %(issuer)s. Only the maker itself can make such a declaration: ask for the maker’s own."
    ),
    "certificate_too_low": _(
        "%(kind)s %(number)s is for devices of class %(said)s. In China these goods are of class %(needed_class)s: ask for the "
        "registration certificate of these goods."
    ),
    "certificate_elsewhere": _(
        "The number %(number)s is also shown by another company (%(other)s). Ask the issuer which of them holds it."
    ),
    "report_two_models": _(
        "The same report, %(kind)s %(number)s, is shown for %(models)s and for %(others)s. A report is about the samples that were "
        "tested: ask the laboratory which model it tested."
    ),
    "certificate_importers": _(
        "%(kind)s %(number)s is what an importer has, and the company does not import these goods: it is no approval of them. "
        "Ask who imports, and for the importer’s own number."
    ),
    "certificate_class_one": _(
        "%(kind)s %(number)s shows the number of a notified body, %(body)s. No body certifies a device of class I unless it is "
        "sterile, and no certificate of sterility was shown. Ask the maker for its own declaration, with a plain CE mark."
    ),
    "mark_class_one": _(
        "The offer mentions CE %(body)s. No body certifies a device of class I unless it is sterile, and no certificate of sterility "
        "was shown. Ask for a photo of the mark and for the maker’s own declaration."
    ),
    "certificate_report_open": _(
        "%(kind)s %(number)s names the laboratory only. Ask for the report’s own number and enter it after the laboratory’s."
    ),
    "certificate_expired": _("%(kind)s %(number)s ends on %(ends)s, before the goods would arrive."),
    "certificate_body": _(
        "%(kind)s %(number)s (%(body)s): %(why)s "
        "Ask for a certificate of a body that NANDO lists for these goods."
    ),
    "certificate_body_to_check": _(
        "%(kind)s %(number)s: look the notified body %(body)s up in NANDO before you rely on it. %(why)s"
    ),
    "certificate_other_module": _(
        "%(kind)s %(number)s names module %(module)s, and papers of its kind are of module %(own)s."
    ),
    "certificate_unsigned": _(
        "%(kind)s %(number)s names no notified body: a number alone proves nothing. Ask for the body’s name and number."
    ),
    "certificate_doubted": _("%(kind)s %(number)s was judged “%(status)s”."),
    "issuer_denies": _("%(kind)s %(number)s: its issuer was asked on %(day)s. %(result)s."),
    "issuer_asked_long_ago": _(
        "%(kind)s %(number)s was confirmed by its issuer on %(day)s, more than %(days)s days ago (a number of our own): look again."
    ),
    "certificate_future": _("%(kind)s %(number)s is dated %(issued)s, a day that has not come yet."),
    "certificate_number_future": _(
        "%(kind)s %(number)s is numbered for %(year)s, a year that has not begun."
    ),
    "certificate_number_office": _(
        "%(kind)s %(number)s names %(province)s as its issuer, but only the national authority registers class III and imported "
        "devices."
    ),
    "certificate_number_other_goods": _(
        "%(kind)s %(number)s is of product group %(group)s; protective goods are of group 14, or 64 in the catalogue before 2018."
    ),
    "certificate_before_number": _(
        "%(kind)s %(number)s is dated %(issued)s, but its number was not given before %(year)s."
    ),
    "certificate_before_company": _(
        "%(kind)s %(number)s is dated %(issued)s, before the company was founded on %(founded)s."
    ),
    "certificate_holder": _(
        "%(kind)s %(number)s is in the name of %(holder)s, not of the company. Ask for their letter that it may sell these goods."
    ),
    "certificate_not_lent": _(
        "%(kind)s %(number)s was given to %(holder)s and cannot be lent to another maker. Look the number up with its issuer, "
        "do not accept the paper for these goods, and ask for the approval of the maker of these goods."
    ),
    "certificate_holder_unread": _(
        "%(kind)s %(number)s is in the name of %(holder)s; the company has no name on record in that script. "
        "Ask whether it is the same company, and record the name."
    ),
    "certificate_other_manufacturer": _(
        "%(kind)s %(number)s names %(manufacturer)s as the maker; by the offer it is %(maker)s."
    ),
    "certificate_missing": _("No certificate was shown."),
    "certificate_modules": _(
        "Shown for modules %(modules)s only: protective equipment needs module B, and C2 or D for its making."
    ),
    "certificate_province": _(
        "%(kind)s %(number)s is of the province %(province)s, the maker is in another."
    ),
    "certificate_other_product": _("%(kind)s %(number)s is for other goods: %(products)s."),
    "certificate_other_standard": _("%(kind)s %(number)s speaks of %(standards)s, not of %(offered)s."),
    "certificate_required": _("Needed and not shown (%(market)s): %(kind)s. %(why)s"),
    "certificate_two_bodies": _(
        "Module B is by %(designed)s, the module for the making by %(made)s. They may differ: look both up in NANDO."
    ),
    "certificate_body_watched": _(
        "%(kind)s %(number)s: the notified body %(body)s may sign it, but that is not enough here. "
        "Have a sample tested. %(note)s"
    ),
    "certificate_makers": _(
        "%(kind)s %(number)s is the maker’s, %(holder)s. "
        "Ask for the maker’s letter that the company may sell these goods."
    ),
    "certificate_not_the_lines": _(
        "%(kind)s %(number)s speaks of %(standards)s, the line asks for %(asked)s. %(why)s"
    ),
    "certificate_other_model": _(
        "%(kind)s %(number)s is for %(models)s, not for the offered model %(model)s."
    ),
    "certificate_ends_on_the_way": _(
        "%(kind)s %(number)s ends on %(ends)s. "
        "The offer names no days of travel: with %(days)s days by air, as was usual, the goods would come after that day."
    ),
    "certificate_no_end": _(
        "%(kind)s %(number)s names no end. Such papers hold %(years)s years at most, as far as we remember: ask until when."
    ),
    "certificate_long_ago": _(
        "%(kind)s %(number)s is of %(issued)s and names no end. "
        "Such papers hold %(years)s years at most, as far as we remember: it may be over."
    ),
    "certificate_holds_too_long": _(
        "%(kind)s %(number)s is of %(issued)s and is to hold until %(ends)s. "
        "Such papers hold %(years)s years at most, as far as we remember: ask its issuer."
    ),
    "file_elsewhere": _("The same file was shown for another company (%(others)s)."),
    "standard_below": _("%(offered)s does not meet %(asked)s: %(why)s"),
    "standard_ended": _(
        "%(why)s Ask when the goods were made, and for a test report to the edition that holds now."
    ),
    "standard_neighbour": _("%(offered)s is comparable with %(asked)s, not equal to it: %(why)s"),
    "goods_other": _(
        "These are other goods than the line asks for, so they do not count for it. Offer them for a line of their own."
    ),
    "standard_unknown": _("The offer does not say which standard the goods meet."),
}
