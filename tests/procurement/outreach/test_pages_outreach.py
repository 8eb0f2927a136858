"""Tests of inquiries on pages: suggested contacts with reasons, the message in two languages, and the next steps."""

from io import BytesIO

import pikepdf
import pytest

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from procurement.notifications.builder import build_messages
from procurement.outreach.actions.inquiries import InquiryEdit, draft_inquiry, revise_inquiry, send_inquiry
from procurement.outreach.actions.reminders import allow_other_contact
from procurement.outreach.letter_pdf import split_paragraphs
from procurement.outreach.models.inquiries import Inquiry
from tests.browsing import Browser
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow.actors import SYSTEM
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        cities.twinning("burnaby", "zhongshan")
        cities.twinning("burnaby", "markham")
        cities.twinning("markham", "wuhan")
        assert story.officer and story.observer and story.stranger
        story.near, story.far = story.contact, cities.contact("wuhan", "Zhao Min")
        story.need = story.line(10_000).supply_request
        yield story


@pytest.fixture
def officer(story):
    return Browser(story.officer.user)


def inquiry_by_colleague(story, contact=None, *, send=True, **facts) -> Inquiry:
    """Return an inquiry to a contact, written by another officer."""
    made = draft_inquiry(
        story.need, contact or story.near, subject="能否协助？", body="尊敬的李先生：", author=story.officer.user,
        by=story.officer.by, at=AT, **facts,
    )  # fmt: skip
    return send_inquiry(made, by=story.officer.by, at=AT) if send else made


def test_suggested_contact_is_listed_first_with_reasons_and_receives_the_message_shown(story, officer):
    ask = officer.open(f"{story.need.get_absolute_url()}ask/")
    assert ask.text.index("Li Wei") < ask.text.index("Zhao Min")
    letter = ask.follow("Write to this contact")
    assert letter.value("subject")
    assert "In your language" in letter
    warned = letter.press("Send request", body="尊敬的李先生：\n\n我们急需口罩。此致")
    assert warned.status == 422
    assert "The numbers in the two versions differ." in warned
    after = warned.press("Send request", figures_seen="on")
    inquiry = Inquiry.objects.get()
    assert (inquiry.status, inquiry.contact, inquiry.subject) == ("sent", story.near, letter.value("subject"))
    assert inquiry.body.replace("\r\n", "\n") == "尊敬的李先生：\n\n我们急需口罩。此致"
    assert inquiry.reasons
    assert after.follow("Awaiting reply").at == inquiry.get_absolute_url()


@pytest.fixture
def contact_reads_chinese(story):
    """Set the contact's language to Chinese."""
    edit_person(story.near.user, PersonEdit(language="zh-hans"), by=CONSOLE_ACTOR, at=AT)


def test_edited_messages_in_both_languages_are_stored_and_mailed_unchanged(
    story, officer, contact_reads_chinese
):
    letter = officer.open(f"{story.need.get_absolute_url()}ask/{story.near.pk}/")
    assert "partner cities" in letter.value("body_own")
    assert "partner cities" not in letter.value("body")
    letter.press("Send request", body="尊敬的李先生：口罩", body_own="Dear Mr Li: masks, my own words")
    inquiry = Inquiry.objects.get()
    assert (inquiry.body, inquiry.body_own) == ("尊敬的李先生：口罩", "Dear Mr Li: masks, my own words")
    page = officer.open(inquiry)
    assert "尊敬的李先生：口罩" in page
    assert "Dear Mr Li: masks, my own words" in page
    entry = Entry.objects.filter(thing_label="procurement.inquiry", verb="send").latest("pk")
    (mail,) = build_messages(entry, AT)
    assert mail.body.index("尊敬的李先生：口罩") < mail.body.index("Dear Mr Li: masks, my own words")


def test_contact_who_reads_the_officers_language_gets_one_message(story, officer):
    edit_person(story.near.user, PersonEdit(language="en"), by=CONSOLE_ACTOR, at=AT)
    letter = officer.open(f"{story.need.get_absolute_url()}ask/{story.near.pk}/")
    assert "In your language" not in letter
    letter.press("Send request")
    assert Inquiry.objects.get().body_own == ""


@pytest.mark.parametrize("own", ["", "  "])
def test_second_language_message_may_be_left_blank(story, officer, contact_reads_chinese, own):
    letter = officer.open(f"{story.need.get_absolute_url()}ask/{story.near.pk}/")
    letter.press("Send request", body="口罩", body_own=own)
    inquiry = Inquiry.objects.get()
    assert inquiry.body_own == ""
    assert "In the requesting city’s language" not in officer.open(inquiry)


def test_draft_inquiry_is_edited_in_both_languages_on_its_page(story, officer):
    inquiry = inquiry_by_colleague(story, send=False, body_own="Dear Mr Li")
    form = officer.open(inquiry).follow("Edit message")
    assert form.value("body_own") == "Dear Mr Li"
    form.press("Edit message", body="您好", body_own="Good day")
    inquiry.refresh_from_db()
    assert (inquiry.body, inquiry.body_own) == ("您好", "Good day")
    with assert_refused("other_message", inquiry) as no:
        revise_inquiry(inquiry, InquiryEdit(body="口罩"), by=story.officer.by, at=AT)
    assert no.value.details["field"] == "body_own"
    revise_inquiry(inquiry, InquiryEdit(subject="口罩"), by=story.officer.by, at=AT)


def test_contact_of_a_partners_partner_is_asked_after_the_partner_city_agrees(story, officer):
    letter = officer.open(f"{story.need.get_absolute_url()}ask/{story.far.pk}/")
    assert "Markham is asked first and can decline." in letter
    letter.press("Send request", chosen_because="They make masks there.")
    inquiry = Inquiry.objects.get()
    assert (inquiry.status, inquiry.through_city.slug) == ("awaiting_consent", "markham")
    partner = Browser(story.stranger.user)
    assert "They make masks there." in partner.open(inquiry)
    partner.open(inquiry).follow("Agree").press("Agree")
    inquiry.refresh_from_db()
    assert inquiry.status == "sent"


def test_partner_city_declines_consent_on_its_page_and_the_asking_city_cannot_consent(story, officer):
    letter = officer.open(f"{story.need.get_absolute_url()}ask/{story.far.pk}/")
    letter.press("Send request", chosen_because="They make masks there.")
    inquiry = Inquiry.objects.get()
    partner = Browser(story.stranger.user)
    wrong = partner.open(f"{inquiry.get_absolute_url()}refuse/").press("Decline", reason="")
    assert (wrong.status, set(wrong.wrong)) == (422, {"reason"})
    partner.open(inquiry).follow("Decline").press("Decline", reason="他们本周休假。")
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.remark) == ("consent_declined", "他们本周休假。")
    refused = officer.client.post(f"{inquiry.get_absolute_url()}consent/")
    assert refused.status_code == 403, "who asks does not agree for the partner"


def test_second_inquiry_to_the_same_contact_is_refused_on_the_page_and_the_text_is_kept(story, officer):
    letter = officer.open(f"{story.need.get_absolute_url()}ask/{story.near.pk}/")
    inquiry_by_colleague(story)
    refused = letter.press("Send request", subject="Masks", body="My own words", body_own="")
    assert refused.status == 422
    assert "has already been asked" in refused.alert
    assert Inquiry.objects.count() == 1


def test_inquiry_without_a_subject_is_refused_at_its_field(story, officer):
    at = f"{story.need.get_absolute_url()}ask/{story.near.pk}/"
    wrong = officer.open(at).press("Send request", subject="", body="Please help")
    assert (wrong.status, set(wrong.wrong)) == (422, {"subject"})
    assert not Inquiry.objects.exists()


def test_inquiry_page_of_a_paused_need_is_refused_and_stores_nothing(story, officer):
    letter = officer.open(f"{story.need.get_absolute_url()}ask/{story.near.pk}/")
    officer.open(f"{story.need.get_absolute_url()}stop/").press("Pause new offers", reason="Enough")
    form = letter.form("Send request")
    form_data = form.filled(form.buttons["Send request"], {})
    for given in (form_data, {name: value for name, value in form_data.items() if name != "nonce"}):
        refused = officer.client.post(letter.at, given)
        assert refused.status_code == 422
        assert 'role="alert"' in refused.content.decode()
        assert not Inquiry.objects.exists(), "not even an inquiry that never goes"


def test_draft_inquiry_is_edited_and_sent_and_cannot_be_edited_afterwards(story, officer):
    inquiry = inquiry_by_colleague(story, send=False)
    officer.open(inquiry).follow("Edit message").press("Edit message", subject="口罩", body="您好")
    officer.open(inquiry).press("Send")
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.subject, inquiry.body) == ("sent", "口罩", "您好")
    late = officer.open(f"{inquiry.get_absolute_url()}revise/").press("Edit message", body="Too late")
    assert late.status == 409


def test_draft_inquiry_that_requires_a_reason_is_sent_once_the_reason_is_entered(story, officer):
    busy = cities.contact("zhongshan", "Wang Fang", task_limit=0)
    inquiry = inquiry_by_colleague(story, busy, send=False, chosen_because="Named by Li Wei.")
    form = officer.open(inquiry).follow("Edit message")
    assert form.value("chosen_because") == "Named by Li Wei."
    form.press("Edit message", chosen_because="")
    assert "has reached their maximum number of open requests" in officer.open(inquiry).press("Send").alert
    again = officer.open(inquiry).follow("Edit message")
    again.press("Edit message", chosen_because="She said on the phone that she can.")
    officer.open(inquiry).press("Send")
    inquiry.refresh_from_db()
    assert inquiry.status == "sent"


def test_sent_inquiry_is_reminded_and_then_declined_by_phone_on_its_page(story, officer):
    inquiry = inquiry_by_colleague(story)
    page = officer.open(inquiry)
    assert "能否协助？" in page
    page.press("Send a reminder")
    inquiry.refresh_from_db()
    assert inquiry.reminder_count == 1
    officer.open(inquiry).follow("Record that the contact cannot help").press(
        "Record that the contact cannot help", reason="电话里说没有库存"
    )
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.remark) == ("declined", "电话里说没有库存")
    refused = officer.client.post(f"{inquiry.get_absolute_url()}remind/")
    assert refused.status_code == 409


def test_inquiry_is_withdrawn_or_closed_without_reply_on_its_page(story, officer):
    first, second = inquiry_by_colleague(story), inquiry_by_colleague(story, story.far)
    officer.open(first).press("Withdraw inquiry")
    officer.open(second).press("Stop waiting")
    assert [one.status for one in Inquiry.objects.order_by("pk")] == ["cancelled", "no_reply"]
    assert "Zhao Min" in officer.open("/inquiries/")


def test_inquiry_is_404_for_other_cities_and_sending_is_403_for_observers(story):
    inquiry, base = inquiry_by_colleague(story), story.need.get_absolute_url()
    stranger = Browser(cities.member("officer", cities.city("montreal")))
    for at in (
        f"{base}ask/",
        f"{base}ask/{story.near.pk}/",
        inquiry.get_absolute_url(),
        f"{inquiry.get_absolute_url()}cancel/",
    ):
        assert stranger.open(at).status == 404, at
    assert stranger.client.post(f"{inquiry.get_absolute_url()}cancel/").status_code == 404
    observer = Browser(story.observer.user)
    assert inquiry.reference not in stranger.open("/inquiries/")
    refused = observer.client.post(f"{inquiry.get_absolute_url()}cancel/")
    assert (refused.status_code, 'role="alert"' in refused.content.decode()) == (403, True)
    at = f"{base}ask/{story.far.pk}/"
    assert observer.open(at).status == 403
    assert observer.client.post(at, {"subject": "s", "body": "I ask all the same"}).status_code == 403


def test_inquiry_letter_downloads_as_pdf_in_the_contacts_language_for_its_city_only(story, officer):
    inquiry = inquiry_by_colleague(story)
    page = officer.open(inquiry.get_absolute_url())
    answer = officer.client.get(f"{inquiry.get_absolute_url()}letter/")
    assert "Download letter (PDF)" in page
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "application/pdf",
        f'attachment; filename="{inquiry.reference}.pdf"',
    )
    with pikepdf.open(BytesIO(answer.content)) as pdf, pdf.open_metadata() as facts:
        assert facts["dc:title"] == inquiry.subject
    assert Browser(story.stranger.user).client.get(f"{inquiry.get_absolute_url()}letter/").status_code == 404


def test_letter_paragraphs_follow_the_blank_lines_of_the_message(story):
    inquiry = inquiry_by_colleague(story)
    inquiry.body = "尊敬的李先生：\r\n\r\n我们急需口罩。\r\n此致\n\n"
    assert split_paragraphs(inquiry.body) == ["尊敬的李先生：", "我们急需口罩。\n此致"]
    assert split_paragraphs("  – masks\n  – gowns") == ["– masks\n– gowns"]  # one margin for all items


# --- other choices than suggested, and no answer ---
def test_passing_over_the_first_suggestion_requires_a_reason_shown_on_the_inquiry(story, officer):
    letter = officer.open(f"{story.need.get_absolute_url()}ask/{story.far.pk}/")
    assert "The first suggestion is Li Wei. Explain why you are asking Zhao Min instead." in letter
    wrong = letter.press("Send request", chosen_because=" ")
    assert (wrong.status, set(wrong.wrong)) == (422, {"chosen_because"})
    assert not Inquiry.objects.exists()
    letter.press("Send request", chosen_because="They make masks there.")
    assert "They make masks there." in officer.open(Inquiry.objects.get())


def test_next_suggested_contact_is_asked_with_one_button_after_no_reply(story, officer):
    inquiry = inquiry_by_colleague(story)
    page = officer.open(inquiry)
    assert "You can ask someone else from" in page
    assert "No reply: ask someone else" not in page
    allow_other_contact(inquiry, by=SYSTEM, at=AT)
    assert (
        f"Li Wei has not answered about “{inquiry.supply_request.title}”: ask someone else"
        in officer.open("/")
    )
    page = officer.open(inquiry)
    assert "partner of Markham, your partner city, whose consent is needed" in page
    after = page.press("Ask Zhao Min")
    onward = Inquiry.objects.get(contact=story.far)
    assert (after.at, onward.status) == (inquiry.get_absolute_url(), "awaiting_consent")
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.forwarded_to) == ("no_reply", onward)
    assert "Contact asked instead" in after
    assert "ask someone else" not in officer.open("/")


def test_another_contact_than_the_next_suggestion_is_chosen_with_a_reason(story, officer):
    third = cities.contact("zhongshan", "Wang Fang")
    inquiry = inquiry_by_colleague(story)
    allow_other_contact(inquiry, by=SYSTEM, at=AT)
    form = officer.open(inquiry).follow("Choose someone else")
    assert form.value("contact") == str(third.pk)
    wrong = form.press("Ask next person", contact=str(story.far.pk))
    assert wrong.status == 422
    form.press("Ask next person", contact=str(story.far.pk), chosen_because="Their factory is near.")
    assert Inquiry.objects.get(contact=story.far).chosen_because == "Their factory is near."


def test_inquiry_page_says_when_no_other_contact_can_be_asked(story, officer):
    inquiry = inquiry_by_colleague(story)
    inquiry_by_colleague(story, story.far, send=False, through_city=cities.city("markham"))
    allow_other_contact(inquiry, by=SYSTEM, at=AT)
    assert "No one else can take another inquiry at present." in officer.open(inquiry)
