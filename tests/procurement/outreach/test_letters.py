"""Tests of the letter of an inquiry: frozen when sent, in each language, unchanged later, found by its code."""

from io import BytesIO
from itertools import product

import pikepdf
import pytest

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from accounts.models import Language
from procurement.outreach.actions.inquiries import draft_inquiry, forward_inquiry, send_inquiry
from procurement.outreach.actions.reminders import cancel_inquiry
from procurement.outreach.letter_pdf import is_letter_unchanged, render_letter, split_paragraphs
from procurement.outreach.letters import compose_letter
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.models.letters import SentLetter
from procurement.outreach.text_numbers import compare_numbers
from procurement.requests.models import RequestLine
from tests.worlds import cities
from tests.worlds.need_to_order import AT

BODY, OWN = "尊敬的李先生：\n\n我们急需50,000只口罩。", "Dear Mr Li,\n\nwe need 50,000 masks."


def draft_letter(story, **facts):
    need = story.line().supply_request
    words = {"subject": "口罩", "body": BODY, "subject_own": "Masks", "body_own": OWN, **facts}
    return draft_inquiry(need, story.contact, author=story.officer.user, by=story.officer.by, at=AT, **words)


def send_letter(story, **facts):
    return send_inquiry(draft_letter(story, **facts), by=story.officer.by, at=AT)


def test_letter_is_stored_only_when_the_inquiry_is_sent(story):
    inquiry = draft_letter(story)
    assert not SentLetter.objects.exists()
    send_inquiry(inquiry, by=story.officer.by, at=AT)
    frozen = inquiry.letter
    assert (frozen.sent_at, frozen.withdrawn_at) == (AT, None)
    assert frozen.words["url"].endswith(f"/letter/{frozen.code}/")
    assert [language["subject"] for language in frozen.words["languages"]] == ["口罩", "Masks"]
    assert is_letter_unchanged(frozen)
    assert is_letter_unchanged(SentLetter.objects.get())


def test_stored_letter_renders_the_same_after_names_and_text_change(story):
    inquiry = send_letter(story)
    before = render_letter(inquiry, at=AT)
    edit_person(story.contact.user, PersonEdit(name="Somebody Else"), by=CONSOLE_ACTOR, at=AT)
    Inquiry.objects.filter(pk=inquiry.pk).update(body="something else")
    assert render_letter(Inquiry.objects.get(), at=AT) == before


def test_letter_altered_in_the_database_is_detected(story):
    frozen = send_letter(story).letter
    frozen.words["languages"][0]["paragraphs"] = ["pay at once"]
    assert not is_letter_unchanged(frozen)


def test_cancelling_an_inquiry_withdraws_its_letter(story):
    inquiry = send_letter(story)
    cancel_inquiry(inquiry, by=story.officer.by, at=AT)
    assert SentLetter.objects.get().withdrawn_at == AT


def test_forwarded_inquiry_has_a_letter_addressed_to_the_colleague(story):
    inquiry = send_letter(story)
    onward = forward_inquiry(inquiry, to=cities.contact("zhongshan", "Wang Fang"), by=story.officer.by, at=AT)
    assert onward.letter.code != inquiry.letter.code
    assert "Wang Fang" in onward.letter.words["languages"][0]["recipient"]
    assert onward.letter.words["languages"][1]["paragraphs"] == split_paragraphs(OWN)


def test_public_summary_of_a_letter_contains_no_typed_subject(story):
    words = send_letter(story, subject="About Mr Li's cousin").letter.words
    text = f"{words['from']}{words['about']}{words['on']}"
    assert "cousin" not in text
    assert "Li" not in text
    assert all(words["about"].values())


PAIRS = list(product(Language.values, Language.values))


@pytest.mark.parametrize(("theirs", "own"), PAIRS)
def test_letter_has_equal_figures_in_both_languages_and_prints_as_pdf_a(story, theirs, own):
    line = story.line(50_000)
    lines = list(RequestLine.objects.filter(pk=line.pk).select_related("product"))
    first, second = (
        compose_letter(line.supply_request, lines, story.contact, language) for language in (theirs, own)
    )
    assert not compare_numbers(f"{first.subject}\n{first.body}", f"{second.subject}\n{second.body}")
    edit_person(story.contact.user, PersonEdit(language=theirs), by=CONSOLE_ACTOR, at=AT)
    edit_person(story.officer.user, PersonEdit(language=own), by=CONSOLE_ACTOR, at=AT)
    for user in (story.contact.user, story.officer.user):
        user.refresh_from_db()
    both = {"subject_own": second.subject, "body_own": second.body} if own != theirs else {}
    inquiry = send_letter(
        story, subject=first.subject, body=first.body, **({"subject_own": "", "body_own": ""} | both)
    )
    assert [language["language"] for language in inquiry.letter.words["languages"]] == [
        language[:2] for language in dict.fromkeys((theirs, own))
    ]
    with pikepdf.open(BytesIO(render_letter(inquiry, at=AT).pdf)) as pdf, pdf.open_metadata() as facts:
        assert (facts["pdfaid:part"], facts["pdfaid:conformance"]) == ("2", "B")
        assert facts["dc:title"] == first.subject
