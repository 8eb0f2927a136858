"""Tests of asking several contacts at once: one letter with merge fields becomes an inquiry for each contact."""

from datetime import date

import pytest

from accounts.actions.people import PersonEdit, edit_person, mark_bounced
from accounts.actors import CONSOLE_ACTOR
from partners.contacts.actions import opt_out
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.actions.lines import LineFacts
from procurement.requests.actions.requests import draft_request
from tests.browsing import Browser
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow.actors import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        cities.twinning("burnaby", "zhongshan", signed="2011-04-18")
        assert story.officer and story.observer and story.stranger
        edit_person(story.contact.user, PersonEdit(language="zh-hans"), by=CONSOLE_ACTOR, at=AT)
        story.second = cities.contact("zhongshan", "Wang Fang", language="zh-hans")
        story.third = cities.contact("zhongshan", "Zhao Min", language="en")
        story.need = story.line(50_000).supply_request
        yield story


@pytest.fixture
def officer(story):
    return Browser(story.officer.user)


def open_letter(story, officer, *contacts):
    """Return the page with one letter to these contacts."""
    ticked = "&".join(f"contact={one.pk}" for one in contacts)
    return officer.open(f"{story.need.get_absolute_url()}ask/write/?{ticked}")


def test_first_suggestion_is_preselected_and_a_single_contact_gets_the_single_letter_page(story, officer):
    ask = officer.open(f"{story.need.get_absolute_url()}ask/")
    ticked = ask.main.xpath(".//input[@name='contact'][@checked]/@value")
    assert ticked == [str(story.contact.pk)]
    one = open_letter(story, officer, story.contact)
    assert one.at == f"{story.need.get_absolute_url()}ask/{story.contact.pk}/"
    assert "Why this person" not in one, "no reason is asked for with the first suggestion"


def test_one_letter_is_sent_to_each_contact_with_their_name_and_language(story, officer):
    page = open_letter(story, officer, story.contact, story.second, story.third)
    assert page.heading == "Write to 3 contacts"
    assert "Why these people" not in page
    assert page.value("body_zh_hans").startswith("尊敬的{name}：")
    body = page.value("body_en").replace("Dear {name},", "Dear {name} in {city},")
    after = page.press("Send 3 requests", body_en=body)
    assert "3 requests sent." in after
    first, second, third = Inquiry.objects.order_by("contact")
    assert {one.status for one in (first, second, third)} == {"sent"}
    assert first.body.startswith("尊敬的Li Wei：")
    assert second.body.startswith("尊敬的Wang Fang：")
    assert first.body_own.startswith("Dear Li Wei in Zhongshan,")
    assert "Burnaby and Zhongshan have been sister cities since 2011." in first.body_own
    assert third.body.startswith("Dear Zhao Min in Zhongshan,")
    assert third.body_own == ""
    for inquiry in (first, second, third):
        assert "{" not in inquiry.body + inquiry.body_own
        assert inquiry.chosen_because == ""


def test_preview_of_several_letters_sends_nothing(story, officer):
    looked = open_letter(story, officer, story.contact, story.second).press("Preview")
    assert "尊敬的Wang Fang：" in looked
    assert not Inquiry.objects.exists()


def test_skipping_the_first_suggestion_for_several_contacts_requires_a_reason(story, officer):
    page = open_letter(story, officer, story.second, story.third)
    wrong = page.press("Send 2 requests", chosen_because=" ")
    assert (wrong.status, set(wrong.wrong)) == (422, {"chosen_because"})
    assert not Inquiry.objects.exists()
    wrong.press("Send 2 requests", chosen_because="They know masks.")
    assert {one.chosen_because for one in Inquiry.objects.all()} == {"They know masks."}


def test_unknown_merge_fields_and_differing_figures_are_named_before_sending(story, officer):
    page = open_letter(story, officer, story.contact, story.second)
    wrong = page.press("Send 2 requests", body_en=page.value("body_en").replace("{name}", "{nickname}"))
    assert "Remove {nickname}." in wrong.wrong["body_en"]
    assert "{tie}" in wrong.wrong["body_en"]
    differs = page.press("Send 2 requests", body_en=page.value("body_en").replace("50,000", "5,000"))
    assert "A number appears in one version only" in differs.alert
    assert not Inquiry.objects.exists()
    differs.press("Send 2 requests", figures_seen="on")
    assert Inquiry.objects.count() == 2


def test_refused_contact_is_named_and_the_letter_kept_while_the_others_are_sent(story, officer):
    page = open_letter(story, officer, story.contact, story.second)
    mark_bounced(story.second.user, by=SYSTEM, at=AT, reason="no such mailbox")
    typed = page.value("body_en") + "\nMy own words"
    left = page.press("Send 2 requests", body_en=typed)
    assert left.status == 200
    assert "Emails to Wang Fang are being returned." in left.alert
    assert "1 request sent." in left
    assert [one.contact for one in Inquiry.objects.all()] == [story.contact]
    assert left.heading == "Write to 1 contact"
    assert "My own words" in left.value("body_en")


def test_contact_who_stopped_inquiries_is_named_and_the_other_contacts_are_asked(story, officer):
    page = open_letter(story, officer, story.contact, story.second)
    opt_out(story.second, by=cities.own_link(story.second), at=AT)
    after = page.press("Send 2 requests")
    assert "1 request sent." in after
    assert "Wang Fang does not accept inquiries." in after


def test_letter_refused_for_all_contacts_is_not_sent_and_its_text_is_kept(story, officer):
    page = open_letter(story, officer, story.contact, story.second)
    officer.open(f"{story.need.get_absolute_url()}stop/").press("Pause new offers", reason="Enough")
    refused = page.press("Send 2 requests", body_en=page.value("body_en") + "\nMy own words")
    assert refused.status == 422
    assert "Li Wei: " in refused.alert
    assert "My own words" in refused.value("body_en")
    assert not Inquiry.objects.exists()


def test_contact_already_asked_is_left_out_and_an_empty_selection_is_refused(story, officer):
    made = draft_inquiry(
        story.need,
        story.contact,
        subject="s",
        body="b",
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    send_inquiry(made, by=story.officer.by, at=AT)
    rest = open_letter(story, officer, story.contact, story.second)
    assert rest.at.endswith(f"/ask/{story.second.pk}/")
    assert "Tick at least one contact" in open_letter(story, officer, story.contact).alert


def test_letter_to_several_contacts_is_403_for_observer_and_404_for_another_city(story):
    assert open_letter(story, Browser(story.observer.user), story.contact).status == 403
    assert open_letter(story, Browser(story.stranger.user), story.contact).status == 404


def test_draft_need_is_posted_and_selected_contacts_are_asked_from_one_page(story, officer):
    need = draft_request(
        story.city,
        title="Masks",
        facility_kinds=["hospital"],
        accepts=["purchase"],
        needed_by=date(2020, 5, 20),
        deliver_to="Depot",
        lines=[LineFacts(product=story.need.lines.get().product, quantity=500)],
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    review = officer.open(f"/needs/{need.reference}/review/")
    assert review.main.xpath(".//input[@name='contact'][@checked]/@value") == [str(story.contact.pk)]
    ticked = [str(story.contact.pk), str(story.second.pk)]
    page = review.press("Post and write to the ticked contacts", contact=ticked)
    assert page.heading == "Write to 2 contacts"
    assert "has been posted" in page
    page.press("Send 2 requests")
    assert {one.status for one in need.inquiries.all()} == {"sent"}
    assert need.inquiries.count() == 2
