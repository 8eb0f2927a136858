"""Sections of a decision memo on evidence: checks with authors, findings with answers, watchlists.

Data from another city is shown without that city's name. A reused check names it only after the city agreed, as on the
page of the check.
"""

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from partners.place_labels import letterhead_city_label
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.leads.screening.labels import DOWNGRADE_REASONS
from procurement.orders.decision_memos.content.content_blocks import (
    Section,
    facts_block,
    heading_block,
    memo_section,
    sentences_block,
    table_block,
)
from procurement.orders.decision_memos.content.goods import quoted_text
from procurement.orders.decision_memos.content.record import OrderRecord
from procurement.orders.queries import overriders_by_reference
from procurement.orders.rules.readiness import overruled_note
from procurement.sanctions.models import WatchlistMatch
from procurement.verification.models import CheckReport, VerificationTask
from procurement.verification.questions import ANSWER_LABELS, questions_for
from procurement.verification.rules.needed_checks import CHECK_REASON_TEXTS
from workflow.formatting import format_day, format_moment, format_quantity, format_share, iso_day
from workflow.i18n import join_sentences


def checks_section(record: OrderRecord) -> Section:
    """Return the section on the checks of the chosen offers: reason, author, result, decision."""
    blocks: list[dict[str, object] | None] = []
    for lead in record.chosen_leads:
        mine = [task for task in record.checks if task.lead_id == lead.pk]
        blocks += [
            heading_block(f"{lead.reference} · {lead.supplier.name}"),
            sentences_block(
                _verification_text(lead), None if mine else _("No check was started for this offer.")
            ),
            table_block(
                [
                    _("Check"),
                    pgettext("a check", "Carried out by"),
                    _("What was seen"),
                    pgettext("a check", "Decision"),
                ],
                [_check_row(record, task) for task in mine],
                [4, 4, 7, 4],
            ),
        ]
    return memo_section(_("Checks"), *blocks)


def _verification_text(lead: SupplierLead) -> str:
    if lead.verified_by is None:
        return _("No one has verified this offer.")
    params = {"name": lead.verified_by, "moment": format_moment(lead.verified_at)}
    if lead.status != SupplierLead.Status.VERIFIED:
        return _("Verified by %(name)s, %(moment)s. No longer verified.") % params
    return _("Verified by %(name)s, %(moment)s.") % params


def _check_row(record: OrderRecord, task: VerificationTask) -> list[str | list[str]]:
    report = record.last_check_reports.get(task.pk)
    why = CHECK_REASON_TEXTS.get(task.why)
    return [
        [task.reference, task.get_check_kind_display(), str(why or "")],
        _reporter_lines(task, report),
        _answer_lines(task, report) if report else [],
        _review_lines(task),
    ]


def _reporter_lines(task: VerificationTask, report: CheckReport | None) -> list[str]:
    if task.reused_from is not None:
        city = letterhead_city_label(task.reused_from.city.name)
        return [city, _("used with the city’s consent")]
    contact = task.contact
    person = report.by if report is not None else contact and contact.user
    if person is None:
        return [_("no one yet")]
    values = [str(person)]
    if contact is not None and contact.user_id == person.pk:  # the check may have been reassigned since
        values += [contact.organization.name, contact.city.name]
    if report is not None:
        values += [report.get_method_display(), format_day(report.seen_on), report.place]
        values.append(report.get_confidence_display())
        values.append(_("through a copied link") if report.by_copied_link else "")
    return values


def _answer_lines(task: VerificationTask, report: CheckReport) -> list[str]:
    """Return the answers of a report: counted, in full where not "yes", and the summary."""
    given = report.answers
    answers = Counter(answer["answer"] for answer in given.values())
    counts = [
        f"{ANSWER_LABELS[code]} {format_quantity(answers[code])}" for code in ANSWER_LABELS if answers[code]
    ]
    values = [_("; ").join(counts)]
    for question in questions_for(task.check_kind, report.question_family, report.question_version):
        answer = given.get(question.code)
        if answer is None or (answer["answer"] == "yes" and not answer.get("seen")):
            continue
        values.append(
            f"{question.words} – {ANSWER_LABELS[answer['answer']]} {answer.get('seen', '')}".strip()
        )
    return [*values, quoted_text(report.summary) if report.summary else ""]


def _review_lines(task: VerificationTask) -> list[str]:
    if task.reviewed_by is None or task.reviewed_at is None:
        return [task.get_status_display()]
    return [task.get_status_display(), str(task.reviewed_by), format_moment(task.reviewed_at)]


def findings_section(record: OrderRecord) -> Section:
    """Return the section on findings about the chosen offers: status, answer, who and when."""
    blocks: list[dict[str, object] | None] = []
    for lead in record.chosen_leads:
        mine = [one for one in record.findings if one.lead_id == lead.pk]
        blocks += [
            heading_block(f"{lead.reference} · {lead.supplier.name}"),
            None if mine else sentences_block(_("Screening found nothing.")),
            table_block(
                [_("Finding"), pgettext("a finding", "Details"), pgettext("noun", "Answer")],
                [_finding_row(record, one) for one in mine],
                [3, 8, 7],
            ),
        ]
    return memo_section(_("Findings and responses"), *blocks)


def _finding_row(record: OrderRecord, one: Finding) -> list[str | list[str]]:
    answer = [one.get_status_display()]
    if one.answered_by is not None:
        answer += [quoted_text(one.answer), f"{one.answered_by}, {format_moment(one.answered_at)}"]
    if (name := overriders_by_reference(record.overrides).get(one.reference)) is not None:
        answer.append(_("Overridden by %(name)s") % {"name": name})
    source = _("Source: %(source)s") % {"source": one.source} if one.source else ""
    sentence = join_sentences(finding_sentence(one.code, one.figures), DOWNGRADE_REASONS.get(one.unsure, ""))
    weight = _("Overruled") if one.overruled else one.get_severity_display()
    return [[one.reference, weight], [sentence, source], answer]


def watchlists_section(record: OrderRecord) -> Section:
    """Return the section on watchlists: the lists compared, and the decision on each match."""
    companies = _("; ").join(company.name for company in record.companies)
    values = [f"{one.name} ({iso_day(one.published_on)})" for one in record.watchlists]
    supplier_status = record.supplier_status
    return memo_section(
        _("Watchlists and supplier status"),
        facts_block(
            (_("Companies"), companies),
            (_("Compared with"), _("; ").join(values) or _("no watchlist in force")),
            (
                _("Supplier status set by the city"),
                f"{supplier_status.get_status_display()} · {quoted_text(supplier_status.reason)}"
                if supplier_status
                else _("not reviewed"),
            ),
        ),
        table_block(
            [_("Match"), _("List"), _("Decision")],
            [_match_row(match) for match in record.watchlist_matches],
            [5, 5, 8],
        )
        or sentences_block(_("No matches were found on these lists.") if record.watchlists else None),
    )


def _match_row(match: WatchlistMatch) -> list[str | list[str]]:
    likeness = _("%(share)s match") % {"share": format_share(match.score, 100)}
    last_decisions = [match.get_status_display()]
    if match.proposed_by is not None:
        last_decisions.append(f"{match.proposed_by}: {quoted_text(match.proposal)}")
    if match.reviewed_by is not None:
        last_decisions.append(
            f"{match.reviewed_by}, {format_moment(match.reviewed_at)}: {quoted_text(match.review_note)}"
        )
    return [
        [match.reference, match.name, likeness],
        [match.entry.watchlist.name, match.listed_as],
        last_decisions,
    ]


def evidence_summary(record: OrderRecord) -> str:
    """Return one line with the accepted checks, the open findings and the overruled ones."""
    done = sum(lead.checks_accepted for lead in record.chosen_leads)
    asked = sum(lead.required_check_count for lead in record.chosen_leads)
    chosen = {lead.pk for lead in record.chosen_leads}
    supplier_status = (Finding.Status.OPEN, Finding.Status.UPHELD)
    open_ones = sum(one.lead_id in chosen and one.status in supplier_status for one in record.findings)
    params = {"done": format_quantity(done), "asked": format_quantity(asked)}
    sentence = ngettext("%(n)s finding is unresolved.", "%(n)s findings are unresolved.", open_ones)
    against = [one for one in record.findings if one.lead_id in chosen and one.overruled]
    return join_sentences(
        _("%(done)s of %(asked)s checks accepted.") % params,
        sentence % {"n": format_quantity(open_ones)},
        str(overruled_note(against)),
    )
