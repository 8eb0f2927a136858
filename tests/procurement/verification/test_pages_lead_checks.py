"""Tests of the checks on an offer's page: assigned with one form, and their reports accepted or returned there."""

import pytest

from partners.contacts.models import Contact
from procurement.leads.actions.findings import answer_finding
from procurement.leads.models.leads import SupplierLead
from procurement.suppliers.actions.statuses import declare_interest
from procurement.verification.actions.assignment import request_check
from procurement.verification.actions.checks import open_checks
from procurement.verification.actions.reports import return_report
from tests import browsing
from tests.browsing import Browser
from tests.worlds import cities
from tests.worlds.checks import submit_positive_report
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT, Story
from tests.worlds.reported_leads import report_by_provider, submitted_lead
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        story.practise()
        cities.twinning("burnaby", "zhongshan")
        assert story.officer and story.observer and story.stranger and story.verifier and story.contact
        story.other = cities.contact("zhongshan", "Wang Fang")
        story.lead = submitted_lead(story)
        for finding in story.lead.findings.filter(status="open", severity="block"):
            answer = {"answer": "Seen.", "answered_by": story.officer.user}
            answer_finding(finding, **answer, by=story.officer.by, at=AT)
        yield story


@pytest.fixture
def officer(story):
    return Browser(story.officer.user)


@pytest.fixture
def verifier(story):
    return Browser(story.verifier.user)


@pytest.fixture
def lead(story) -> SupplierLead:
    return SupplierLead.objects.get(pk=story.lead.pk)


@pytest.fixture
def reports(story, lead):
    """Return the checks of the offer with reports that no one has judged: Wang Fang made the first, Li Wei the rest."""
    tasks = open_checks(lead, by=story.officer.by, at=AT)
    makers = [story.other, *[story.contact] * (len(tasks) - 1)]
    for task, contact in zip(tasks, makers, strict=True):
        request_check(task, contact, by=story.officer.by, at=AT)
        submit_positive_report(task)
    return tasks


def people(page) -> dict[str, str]:
    """Return the preselected person of each check on the form, by the label of the check."""
    form = page.main.xpath(".//form[@id='assign']")[0]
    found = {}
    for box in form.xpath(".//select"):
        label = form.xpath(f".//label[@for='{box.get('id')}']")[0]
        chosen = box.xpath("./option[@selected]") or box.xpath("./option[1]")
        found[browsing.words(label).removesuffix(" (optional)")] = browsing.words(chosen[0])
    return found


def test_starting_checks_opens_and_assigns_each_to_the_suggested_contact(story, officer, lead):
    page = officer.open(lead)
    suggested = people(page)
    assert len(suggested) > 1
    assert set(suggested.values()) == {"Wang Fang · Zhongshan"}, "Li Wei made the offer"
    assert "Suggested: Wang Fang (" in page
    done = page.press("Start the checks")
    assert done.at == lead.get_absolute_url()
    assert f"{len(suggested)} checks assigned." in done
    tasks = list(lead.checks.all())
    assert [(task.status, task.contact) for task in tasks] == [("requested", story.other)] * len(suggested)
    assert all(task.reasons and task.due_at for task in tasks)
    assigned = Entry.objects.filter(verb="offer", thing_label=tasks[0]._meta.label_lower)
    assert assigned.count() == len(tasks)


def test_check_due_date_is_the_end_of_each_contacts_working_day(officer, lead):
    officer.open(lead).press("Start the checks", due_on="2020-04-24")
    days = {task.due_at.isoformat() for task in lead.checks.all()}
    assert days == {"2020-04-24T09:00:00+00:00"}, "17:00 in Zhongshan"


def test_check_left_unassigned_is_assigned_later_on_the_offer_page(story, officer, lead):
    keys = [name for name in officer.open(lead).form("Start the checks").names if name.endswith("_0")]
    page = officer.open(lead).press("Start the checks", **dict.fromkeys(keys, ""))
    assert "Checks started. None is assigned yet." in page
    assert set(lead.checks.values_list("status", flat=True)) == {"unassigned"}
    assert "Assign checks" not in page.buttons, "the form is read when it is opened"
    officer.open(f"{lead.get_absolute_url()}?assign").press("Assign checks")
    assert set(lead.checks.values_list("status", flat=True)) == {"requested"}
    assert "Assign checks" not in officer.open(lead).buttons


def test_contact_is_not_suggested_for_more_checks_than_their_limit(story, officer, lead):
    Contact.objects.filter(pk=story.other.pk).update(task_limit=1)
    suggested = list(people(officer.open(lead)).values())
    assert suggested.count("Wang Fang · Zhongshan") == 1
    assert suggested[1:] == ["Li Wei · Zhongshan"] * (len(suggested) - 1)
    officer.open(lead).press("Start the checks")
    assert set(lead.checks.values_list("status", flat=True)) == {"requested"}


def test_refused_assignment_names_its_check_and_changes_nothing(story, officer, lead):
    form = officer.open(lead).form("Start the checks")
    Contact.objects.filter(pk=story.other.pk).update(open_questions=5)
    key = next(name for name in form.names if name.endswith("_0"))
    page = officer.send(
        form.node.get("action"),
        form.filled(form.buttons["Start the checks"], {"due_on": "2020-04-24"}),
        {"due_on": "2020-04-24", key: str(story.other.pk)},
    )
    assert page.status == 422
    assert "has reached their maximum number of open requests" in page.alert
    assert any("Wang Fang has reached" in words for words in page.wrong.values())
    assert SupplierLead.objects.get(pk=lead.pk).status == "received"
    assert not lead.checks.exists()


def test_check_due_date_too_soon_is_refused_at_its_field(officer, lead):
    page = officer.open(lead).press("Start the checks", due_on="2020-04-16")
    assert page.status == 422
    assert "Allow at least 24 hours for a reply." in page.wrong["due_on"]


def test_contact_with_an_interest_in_the_company_is_not_suggested(story, officer, lead):
    person = story.other
    declare_interest(story.supplier, person.user, words="I work there.", by=own_link(person), at=AT)
    assert "Wang Fang · Zhongshan" not in people(officer.open(lead)).values()


def test_all_reports_are_accepted_and_the_offer_verified_with_one_button(story, verifier, lead, reports):
    page = verifier.open(lead)
    assert page.text.count("the licence") >= len(reports)
    assert "Second person" in page
    done = page.press("Accept all and verify")
    assert done.at == lead.get_absolute_url()
    assert f"All reports accepted. Offer {lead.reference} is now verified." in done
    assert set(lead.checks.values_list("status", "reviewed_by")) == {("accepted", story.verifier.user.pk)}
    lead.refresh_from_db()
    assert (lead.status, lead.verified_by) == ("verified", story.verifier.user)


def test_author_of_an_offer_accepts_its_reports_but_cannot_verify_it(story, officer, lead, reports):
    page = officer.open(lead)
    assert "Accept all and verify" not in page.buttons
    assert "You entered this offer, so another person must verify it." in page
    page.press("Accept all reports")
    assert set(lead.checks.values_list("status", flat=True)) == {"accepted"}
    forced = officer.client.post(f"/checks/of/{lead.reference}/reports/", {"all": "verify"})
    assert forced.status_code == 422
    assert SupplierLead.objects.get(pk=lead.pk).status == "under_review"


def test_offer_whose_reports_all_come_from_its_provider_cannot_be_verified(story, verifier, lead):
    for task in open_checks(lead, by=story.officer.by, at=AT):
        report_by_provider(story, task)
    page = verifier.open(lead)
    assert "Accept all and verify" not in page.buttons
    assert "Every check was carried out by the person who provided the offer." in page
    assert "Accept all reports" in page.buttons


def test_report_submitted_after_the_page_was_opened_is_not_accepted_unread(story, verifier, lead, reports):
    page = verifier.open(lead)
    return_report(reports[0], question="Which?", by=story.officer.by, at=AT)
    submit_positive_report(reports[0])
    refused = page.press("Accept all and verify")
    assert refused.status == 422
    assert "another report arrived after you opened this page. Read it first." in refused.alert
    assert reports[0].get_check_kind_display() in refused.alert
    assert set(lead.checks.values_list("status", flat=True)) == {"submitted"}


def test_single_report_is_returned_with_a_question_on_the_offer_page(verifier, lead, reports):
    name = reports[0].get_check_kind_display()
    wrong = verifier.open(lead).press(f"Return the report {name}", question="")
    assert (wrong.status, set(wrong.wrong)) == (422, {"question"})
    page = verifier.open(lead).press(f"Return the report {name}", question="Which seal?")
    assert page.at == lead.get_absolute_url()
    assert f"Report returned with your question: {name}." in page
    reports[0].refresh_from_db()
    assert (reports[0].status, reports[0].question) == ("returned", "Which seal?")


def test_single_report_is_accepted_once_on_the_offer_page(verifier, lead, reports):
    name = reports[0].get_check_kind_display()
    page = verifier.open(lead)
    page.press(f"Accept the report {name}")
    reports[0].refresh_from_db()
    assert reports[0].status == "accepted"
    form = page.form(f"Accept the report {name}")
    data = {**form.filled(form.buttons[f"Accept the report {name}"], {}), "nonce": "another"}
    assert verifier.client.post(form.node.get("action"), data).status_code == 422


def test_person_with_an_interest_in_the_company_reads_reports_without_deciding(
    story, verifier, lead, reports
):
    person = story.verifier.user
    declare_interest(story.supplier, person, words="My brother works there.", by=story.verifier.by, at=AT)
    page = verifier.open(lead)
    assert "You declared an interest in this company, so someone else must decide." in page
    assert not [button for button in page.buttons if button.startswith("Accept")]


def test_observer_sees_no_report_forms_and_assignment_is_403(story, lead, reports):
    observer = Browser(story.observer.user)
    assert not observer.open(lead).main.xpath(".//*[@id='reports' or @id='assign']")
    base = f"/checks/of/{lead.reference}"
    assert observer.client.post(f"{base}/reports/", {"all": "accept"}).status_code == 403
    assert observer.client.post(f"{base}/assign/").status_code == 403
    assert Browser(story.stranger.user).client.post(f"{base}/assign/").status_code == 404


def test_checks_assigned_meanwhile_by_a_colleague_are_not_assigned_again(story, officer, lead):
    page = officer.open(lead)
    for task in open_checks(lead, by=story.officer.by, at=AT):
        request_check(task, story.other, by=story.officer.by, at=AT)
    again = page.press("Start the checks")
    assert again.at == lead.get_absolute_url()
    assert "No check for this offer is waiting to be assigned." in again
