"""Tests of a need that changes after an inquiry: waiting mail and pages show the change, and contacts are notified."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from procurement.notifications.builder import build_messages
from procurement.outreach.actions.periodic import update_inquiries
from procurement.outreach.actions.reminders import cancel_inquiry
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.queries.letters import changed_need_text, changes_since_written
from procurement.requests.actions.lines import LineFacts, set_lines
from procurement.requests.actions.requests import RequestEdit, edit_request
from procurement.requests.rules import ANNOUNCE_CHANGES_AFTER
from tests.procurement.portal.by_link import open_link_page
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache, create_instance
from workflow.formatting import quote_typed
from workflow.journal.models import Entry
from workflow.outbox.models import Message
from workflow.outbox.queue import enqueue_for_entry
from workflow.templatetags.history import readable_value

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=2)


@pytest.fixture
def sent_inquiry(db) -> Inquiry:
    story = Story()
    inquiry = story.asked(story.line(7_300))
    inquiry.story = story
    return inquiry


def reduce_need(inquiry: Inquiry, pieces: int, reason: str = "Half was found.", at=LATER) -> None:
    line = inquiry.supply_request.lines.get()
    facts = LineFacts(product=line.product, quantity=pieces, standards=list(line.standards.all()))
    by = inquiry.story.officer.by
    set_lines(inquiry.supply_request, [facts], reason=reason, by=by, at=at)


def reloaded_inquiry(inquiry: Inquiry) -> Inquiry:
    return Inquiry.objects.get(pk=inquiry.pk)


def test_change_of_a_need_is_shown_with_the_current_quantity_and_the_reason(sent_inquiry):
    assert changed_need_text(reloaded_inquiry(sent_inquiry)) == ""
    reduce_need(sent_inquiry, 4_150, "The province sent the rest.")
    assert "4,150" in changed_need_text(reloaded_inquiry(sent_inquiry))
    told = dict(changes_since_written(reloaded_inquiry(sent_inquiry)))
    assert "7,300" in str(told)
    assert "4,150" in str(told)
    assert "“The province sent the rest.”" in told.values()


def test_reason_given_once_for_the_need_and_its_lines_is_shown_once(sent_inquiry, client):
    """One submission of the form changes the need and its lines: two entries with one reason."""
    clear_instance_cache()
    create_instance("practice", LATER)
    client.force_login(sent_inquiry.story.officer.user)
    need, line = sent_inquiry.supply_request, sent_inquiry.supply_request.lines.get()
    form = {
        "title": "Masks for wards", "declared_use": need.declared_use, "facility_kinds": need.facility_kinds,
        "needed_by": "2020-05-20", "deliver_to": need.deliver_to, "notes": need.notes, "reason": "Half was found.",
        f"quantity{line.pk}": 4_150,
    }  # fmt: skip
    assert client.post(f"{need.get_absolute_url()}edit/", form).status_code == 303
    clear_instance_cache()
    told = changes_since_written(reloaded_inquiry(sent_inquiry))
    assert len(told) == 3
    assert [what for what, _said in told].count("Reason") == 1


def test_periodic_job_announces_a_changed_need_once_for_each_group_of_changes(sent_inquiry):
    update_inquiries(LATER)
    assert reloaded_inquiry(sent_inquiry).change_announced_at is None, "nothing has changed"
    reduce_need(sent_inquiry, 4_150)
    update_inquiries(LATER + timedelta(minutes=59))
    assert reloaded_inquiry(sent_inquiry).change_announced_at is None, (
        "further changes within the hour go with it"
    )
    reduce_need(sent_inquiry, 4_100, at=LATER + timedelta(minutes=59))
    update_inquiries(LATER + ANNOUNCE_CHANGES_AFTER)
    first = reloaded_inquiry(sent_inquiry).change_announced_at
    assert first == LATER + ANNOUNCE_CHANGES_AFTER
    update_inquiries(LATER + timedelta(hours=2))
    assert reloaded_inquiry(sent_inquiry).change_announced_at == first, "both changes were announced together"
    reduce_need(sent_inquiry, 2_020, at=LATER + timedelta(hours=3))
    update_inquiries(LATER + timedelta(hours=4))
    assert reloaded_inquiry(sent_inquiry).change_announced_at > first


def test_contact_of_a_cancelled_inquiry_is_not_informed_of_a_changed_need(sent_inquiry):
    cancel_inquiry(sent_inquiry, reason="We found them.", by=sent_inquiry.story.officer.by, at=AT)
    reduce_need(sent_inquiry, 4_150)
    update_inquiries(LATER + ANNOUNCE_CHANGES_AFTER)
    assert reloaded_inquiry(sent_inquiry).change_announced_at is None


def test_contact_page_shows_the_current_quantity_and_the_reason_of_a_changed_need(sent_inquiry):
    reduce_need(sent_inquiry, 4_150, "The province sent the rest.")
    page = open_link_page(sent_inquiry)
    assert "4,150" in page
    assert "The province sent the rest." in page


def planned_messages(inquiry: Inquiry, verb: str) -> None:
    entry = Entry.objects.filter(verb=verb, thing_id=inquiry.pk, thing_label="procurement.inquiry").latest(
        "pk"
    )
    enqueue_for_entry(entry, build_messages(entry, entry.at), entry.at)


def test_contact_who_received_the_inquiry_gets_an_email_about_the_changed_need(sent_inquiry):
    planned_messages(sent_inquiry, "send")
    Message.objects.filter(template="inquiry").update(state=Message.State.SENT, sent_at=AT)
    reduce_need(sent_inquiry, 4_150, "The province sent the rest.")
    update_inquiries(LATER + ANNOUNCE_CHANGES_AFTER)
    planned_messages(sent_inquiry, "restate")
    mail = Message.objects.get(template="inquiry_changed")
    assert mail.recipient == sent_inquiry.contact.user
    assert "4,150" in mail.body
    assert "The province sent the rest." in mail.body


def test_inquiry_email_that_waits_for_the_morning_is_replaced_by_one_with_the_current_quantity(sent_inquiry):
    planned_messages(sent_inquiry, "send")
    reduce_need(sent_inquiry, 4_150)
    update_inquiries(LATER + ANNOUNCE_CHANGES_AFTER)
    planned_messages(sent_inquiry, "restate")
    assert not Message.objects.filter(template="inquiry_changed").exists()
    mails = {mail.state: mail for mail in Message.objects.filter(template="inquiry")}
    assert set(mails) == {"cancelled", "planned"}
    assert "4,150" in mails["planned"].body


NEW = {
    "title": "Masks for the care homes",
    "notes": "Only sealed cartons.",
    "deliver_to": "Central Stores, 4949 Canada Way",
    "needed_by": date(2020, 5, 28),
    "accepts": ["donation"],
    "declared_use": "community",
}


@pytest.mark.parametrize("name", NEW)
def test_contact_email_and_page_show_the_old_and_new_value_of_each_changed_need_field(sent_inquiry, name):
    planned_messages(sent_inquiry, "send")
    Message.objects.filter(template="inquiry").update(state=Message.State.SENT, sent_at=AT)
    need, by = sent_inquiry.supply_request, sent_inquiry.story.officer.by
    field = need._meta.get_field(name)
    edit_request(need, RequestEdit(**{name: NEW[name]}), by=by, at=LATER, reason="The council decided.")
    update_inquiries(LATER + ANNOUNCE_CHANGES_AFTER)
    planned_messages(sent_inquiry, "restate")
    mail = Message.objects.get(template="inquiry_changed")
    stored = Entry.objects.filter(thing_label="procurement.supplyrequest", verb="edit").latest("pk")
    with translation.override(mail.language):
        old, new = readable_value(field, stored.before[name]), readable_value(field, stored.after[name])
        if name in ("title", "notes", "deliver_to"):  # the city typed it, so it is quoted
            old, new = (one if one in ("", "–") else quote_typed(one) for one in (old, new))
    assert old != new
    for place in (
        mail.body,
        open_link_page(sent_inquiry, "en" if mail.language.startswith("en") else mail.language).text,
    ):
        assert f"{old} → {new}" in place
        assert "The council decided." in place


@pytest.mark.parametrize(
    "own_affair",
    [
        {"visibility": "network"},
        {"importer_of_record": "City of Burnaby"},
        {"reconfirm_by": date(2020, 5, 2)},
    ],
)
def test_change_of_an_internal_need_field_is_not_reported_to_contacts(sent_inquiry, own_affair):
    planned_messages(sent_inquiry, "send")
    Message.objects.filter(template="inquiry").update(state=Message.State.SENT, sent_at=AT)
    edit_request(
        sent_inquiry.supply_request,
        RequestEdit(**own_affair),
        by=sent_inquiry.story.officer.by,
        at=LATER,
        reason="Half was found.",
    )
    update_inquiries(LATER + ANNOUNCE_CHANGES_AFTER)
    assert reloaded_inquiry(sent_inquiry).change_announced_at is None
    assert changes_since_written(reloaded_inquiry(sent_inquiry)) == []
    assert changed_need_text(reloaded_inquiry(sent_inquiry)) == ""


def test_change_of_a_line_date_is_shown_with_its_old_and_new_value(sent_inquiry):
    line = sent_inquiry.supply_request.lines.get()
    for at, day in ((LATER, date(2020, 5, 5)), (LATER + timedelta(hours=1), date(2020, 5, 9))):
        facts = LineFacts(
            product=line.product, quantity=line.quantity, standards=list(line.standards.all()), needed_by=day
        )
        set_lines(
            sent_inquiry.supply_request,
            [facts],
            by=sent_inquiry.story.officer.by,
            at=at,
            reason="Half was found.",
        )
    with translation.override("en"):
        text = " ".join(how for _what, how in changes_since_written(reloaded_inquiry(sent_inquiry)))
    assert "needed by 5 May 2020 → " in text or "needed by May 5, 2020 → " in text
    assert "9 May 2020" in text or "May 9, 2020" in text


def test_need_lines_saved_without_a_difference_are_not_reported_as_changed(sent_inquiry):
    planned_messages(sent_inquiry, "send")
    Message.objects.filter(template="inquiry").update(state=Message.State.SENT, sent_at=AT)
    reduce_need(sent_inquiry, 7_300)
    update_inquiries(LATER + ANNOUNCE_CHANGES_AFTER)
    entry = Entry.objects.filter(thing_label="procurement.inquiry", verb="restate").last()
    assert entry is None or build_messages(entry, entry.at) == []
    assert changed_need_text(reloaded_inquiry(sent_inquiry)) == ""
