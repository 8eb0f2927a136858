"""Tests of the printed letter: the units, dates and terms of each line, and no mention of a link."""

from datetime import date

import pytest
from django.test import Client

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.outreach.letters import compose_letter
from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.actions.lines import LineFacts, set_lines
from procurement.requests.actions.requests import draft_request, post_request
from procurement.requests.alternatives.rules import Alternative
from tests.worlds import cities
from tests.worlds.generated_documents import text_of
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache


@pytest.fixture
def story(db) -> Story:
    story = Story("richmond", whole_catalogue=True)
    story.practise()
    yield story
    clear_instance_cache()


def inquiry_about_two_units(story: Story, language: str = "en", **facts: object) -> Inquiry:
    """Return an inquiry about sanitizer in litres and surgical gloves in pairs, as the page composes it.

    Each need line has a date of its own.
    """
    need = draft_request(
        story.city, title="Hygiene", needed_by=date(2020, 6, 20), author=story.officer.user,
        deliver_to="6911 No. 3 Road, Richmond", facility_kinds=["municipality"], declared_use="medical",
        by=story.officer.by, at=AT, **{"accepts": ["purchase", "donation"], **facts},
    )  # fmt: skip
    gloves = Product.objects.get(code="GLOVE_SURG")
    lines = [
        LineFacts(product=Product.objects.get(code="SANITISER"), quantity=750, needed_by=date(2020, 5, 5)),
        LineFacts(
            product=gloves, quantity=2_400, needed_by=date(2020, 5, 28),
            standards=[Standard.objects.get(code="ASTM-D3577")],
            alternatives=[Alternative(gloves, Standard.objects.get(code="EN455"))],
        ),
    ]  # fmt: skip
    set_lines(need, lines, by=story.officer.by, at=AT)
    post_request(need, by=story.officer.by, at=AT)
    edit_person(story.contact.user, PersonEdit(language=language), by=CONSOLE_ACTOR, at=AT)
    story.contact.user.refresh_from_db()
    rows = list(need.lines.select_related("product").order_by("position"))
    letter = compose_letter(need, rows, story.contact, language)
    question = draft_inquiry(
        need, story.contact, subject=letter.subject, body=letter.body, author=story.officer.user,
        by=story.officer.by, at=AT,
    )  # fmt: skip
    return send_inquiry(question, by=story.officer.by, at=AT)


def printed_text(story: Story, question: Inquiry) -> str:
    """Return the text of the printed pages, without links."""
    browser = Client()
    browser.force_login(story.officer.user)
    answer = browser.get(f"/inquiries/{question.reference}/letter/")
    assert answer["Content-Type"] == "application/pdf"
    pdf = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return " ".join(text_of(pdf).split())


@pytest.mark.parametrize(
    ("language", "litres", "pairs"),
    [
        ("en", "750 litres", "2,400 pairs"),
        ("fr-ca", "750 litres", "2 400 paires"),
        ("zh-hans", "750升", "2,400双"),
    ],
)
def test_printed_letter_names_the_unit_of_each_line(story, language, litres, pairs):
    said = (
        printed_text(story, inquiry_about_two_units(story, language))
        .replace("\u202f", " ")
        .replace("\u00a0", " ")
    )
    squeezed = said if language != "zh-hans" else said.replace(" ", "")
    assert litres in squeezed
    assert pairs in squeezed
    assert not any(word in said for word in ("pieces", "unités"))


def test_printed_letter_names_the_date_of_each_line(story):
    said = printed_text(story, inquiry_about_two_units(story))
    for day in ("20 June 2020", "5 May 2020", "28 May 2020"):
        assert day in said, said


@pytest.mark.parametrize(
    ("accepts", "words"),
    [
        (["donation"], "We are looking for a donation of these goods."),
        (["purchase"], "We want to buy these goods."),
        (["purchase", "donation"], "Donations are also welcome."),
    ],
)
def test_printed_letter_states_purchase_or_donation_alternatives_and_notes_of_the_city(story, accepts, words):
    said = printed_text(
        story, inquiry_about_two_units(story, accepts=accepts, notes="No scented gel, please.")
    )
    assert words in said
    assert "also accepted: Surgical glove (sterile), EN 455" in said
    assert "No scented gel, please." in said


@pytest.mark.parametrize("language", ["en", "fr-ca"])
def test_printed_letter_mentions_the_email_link_instead_of_a_link_below(story, language):
    said = printed_text(story, inquiry_about_two_units(story, language))
    for words in ("link below", "lien ci-dessous", "click", "cliquez"):
        assert words not in said.casefold()
    assert {"en": "link in our email", "fr-ca": "courriel"}[language] in said


def test_review_page_of_a_need_distinguishes_two_contacts_of_one_office(story):
    cities.twinning(story.city, "zhongshan")
    for name in ("Zhou Min", "Feng Yu"):
        cities.contact("zhongshan", name)
    need = draft_request(
        story.city, title="Gel", needed_by=date(2020, 6, 20), author=story.officer.user, deliver_to="City Hall",
        facility_kinds=["municipality"], declared_use="medical", accepts=["purchase"], by=story.officer.by, at=AT,
    )  # fmt: skip
    gel = LineFacts(product=Product.objects.get(code="SANITISER"), quantity=10)
    set_lines(need, [gel], by=story.officer.by, at=AT)
    browser = Client()
    browser.force_login(story.officer.user)
    html = browser.get(f"/needs/{need.reference}/review/").content.decode()
    for name in ("Zhou Min", "Feng Yu"):
        assert name in html
