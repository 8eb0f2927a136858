"""Tests that a thank-you mail promises only what the page behind its link shows.

The stored letter contains only the letter.
"""

from itertools import product

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions.links import issue_link
from accounts.actors import CONSOLE_ACTOR
from accounts.models import ActionLink
from procurement.outreach.actions.replies import decline_inquiry, record_answer
from procurement.tasks import plan_messages
from procurement.thanks.actions import choose_photo
from procurement.thanks.drafts import ArrivalSummary, PortalPageContents, compose_thank_you
from tests.browsing import Browser
from tests.procurement.portal.test_pages_self_service import open_own_page
from tests.worlds import cities
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import DELIVERED_AT, DEPARTED_AT, Journey
from tests.worlds.thank_yous import attach_photo, departed_donation, thank_you_of
from workflow.clock import clear_instance_cache, real_now
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db
PHOTO = {"en": "photo", "fr-ca": "photo", "zh-hans": "照片"}
LETTER = {"en": "our letter", "fr-ca": "notre lettre", "zh-hans": "感谢信"}


@pytest.fixture
def story():
    voyage = Journey("richmond")
    voyage.practise()
    yield voyage
    clear_instance_cache()


@pytest.mark.parametrize(("photo", "letter"), list(product((True, False), repeat=2)))
@pytest.mark.parametrize("language", PHOTO)
def test_thank_you_draft_names_only_what_the_page_will_show(story, language, photo, letter):
    arrived = ArrivalSummary(story.city, ["x"], 400, 0, DELIVERED_AT.date())
    shown = PortalPageContents(has_photo=photo, has_letter=letter)
    body = compose_thank_you(story.contact, "offered", arrived, shown, language).body
    assert (PHOTO[language] in body) == photo
    assert (LETTER[language] in body) == letter


def test_thanks_for_a_purchase_without_a_photo_promise_neither_photo_nor_letter(story):
    thank_you = thank_you_of(story.delivered())
    page = Browser(story.officer.user).open(thank_you).text
    assert "照片" not in page
    assert "感谢信" not in page
    assert "On your page you can see where the goods are now." in page, (
        "the officer reads it in their language"
    )


def test_thanks_for_a_donation_with_a_photo_name_photo_and_letter(story):
    shipment = story.released(departed_donation(story))
    thank_you = thank_you_of(shipment)
    photo = attach_photo(story, shipment, "arrival.jpg")
    officer = story.officer
    choose_photo(thank_you, photo=photo, shows_no_person=True, by=officer.by, at=DELIVERED_AT)
    page = Browser(officer.user).open(thank_you).text
    assert "the photo of the arrival, our letter" in page


def test_thanks_for_an_uninspected_donation_promise_no_letter(story):
    thank_you = thank_you_of(story.received(departed_donation(story)))
    officer = Browser(story.officer.user)
    page = officer.open(thank_you)
    assert "On your page you can see where the goods are now." in page.text
    assert "our letter" not in page.text
    bodies = page.main.xpath(".//textarea[starts-with(@name, 'body_')]")
    assert bodies
    assert not [body for body in bodies if "感谢信" in body.text_content()]
    page.press("Send thanks")
    thank_you.refresh_from_db()
    assert (thank_you.status, thank_you.letter) == ("sent", None)


def first_page(contact, purpose: str, label: str, pk: int, *, language: str = "en", message=None) -> str:
    issued = issue_link(
        contact.user,
        purpose=purpose,
        thing_label=label,
        thing_id=pk,
        by=CONSOLE_ACTOR,
        at=AT,
        real_at=real_now(),
        message_id=message.pk if message else None,
    )
    client = Client()
    client.post("/language/", {"language": language, "next": "/"})
    return client.get(issued.url.partition("//")[2].partition("/")[2].join(("/", ""))).content.decode()


def test_contacts_own_page_link_is_not_headed_as_request_for_help(story):
    page = first_page(story.contact, ActionLink.Purpose.MY_PAGE, "partners.contact", story.contact.pk)
    assert "asks for your help" not in page
    assert "Your page" in page


def own_page_by_mail(story, mail, language="en") -> str:
    """Return the first page of a link to the contact's own page that was sent in a mail."""
    label, pk = "partners.contact", story.contact.pk
    return first_page(story.contact, ActionLink.Purpose.MY_PAGE, label, pk, language=language, message=mail)


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("en", "Thank you from the City of Richmond"),
        ("fr-ca", "Remerciements de la Ville de Richmond"),
        ("zh-hans", "Richmond市政府向您致谢"),
    ],
)
def test_link_of_a_thank_you_mail_is_headed_by_the_city_that_thanks(story, language, heading):
    record_answer(story.asked(story.line()), by=own_link(story.contact), at=AT)
    plan_messages(AT)
    mail = Message.objects.get(template="inquiry_thanks")
    assert heading in own_page_by_mail(story, mail, language)


def test_link_of_a_departure_mail_is_headed_as_an_update_of_the_receiving_city(story):
    story.departed(departed_donation(story))
    plan_messages(DEPARTED_AT)
    mail = Message.objects.get(template="goods_departed")
    page = own_page_by_mail(story, mail)
    assert "Update on your help to the City of Richmond" in page
    assert "Thank you from" not in page


def test_link_of_a_mail_from_a_removed_city_is_headed_your_page(story):
    record_answer(story.asked(story.line()), by=own_link(story.contact), at=AT)
    plan_messages(AT)
    mail = Message.objects.get(template="inquiry_thanks")
    gone = cities.city("markham")
    Message.objects.filter(pk=mail.pk).update(city_id=gone.pk)
    gone.delete()
    page = own_page_by_mail(story, mail)
    assert "Your page" in page
    assert "Thank you from" not in page


def test_inquiry_link_is_headed_as_a_request_only_while_open(story):
    asked = story.asked(story.line())
    told = ("answer", "procurement.inquiry", asked.pk)
    assert "asks for your help" in first_page(story.contact, *told)
    decline_inquiry(asked, by=own_link(story.contact), at=AT)
    assert "asks for your help" not in first_page(story.contact, *told)


def test_stored_thank_you_letter_ends_without_link_and_footer(story):
    asked = story.asked(story.line())
    record_answer(asked, by=own_link(story.contact), at=AT)
    plan_messages(AT)
    mail = Message.objects.get(template="inquiry_thanks")
    mail.state, mail.sent_at = Message.State.SENT, AT
    mail.save()
    (letter,) = open_own_page(story.contact).root.xpath("//div[@class='letter']")
    kept = letter.text_content()
    assert kept.strip()
    assert not kept.rstrip().endswith((":", "："))
    assert "链接" not in kept
    assert "您收到本邮件" not in kept


def test_link_page_in_a_browser_without_the_link_explains_itself(story):
    here = reverse("my_page", args=[story.contact.pk])
    other = Client()
    other.post("/language/", {"language": "en", "next": "/"})
    closed = other.get(here)
    assert closed.status_code == 403
    assert "This browser has not opened your link yet." in closed.content.decode()
    assert "What you wrote on this device" not in closed.content.decode()
