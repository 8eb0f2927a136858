"""Tests of the translation of a contact's reply: stored with its author, and visible to the asking city."""

import pytest

from procurement.outreach.actions.replies import decline_inquiry, record_answer, translate_remark
from tests.browsing import Browser
from tests.procurement.outreach.test_inquiries import powers_by_own_link
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        cities.twinning("burnaby", "zhongshan")
        assert story.officer and story.observer and story.stranger
        story.inquiry = story.asked(story.line())
        yield story


@pytest.fixture
def declined_inquiry(story):
    return decline_inquiry(
        story.inquiry, remark="目前没有库存。", by=powers_by_own_link(story.inquiry), at=AT
    )


def test_translation_of_a_reply_can_be_added_and_corrected_with_both_versions_in_the_history(
    story, declined_inquiry
):
    officer = Browser(story.officer.user)
    form = officer.open(declined_inquiry).follow("Add translation")
    assert "目前没有库存。" in form
    page = form.press("Add translation", translation="No stock at pressent.")
    assert "No stock at pressent." in page
    assert f"Translated by {story.officer.user.name}, 16 April 2020" in page
    page = page.follow("Correct the translation").press("Add translation", translation="No stock at present.")
    assert "No stock at present." in page
    assert [
        entry.facts["translation"] for entry in history_of(declined_inquiry).filter(verb="translate")
    ] == [
        "No stock at present.",
        "No stock at pressent.",
    ]
    declined_inquiry.refresh_from_db()
    assert (declined_inquiry.status, declined_inquiry.remark) == ("declined", "目前没有库存。")


def test_blank_translation_is_refused_at_its_field(story, declined_inquiry):
    with assert_refused("translation_missing", declined_inquiry) as no:
        translate_remark(declined_inquiry, translation=" \n", by=story.officer.by, at=AT)
    assert no.value.details["field"] == "translation"
    wrong = Browser(story.officer.user).open(f"{declined_inquiry.get_absolute_url()}translate/")
    assert set(wrong.press("Add translation", translation="").wrong) == {"translation"}


def test_reply_without_a_remark_cannot_be_translated(story):
    record_answer(story.inquiry, by=powers_by_own_link(story.inquiry), at=AT)
    with assert_refused("not_ready", story.inquiry):
        translate_remark(story.inquiry, translation="No stock.", by=story.officer.by, at=AT)
    assert "Add translation" not in Browser(story.officer.user).open(story.inquiry)


def test_observer_reads_a_translation_but_cannot_add_one(story, declined_inquiry):
    translate_remark(declined_inquiry, translation="No stock.", by=story.officer.by, at=AT)
    page = Browser(story.observer.user).open(declined_inquiry)
    assert "No stock." in page
    assert "Correct the translation" not in page
    assert Browser(story.stranger.user).open(f"{declined_inquiry.get_absolute_url()}translate/").status == 404
