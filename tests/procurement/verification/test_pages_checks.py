"""Tests of checks on pages: assigning a contact, reading a report, accepting it, or returning it with a question."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.leads import verification_refusals
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from procurement.verification.actions.assignment import decline_check, request_check
from procurement.verification.actions.checks import open_checks
from procurement.verification.actions.reports import return_report
from procurement.verification.models import VerificationTask
from tests import browsing
from tests.browsing import Browser
from tests.worlds import cities
from tests.worlds.checks import submit_positive_report
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT, Story
from tests.worlds.reported_leads import report_by_provider, submitted_lead
from workflow.input_limits import MAX_TEXT_LENGTH
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        cities.twinning("burnaby", "zhongshan")
        cities.twinning("burnaby", "markham")
        cities.twinning("markham", "wuhan")
        assert story.officer and story.observer and story.stranger and story.verifier and story.contact
        story.far = cities.contact("wuhan", "Zhao Min")
        story.lead = submitted_lead(story)
        open_checks(story.lead, by=story.officer.by, at=AT)
        yield story


@pytest.fixture
def officer(story):
    return Browser(story.officer.user)


@pytest.fixture
def task(story) -> VerificationTask:
    return story.lead.checks.order_by("pk").first()


def test_verification_page_states_open_checks_as_the_reason(story, officer, task):
    lead = SupplierLead.objects.get(pk=story.lead.pk)
    assert lead.checks_open > 1
    said = [str(no) for no in verification_refusals(lead)]
    assert said[0] == f"{lead.checks_open} required checks have not been accepted yet."
    assert not [
        one for one in said if "Start the checks first" in one or "Every check was carried out" in one
    ]
    page = officer.open(lead)
    assert "Start the checks first" not in page
    assert "Every check was carried out" not in page


def test_unreported_check_shows_that_report_and_review_are_missing(story, officer, task):
    page = officer.open(task)
    slots = [browsing.words(slot) for slot in page.root.xpath("//ul[@class='eyes']/li")]
    assert ["Not done yet" in slot for slot in slots] == [False, True]
    assert "Still open" in slots[0]


def test_check_is_assigned_to_the_nearest_contact_with_reasons(story, officer, task):
    assert task.get_absolute_url() in [
        where for _how, where in officer.open("/checks/?status=unassigned").ways
    ]
    assert task.get_absolute_url() not in [
        where for _how, where in officer.open("/checks/?status=in_progress").ways
    ]
    choose = officer.open(task).follow("Assign check")
    assert "Li Wei" in choose
    page = choose.press("Ask this contact")
    task.refresh_from_db()
    assert page.at == task.get_absolute_url()
    assert (task.status, task.contact) == ("requested", story.contact)
    assert task.reasons
    assert "Li Wei" in page


def test_suggested_contact_of_a_partners_partner_can_be_assigned(story, officer, task):
    correct_supplier(story.supplier, SupplierEdit(place=cities.city("wuhan")), by=story.officer.by, at=AT)
    at = f"{task.get_absolute_url()}assign/"
    assert "Zhao Min" in officer.open(at)
    answer = officer.client.post(at, {"contact": str(story.far.pk)})
    assert answer.status_code == 303
    task.refresh_from_db()
    assert task.contact == story.far


def test_contact_other_than_the_first_suggestion_needs_a_recorded_reason_for_a_check(story, officer, task):
    cities.twinning("burnaby", "foshan")
    near, second = cities.contact("zhongshan", "Zhao Lan"), cities.contact("foshan", "Wang Fang")
    correct_supplier(story.supplier, SupplierEdit(place=cities.city("zhongshan")), by=story.officer.by, at=AT)
    at = f"{task.get_absolute_url()}assign/"
    assert "Ask this contact instead" in officer.open(at)
    answer = officer.client.post(at, {"contact": str(second.pk), "chosen_because": " "})
    assert answer.status_code == 422
    assert (
        "The first suggestion is Zhao Lan. Explain why you are asking Wang Fang instead."
        in answer.content.decode()
    )
    long = officer.client.post(at, {"contact": str(second.pk), "chosen_because": "x" * (MAX_TEXT_LENGTH + 1)})
    assert long.status_code == 422
    assert f"{'x' * (MAX_TEXT_LENGTH + 1)}</textarea>" in long.content.decode(), (
        "nothing that was typed is lost"
    )
    officer.client.post(at, {"contact": str(second.pk), "chosen_because": "She was there last week."})
    task.refresh_from_db()
    assert task.contact == second
    entry = Entry.objects.get(verb="offer", thing_label=task._meta.label_lower, thing_id=task.pk)
    assert (entry.reason, entry.facts["suggested_first"]) == ("She was there last week.", near.pk)
    assert "She was there last week." in officer.open(task)


def test_officer_may_choose_freely_among_equal_contacts_for_a_check(story, officer, task):
    second = cities.contact("zhongshan", "Wang Fang")
    at = f"{task.get_absolute_url()}assign/"
    assert officer.client.post(at, {"contact": str(second.pk)}).status_code == 303
    task.refresh_from_db()
    assert task.contact == second


@pytest.mark.parametrize("contact", ["", "0", "999999", "abc", "²", "-1"])
def test_check_cannot_be_assigned_to_an_unknown_contact(officer, task, contact):
    assert officer.client.post(f"{task.get_absolute_url()}assign/", {"contact": contact}).status_code == 404
    task.refresh_from_db()
    assert task.status == "unassigned"


def test_requested_check_cannot_be_assigned_again(story, officer, task):
    at = f"{task.get_absolute_url()}assign/"
    choose = officer.open(at)
    request_check(task, story.contact, by=story.officer.by, at=AT)
    refused = choose.press("Ask this contact")
    assert refused.status == 409
    assert refused.alert


def test_report_is_read_returned_with_a_question_and_accepted_on_its_page(story, officer, task):
    report_by_provider(story, task, seen="执照原件已见")
    page = officer.open(task)
    for words in ("执照原件已见", "Li Wei", "Accept the report"):
        assert words in page, words
    ask = page.follow("Return report with a question")
    wrong = ask.press("Return report with a question", question="")
    assert (wrong.status, set(wrong.wrong)) == (422, {"question"})
    ask.press("Return report with a question", question="能否拍一张执照的照片？")
    task.refresh_from_db()
    assert (task.status, task.question) == ("returned", "能否拍一张执照的照片？")
    refused = officer.client.post(f"{task.get_absolute_url()}accept/")
    assert refused.status_code == 409
    report_by_provider(story, task, again=True)
    officer.open(task).press("Accept the report")
    task.refresh_from_db()
    assert (task.status, task.reviewed_by) == ("accepted", story.officer.user)


def test_check_is_reminded_and_cancelled_with_a_reason_on_its_page(story, officer, task):
    request_check(task, story.contact, by=story.officer.by, at=AT)
    officer.open(task).press("Send a reminder")
    task.refresh_from_db()
    assert task.reminder_count == 1
    officer.open(task).follow("Cancel the check").press("Cancel the check", reason="We went ourselves.")
    task.refresh_from_db()
    assert task.status == "cancelled"
    again = officer.open(f"{task.get_absolute_url()}cancel/").press("Cancel the check", reason="Again")
    assert again.status == 409


def test_declined_check_is_reopened_for_another_contact_on_its_page(story, officer, task):
    request_check(task, story.contact, by=story.officer.by, at=AT)
    decline_check(task, remark="出差", by=own_link(story.contact), at=AT)
    page = officer.open(task)
    assert "出差" in page
    page.press("Ask someone else")
    task.refresh_from_db()
    assert task.status == "unassigned"


def test_check_is_404_for_other_cities_and_actions_are_403_for_observers(story, task):
    base = task.get_absolute_url()
    stranger, observer = Browser(story.stranger.user), Browser(story.observer.user)
    assert task.reference not in stranger.open("/checks/")
    for at in (base, f"{base}assign/", f"{base}return/"):
        assert stranger.open(at).status == 404
    assert stranger.client.post(f"{base}assign/", {"contact": str(story.contact.pk)}).status_code == 404
    report_by_provider(story, task)
    refused = observer.client.post(f"{base}return/", {"question": "Are you sure?"})
    assert (refused.status_code, "Are you sure?" in refused.content.decode()) == (403, True)
    assert observer.client.post(f"{base}assign/", {"contact": str(story.contact.pk)}).status_code in (
        403,
        409,
    )


@pytest.mark.parametrize(("language", "yes"), [("fr-ca", "Oui"), ("zh-hans", "是")])
def test_report_is_shown_in_the_readers_language_with_remarks_as_written(story, task, language, yes):
    report_by_provider(story, task, seen="执照原件已见")
    page = Browser(story.verifier.user, language).open(task)
    assert yes in page
    assert "执照原件已见" in page


def test_page_of_check_with_two_reports_reads_the_check_once(story, officer, task):
    check = request_check(task, story.contact, by=story.officer.by, at=AT)
    submit_positive_report(check)
    return_report(check, question="Which lot did you see?", by=story.verifier.by, at=AT)
    submit_positive_report(check)
    with CaptureQueriesContext(connection) as statements:
        officer.open(check)
    check_columns = 'SELECT "procurement_verificationtask"."id"'
    assert check.reports.count() == 2
    assert len([one for one in statements if one["sql"].startswith(check_columns)]) == 1
