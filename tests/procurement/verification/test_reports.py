"""Tests of check reports: required answers, who accepts them, who sees them, and findings from negative answers."""

import pytest
from django.utils import translation

from partners.contacts.models import Contact
from partners.contacts.working_hours import closing_time_after
from procurement.leads.actions.attachments import attach_file_and_flag_companies
from procurement.leads.actions.findings import rescreen_lead
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.orders.decision_memos.content.evidence import _reporter_lines
from procurement.verification.actions.assignment import cancel_check, request_check
from procurement.verification.actions.checks import open_checks
from procurement.verification.actions.periodic import outdate_check
from procurement.verification.actions.reports import accept_report, return_report
from procurement.verification.models import CheckKind, CheckReport, VerificationTask
from procurement.verification.questions import ANSWER_LABELS, questions_for, questions_for_task
from procurement.verification.rules.tasks import copied_link_report_refusal, invalid_answers
from tests.procurement.refusals import assert_refused
from tests.workflow import files
from tests.worlds import cities
from tests.worlds.checks import (
    accepted_check,
    contact_by_link,
    requested_check,
    returned_check,
    submit_positive_report,
    submitted_check,
)
from tests.worlds.leads import enter_certificate, submitted_offer
from tests.worlds.need_to_order import AT
from workflow.actors import SYSTEM
from workflow.uploads.models import File


def test_could_not_check_is_a_valid_answer_but_a_missing_answer_is_not(story):
    requested = questions_for(CheckKind.BANK_ACCOUNT)
    codes = [question.code for question in requested]
    assert invalid_answers(requested, {code: {"answer": "could_not_check"} for code in codes}) == {}
    assert set(invalid_answers(requested, {codes[0]: {"answer": "perhaps"}})) == set(codes)
    assert set(invalid_answers(requested, {**{code: {"answer": "no"} for code in codes}, "other": {}})) == {
        "other"
    }
    assert set(ANSWER_LABELS) == {"yes", "no", "could_not_check"}


def test_report_with_unanswered_questions_is_refused_naming_each(story):
    task = requested_check(story)
    with assert_refused("answers_missing", task) as no:
        submit_positive_report(task, answers={})
    assert set(no.value.details["fields"]) == {
        f"answers.{question.code}" for question in questions_for_task(task)
    }
    assert not CheckReport.objects.exists()


@pytest.mark.parametrize("answer", ["no", "could_not_check"])
def test_report_that_confirms_everything_is_refused_if_one_answer_is_not_yes(story, answer):
    task = requested_check(story)
    *others, last = (question.code for question in questions_for_task(task))
    answers = {code: {"answer": "yes", "seen": "the licence"} for code in others} | {
        last: {"answer": answer, "seen": "the gate was shut"}
    }
    with assert_refused("not_all_confirmed", task) as no:
        submit_positive_report(task, answers=answers, confirmed_at_once=True)
    assert no.value.details["field"] == "confirmed_at_once"
    assert not CheckReport.objects.exists()
    submit_positive_report(task, answers=answers)
    assert CheckReport.objects.get().answers[last]["answer"] == answer


def test_accepted_report_counts_for_the_offer_and_ends_the_contacts_open_question(story):
    task = accepted_check(story)
    lead = task.lead
    lead.refresh_from_db()
    assert lead.checks_accepted == 1
    assert Contact.objects.get(pk=story.contact.pk).open_questions == 0


def test_author_of_a_report_cannot_accept_it(story):
    task = requested_check(story)
    both = story.person("officer")
    submit_positive_report(task, author=both.user)
    CheckReport.objects.filter(task=task).update(by=both.user)
    with assert_refused("not_allowed", task) as no:
        accept_report(task, reviewer=both.user, by=both.by, at=AT)
    assert no.value.details["show"]


def test_returned_report_restarts_the_due_time_and_needs_a_question(story):
    task = returned_check(story)
    assert (task.question, task.reminder_count) == ("Which lot?", 0)
    assert task.due_at == closing_time_after(task.contact, AT, 2)
    assert Contact.objects.get(pk=story.contact.pk).open_questions == 1
    submit_positive_report(task)
    assert task.reports.count() == 2
    with assert_refused("reason_missing", task):
        return_report(task, question="", by=story.verifier.by, at=AT)


def test_report_through_a_copied_link_is_marked_and_cannot_be_accepted_alone(story):
    task = requested_check(story)
    report = submit_positive_report(task, by_copied_link=True)
    assert _reporter_lines(task, report)[-1] == "through a copied link"
    with assert_refused("not_ready", task) as no:
        accept_report(task, reviewer=story.verifier.user, by=story.verifier.by, at=AT)
    assert "copied link" in str(no.value)
    return_report(task, question="Is it you?", by=story.verifier.by, at=AT)
    assert _reporter_lines(task, submit_positive_report(task))[-1] == ""
    assert accept_report(task, reviewer=story.verifier.user, by=story.verifier.by, at=AT).status == "accepted"


def test_file_uploaded_by_another_person_supports_a_report_through_a_copied_link(story, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    task, other = requested_check(story), requested_check(story)
    submit_positive_report(task, by_copied_link=True)
    submit_positive_report(other)
    assert copied_link_report_refusal(task) is not None, "a report on another check proves nothing here"
    stamp = files.upload(files.picture("PNG"), "stamp.png")
    added = File.objects.filter(pk=attach_file_and_flag_companies(task, stamp, by=story.officer.by, at=AT).pk)
    assert copied_link_report_refusal(task) is None
    added.update(status=File.Status.UNSCANNED)
    assert copied_link_report_refusal(task) is not None
    added.update(status=File.Status.CLEAN, by=task.contact.user)
    assert copied_link_report_refusal(task) is not None


def test_check_is_due_after_four_days(story):
    assert requested_check(story).due_at == closing_time_after(story.contact, AT, 4)


def test_check_and_report_are_visible_to_city_staff_and_contact_only(story):
    task = submitted_check(story)
    for by in (story.officer.by, story.observer.by, contact_by_link(task)):
        assert task in VerificationTask.objects.visible_to(by)
        assert CheckReport.objects.visible_to(by).count() == 1
    coordinator = cities.powers("coordinator")
    assert task in VerificationTask.objects.visible_to(coordinator)
    assert not CheckReport.objects.visible_to(coordinator).exists(), (
        "coordinators follow progress, they read no reports"
    )
    assert task not in VerificationTask.objects.visible_to(story.stranger.by)


def test_report_is_named_by_its_check_and_date(story):
    task = requested_check(story)
    submit_positive_report(task)
    assert str(task.reports.get()) == f"{task} {AT:%Y-%m-%d}"


def test_report_is_found_by_check_reference_and_by_text(story):
    task = submitted_check(story)
    mine = task.reports.get()
    assert list(CheckReport.objects.search(task.reference)) == [mine]
    assert list(CheckReport.objects.search(mine.summary)) == [mine]
    assert not CheckReport.objects.search("VT-1999").exists()


def answers_to(task, *no):
    return {one.code: {"answer": "no" if one.code in no else "yes"} for one in questions_for_task(task)}


def test_negative_report_answer_becomes_a_finding_in_the_readers_language(story):
    task = requested_check(story)
    submit_positive_report(task, answers=answers_to(task, "licence_seen", "not_abnormal"))
    finding = task.lead.findings.get(code="reported_no")
    assert (finding.severity, finding.subject) == ("warn", task.reference)
    for language, words in (
        ("en", "Did you see the business licence, original or copy?; Is the company clear of"),
        ("fr-ca", "Avez-vous vu le permis d’exploitation (original ou copie)?; "),
        ("zh-hans", "您是否见到营业执照（原件或复印件）？"),
    ):
        with translation.override(language):
            assert words in finding_sentence("reported_no", finding.figures)


def test_negative_answer_finding_ends_with_a_new_report_or_cancelled_check(story):
    task = requested_check(story)
    submit_positive_report(task, answers=answers_to(task, "licence_seen"))
    finding = task.lead.findings.get(code="reported_no")
    return_report(task, question="Really?", by=story.verifier.by, at=AT)
    submit_positive_report(task)
    finding.refresh_from_db()
    assert finding.status == "resolved"
    return_report(task, question="And now?", by=story.verifier.by, at=AT)
    submit_positive_report(task, answers=answers_to(task, "licence_seen"))
    finding.refresh_from_db()
    assert finding.status == "open", "raised again"
    cancel_check(task, reason="Choose someone else goes.", by=story.officer.by, at=AT)
    finding.refresh_from_db()
    assert finding.status == "resolved"


def test_negative_answer_finding_survives_screening_and_ends_when_the_check_is_outdated(story):
    task = requested_check(story)
    submit_positive_report(task, answers=answers_to(task, "licence_seen"))
    accept_report(task, reviewer=story.verifier.user, by=story.verifier.by, at=AT)
    rescreen_lead(task.lead, at=AT)
    finding = task.lead.findings.get(code="reported_no")
    assert finding.status == "open"
    outdate_check(task, by=SYSTEM, at=AT)
    finding.refresh_from_db()
    assert finding.status == "resolved"


def test_unchecked_point_in_a_report_raises_no_finding(story):
    lead = submitted_offer(story)
    enter_certificate(story)
    rescreen_lead(lead, at=AT)
    (task,) = [one for one in open_checks(lead, by=story.officer.by, at=AT) if one.certificate is not None]
    request_check(task, story.contact, by=story.officer.by, at=AT)
    silent = answers_to(task, "issuer_confirms")
    silent["covers_model"] = {"answer": "could_not_check"}
    submit_positive_report(task, answers=silent)
    assert not lead.findings.filter(code="reported_no").exists()
