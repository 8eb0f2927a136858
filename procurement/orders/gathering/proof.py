"""Of a memo: the checks and who made them, what screening found with every answer, and the lists of sanctions.

What rests on another city's own row never names that city here: a check it lent is named once it agreed, as on the check's page.
"""

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from partners.labels import town_label
from procurement.leads.models.finding import Finding
from procurement.leads.models.offer import SupplierLead
from procurement.leads.screening.sentences import sentence
from procurement.leads.screening.sentences.unsure import UNSURE
from procurement.lists.models.match import ListMatch
from procurement.orders.gathering.blocks import Section, facts, heading, section, sentences, table
from procurement.orders.gathering.goods import quoted
from procurement.orders.gathering.overrides import who_covered
from procurement.orders.gathering.record import Record
from procurement.orders.rules.light import overruled
from procurement.verification import questions
from procurement.verification.models.checks import VerificationTask
from procurement.verification.models.reports import Report
from procurement.verification.questions import ANSWERS
from procurement.verification.rules.needed import WHY
from workflow.doors import words
from workflow.tongues import one_after_another


def checks(record: Record) -> Section:
    """Each check of the chosen offers: why it was needed, who looked, what they saw, who judged it."""
    blocks: list[dict[str, object] | None] = []
    for lead in record.chosen:
        mine = [task for task in record.checks if task.lead_id == lead.pk]
        blocks += [
            heading(f"{lead.reference} · {lead.supplier.name}"),
            sentences(_verified(lead), None if mine else _("No check was opened for this offer.")),
            table(
                [
                    _("Check"),
                    pgettext("a check", "Made by"),
                    _("What was seen"),
                    pgettext("a check", "Judged"),
                ],
                [_check(record, task) for task in mine],
                [4, 4, 7, 4],
            ),
        ]
    return section(_("Checks"), *blocks)


def _verified(lead: SupplierLead) -> str:
    if lead.verified_by is None:
        return _("Nobody has verified this offer.")
    told = {"name": lead.verified_by, "moment": words.moment(lead.verified_at)}
    if lead.status != SupplierLead.Status.VERIFIED:
        return _("Verified by %(name)s, %(moment)s; not verified any more.") % told
    return _("Verified by %(name)s, %(moment)s.") % told


def _check(record: Record, task: VerificationTask) -> list[str | list[str]]:
    report = record.reports.get(task.pk)
    why = WHY.get(task.why)
    return [
        [task.reference, task.get_check_kind_display(), str(why or "")],
        _made_by(task, report),
        _seen(task, report) if report else [],
        _judged(task),
    ]


def _made_by(task: VerificationTask, report: Report | None) -> list[str]:
    if task.reused_from is not None:
        city = town_label(task.reused_from.city.name)
        return [city, _("used with its agreement")]
    contact = task.contact
    person = report.by if report is not None else contact and contact.user
    if person is None:
        return [_("nobody yet")]
    told = [str(person)]
    if contact is not None and contact.user_id == person.pk:  # it may have been given to somebody else since
        told += [contact.organisation.name, contact.city.name]
    if report is not None:
        told += [report.get_method_display(), words.day(report.seen_on), report.place]
        told.append(report.get_confidence_display())
        told.append(_("through a copied link") if report.by_copied_link else "")
    return told


def _seen(task: VerificationTask, report: Report) -> list[str]:
    """The answers counted, those that are no "yes" in full, and the words at the end."""
    given = report.answers
    said = Counter(answer["answer"] for answer in given.values())
    counts = [f"{ANSWERS[code]} {words.quantity(said[code])}" for code in ANSWERS if said[code]]
    told = [_("; ").join(counts)]
    for question in questions.of(task.check_kind, report.asked_family, report.asked_version):
        answer = given.get(question.code)
        if answer is None or (answer["answer"] == "yes" and not answer.get("seen")):
            continue
        told.append(f"{question.words} – {ANSWERS[answer['answer']]} {answer.get('seen', '')}".strip())
    return [*told, quoted(report.summary) if report.summary else ""]


def _judged(task: VerificationTask) -> list[str]:
    if task.judged_by is None or task.judged_at is None:
        return [task.get_status_display()]
    return [task.get_status_display(), str(task.judged_by), words.moment(task.judged_at)]


def findings(record: Record) -> Section:
    """What screening found about the chosen offers, each with how it stands, its answer, by whom and when."""
    blocks: list[dict[str, object] | None] = []
    for lead in record.chosen:
        mine = [one for one in record.findings if one.lead_id == lead.pk]
        blocks += [
            heading(f"{lead.reference} · {lead.supplier.name}"),
            None if mine else sentences(_("Screening found nothing.")),
            table(
                [_("Finding"), pgettext("a finding", "What it says"), _("Answer")],
                [_finding(record, one) for one in mine],
                [3, 8, 7],
            ),
        ]
    return section(_("Findings and answers"), *blocks)


def _finding(record: Record, one: Finding) -> list[str | list[str]]:
    answer = [one.get_status_display()]
    if one.answered_by is not None:
        answer += [quoted(one.answer), f"{one.answered_by}, {words.moment(one.answered_at)}"]
    if (name := who_covered(record.overrides).get(one.reference)) is not None:
        answer.append(_("Overridden by %(name)s") % {"name": name})
    source = _("Source: %(source)s") % {"source": one.source} if one.source else ""
    said = one_after_another(sentence(one.code, one.figures), UNSURE.get(one.unsure, ""))
    weight = _("Overruled") if one.overruled else one.get_severity_display()
    return [[one.reference, weight], [said, source], answer]


def lists(record: Record) -> Section:
    """Which lists the companies were compared with, and what two persons judged of each likeness."""
    companies = _("; ").join(company.name for company in record.companies)
    told = [f"{one.name} ({words.day(one.published_on, short=True)})" for one in record.lists]
    standing = record.standing
    return section(
        _("Lists and standing"),
        facts(
            (_("Companies"), companies),
            (_("Compared with"), _("; ").join(told) or _("no list: none is in force")),
            (
                _("What the city thinks of the company"),
                f"{standing.get_status_display()} · {quoted(standing.reason)}"
                if standing
                else _("not judged"),
            ),
        ),
        table(
            [_("Match"), _("List"), _("How it was judged")],
            [_match(match) for match in record.matches],
            [5, 5, 8],
        )
        or sentences(_("Nothing was found on these lists.") if record.lists else None),
    )


def _match(match: ListMatch) -> list[str | list[str]]:
    likeness = _("%(share)s alike") % {"share": words.share(match.score, 100)}
    judged = [match.get_status_display()]
    if match.proposed_by is not None:
        judged.append(f"{match.proposed_by}: {quoted(match.proposal)}")
    if match.judged_by is not None:
        judged.append(f"{match.judged_by}, {words.moment(match.judged_at)}: {quoted(match.judgement)}")
    return [
        [match.reference, match.name, likeness],
        [match.listed.watch_list.name, match.listed_as],
        judged,
    ]


def counted(record: Record) -> str:
    """How many checks are accepted, how many findings stand and which blocks were overruled, in a line."""
    done = sum(lead.checks_accepted for lead in record.chosen)
    asked = sum(lead.checks_asked for lead in record.chosen)
    chosen = {lead.pk for lead in record.chosen}
    standing = (Finding.Status.OPEN, Finding.Status.UPHELD)
    open_ones = sum(one.lead_id in chosen and one.status in standing for one in record.findings)
    told = {"done": words.quantity(done), "asked": words.quantity(asked)}
    stands = ngettext("%(n)s finding stands.", "%(n)s findings stand.", open_ones)
    against = [one for one in record.findings if one.lead_id in chosen and one.overruled]
    return one_after_another(
        _("%(done)s of %(asked)s checks are accepted.") % told,
        stands % {"n": words.quantity(open_ones)},
        str(overruled(against)),
    )
