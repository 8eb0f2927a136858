"""Thanks promise what is there; their link opens a page that says what it is; a letter kept holds the letter only."""

from itertools import product

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import links
from accounts.actors import CONSOLE
from accounts.models import Link
from procurement import tasks
from procurement.outreach.actions import answering
from procurement.shipments import letters
from procurement.shipments.actions.after.packs import choose_photo
from procurement.shipments.letters import Arrived, Shown
from tests.browsing import Browser
from tests.procurement.shipments.after.play import brought, pack_of, travelling_gift
from tests.procurement.shipments.play import DOOR, Voyage
from tests.procurement.story import AT
from tests.procurement.web.contacts.test_own_page import own_page
from tests.world import own_link
from workflow import clock
from workflow.clock import real_now
from workflow.models.post import Message

pytestmark = pytest.mark.django_db
PHOTO = {"en": "photo", "fr-ca": "photo", "zh-hans": "照片"}
LETTER = {"en": "our letter", "fr-ca": "notre lettre", "zh-hans": "感谢信"}


@pytest.fixture
def story():
    voyage = Voyage("richmond")
    voyage.practise()
    yield voyage
    clock.forget()


@pytest.mark.parametrize(("photo", "letter"), list(product((True, False), repeat=2)))
@pytest.mark.parametrize("language", PHOTO)
def test_a_draft_names_only_what_the_page_will_show(story, language, photo, letter):
    arrived = Arrived(story.city, ["x"], 400, 0, DOOR.date())
    shown = Shown(photo=photo, letter=letter)
    body = letters.thanks(story.contact, "offered", arrived, shown, language).body
    assert (PHOTO[language] in body) == photo
    assert (LETTER[language] in body) == letter


def test_the_page_of_a_purchase_without_a_photo_promises_neither(story):
    pack = pack_of(story.delivered())
    page = Browser(story.officer.user).open(pack).text
    assert "照片" not in page
    assert "感谢信" not in page
    assert "On your page you see where the goods are now." in page, "the officer reads it in their language"


def test_the_page_of_a_gift_with_a_photo_names_both(story):
    shipment = story.released(travelling_gift(story))
    pack = pack_of(shipment)
    photo = brought(story, shipment, "arrival.jpg")
    officer = story.officer
    choose_photo(pack, photo=photo, nobody_seen=True, by=officer.by, at=DOOR)
    page = Browser(officer.user).open(pack).text
    assert "the photo of their arrival, our letter" in page


def test_the_page_of_a_gift_not_inspected_yet_promises_no_letter(story):
    pack = pack_of(story.received(travelling_gift(story)))
    officer = Browser(story.officer.user)
    page = officer.open(pack)
    assert "On your page you see where the goods are now." in page.text
    assert "our letter" not in page.text
    bodies = page.main.xpath(".//textarea[starts-with(@name, 'body_')]")
    assert bodies
    assert not [body for body in bodies if "感谢信" in body.text_content()]
    page.press("Send the thanks")
    pack.refresh_from_db()
    assert (pack.status, pack.letter) == ("sent", None)


def first_page(contact, purpose: str, label: str, pk: int) -> str:
    issued = links.issue(
        contact.user,
        purpose=purpose,
        thing_label=label,
        thing_id=pk,
        by=CONSOLE,
        at=AT,
        real_at=real_now(),
    )
    client = Client()
    client.post("/language/", {"language": "en", "next": "/"})
    return client.get(issued.url.partition("//")[2].partition("/")[2].join(("/", ""))).content.decode()


def test_the_link_of_thanks_is_not_headed_as_a_request(story):
    page = first_page(story.contact, Link.Purpose.MY_PAGE, "partners.contact", story.contact.pk)
    assert "asks for your help" not in page
    assert "Your own page" in page


def test_the_link_of_a_question_is_a_request_only_while_it_waits(story):
    asked = story.asked(story.line())
    told = ("answer", "procurement.inquiry", asked.pk)
    assert "asks for your help" in first_page(story.contact, *told)
    answering.decline(asked, by=own_link(story.contact), at=AT)
    assert "asks for your help" not in first_page(story.contact, *told)


def test_a_kept_letter_ends_where_the_letter_ends(story):
    asked = story.asked(story.line())
    answering.answer(asked, by=own_link(story.contact), at=AT)
    tasks.announce(AT)
    mail = Message.objects.get(template="inquiry_thanks")
    mail.state, mail.sent_at = Message.State.SENT, AT
    mail.save()
    (letter,) = own_page(story.contact).root.xpath("//div[@class='letter']")
    kept = letter.text_content()
    assert kept.strip()
    assert not kept.rstrip().endswith((":", "："))
    assert "链接" not in kept
    assert "Twinlane特此致函" not in kept


def test_a_page_behind_a_link_tells_a_browser_that_never_opened_it_so(story):
    here = reverse("my_page", args=[story.contact.pk])
    other = Client()
    other.post("/language/", {"language": "en", "next": "/"})
    closed = other.get(here)
    assert closed.status_code == 403
    assert "This browser has not opened your link yet." in closed.content.decode()
    assert "what you wrote on this device" not in closed.content.decode()
