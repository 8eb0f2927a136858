"""A contact with one link and an officer with notifications, in Chromium: each sees the other's answers."""

import pytest
from playwright.sync_api import expect

from tests.browser.city_browsers import Cities, languages
from tests.browser.steps import contact_page, notifications
from tests.browser.steps.contact_page import pass_on, report_absence_and_return
from tests.browser.steps.notifications import read_and_restore
from tests.browser.translated_browser import quiet
from tests.worlds import cities
from tests.worlds.cities import invited_contact
from tests.worlds.need_to_order import AT, Story
from workflow.comments_and_files.actions import add_comment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUESTIONS, COMMENTS = ("Inquiries and replies", "a kind of notice"), ("Comments", "a kind of notice")


@pytest.mark.parametrize("language", languages("en"))
@pytest.mark.every_way
def test_answer_of_contact_on_own_page_reaches_officer_who_asked(
    chromium, live_server, mail_folder, language
):
    town = Cities(chromium, live_server.url, language)
    officer, contact = town.officer, town.phone
    with quiet(town.seats):
        chen = invited_contact("zhongshan", "Chen Jing", language=language)
        link = contact_page.agree(town, chen)
        cities.twinning("markham", "zhongshan")
        masks, gloves = town.asks(chen), town.asks(chen, product="GLOVE_EXAM_NITRILE")
        others = town.asks(chen, Story("markham"))

        page = contact_page.open_own_page(contact, link)
        contact.sees(town.burnaby, town.named(lambda: others.city.name))
        contact.reads(
            "Several cities are asking about the same goods. One answer may serve them all: please "
            "mention this in each reply."
        )
        report_absence_and_return(contact)
        contact_page.open_inquiry(contact, others)
        pass_on(contact, "Li Wei")
        contact.goes(page)
        contact_page.open_inquiry(contact, gloves)
        contact_page.decline(contact)
        town.tick()
        told_at_once = notifications.mail_subjects(town)
        assert told_at_once == [officer.word("A contact cannot help")]

        notifications.choose_mail(officer, {QUESTIONS: "Once a day", COMMENTS: "No email"})
        contact.goes(page)
        contact_page.open_inquiry(contact, masks)
        number = contact_page.offer(contact)
        add_comment(masks.supply_request, "Good news.", by=town.story.second_officer.by, at=AT, language="en")
        town.tick()
        assert notifications.mail_subjects(town) == told_at_once
        officer.presses("Go to next morning")
        assert notifications.mail_subjects(town) == [
            officer.word("%(number)s notification for you", number=1),
            *told_at_once,
        ]
        notifications.check_unread_count(officer, 3)
        notifications.check_subjects(officer, "A contact cannot help", "A reply was received", "New comment")
        read_and_restore(officer, "A reply was received")

        address = notifications.create_calendar_address(officer)
        assert any(town.burnaby in said for said in notifications.read_calendar(address).values())
        notifications.end_calendar_address(officer, address)

        contact.goes(page)
        contact.sees(number, within=contact.part("Your offers and their progress"))
        assert contact_page.correct(town, chen, "Director")["title"] == "Director"
        contact_page.withdraw_consent(contact)
        officer.goes(f"{masks.supply_request.get_absolute_url()}ask/")
        officer.sees("Li Wei")
        expect(officer.page.get_by_text("Chen Jing")).to_have_count(0)
