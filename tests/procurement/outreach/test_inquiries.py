"""Tests of inquiries to contacts abroad: status changes, reminders, consent of a partner city, and visibility."""

from datetime import timedelta

import pytest

from accounts.actors import CONSOLE_ACTOR
from partners.agreements.actions import end_agreement, suspend_agreement
from partners.contacts.actions import opt_out
from partners.contacts.models import Contact
from partners.permissions.permissions import permissions_by_link
from procurement.leads.actions.leads import submit_answer
from procurement.outreach.actions.inquiries import (
    AskingCityActor,
    InquiryEdit,
    ask_partner_city,
    draft_inquiry,
    forward_inquiry,
    give_consent,
    refuse_consent,
    revise_inquiry,
    send_inquiry,
)
from procurement.outreach.actions.periodic import (
    expire_unanswered_inquiries,
    send_reminders,
    update_inquiries,
)
from procurement.outreach.actions.reminders import (
    allow_other_contact,
    cancel_inquiry,
    expire_inquiry,
    remind_contact,
)
from procurement.outreach.actions.replies import decline_inquiry
from procurement.outreach.letters import compose_letter
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.rules.dates import needs_phone_call
from procurement.outreach.rules.inquiries import INQUIRY_MOVES
from procurement.outreach.rules.readiness import closed_need_refusal
from procurement.requests.actions.requests import reconfirm_request, stop_request, withdraw_request
from procurement.requests.models import SupplyRequest
from tests.procurement.refusals import assert_refused, open_verbs
from tests.worlds import cities
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT
from workflow.actors import SYSTEM


def draft_inquiry_to(story, contact=None, **facts):
    need = facts.pop("need", None) or story.line().supply_request
    given = {"subject": "Masks?", "body": "Can you help?", **facts}
    return draft_inquiry(
        need, contact or story.contact, author=story.officer.user, by=story.officer.by, at=AT, **given
    )


def sent_inquiry(story, **facts):
    return send_inquiry(draft_inquiry_to(story, **facts), by=story.officer.by, at=AT)


def reconfirm_needs(story):
    """Reconfirm all needs of the city for half a year, so that reminders go on."""
    until = AT.date() + timedelta(days=180)
    for need in SupplyRequest.objects.open():
        reconfirm_request(need, until=until, by=story.officer.by, at=AT)


def powers_by_own_link(inquiry):
    return permissions_by_link(inquiry.contact.user, inquiry.contact, ("procurement.inquiry", inquiry.pk))


def inquiry_through_partner(story):
    """Return an inquiry through Zhongshan, whose officer may agree."""
    cities.member("officer", cities.city("zhongshan"))
    return draft_inquiry_to(story, contact=cities.contact("foshan"), through_city=cities.city("zhongshan"))


def inquiry_awaiting_consent(story):
    return ask_partner_city(inquiry_through_partner(story), by=story.officer.by, at=AT)


def declined_inquiry(story):
    inquiry = sent_inquiry(story)
    return decline_inquiry(inquiry, remark="nothing here", by=powers_by_own_link(inquiry), at=AT)


def expired_inquiry(story):
    return expire_inquiry(sent_inquiry(story), by=story.officer.by, at=AT)


def unanswered_inquiry(story):
    """Return an inquiry for which the periodic job announced that another person may be asked."""
    return allow_other_contact(sent_inquiry(story), by=SYSTEM, at=AT)


def cancelled_inquiry(story):
    return cancel_inquiry(sent_inquiry(story), by=story.officer.by, at=AT)


# Status: how to reach it, and what the asking officer and the contact by link may do then.
TABLE = [
    ("draft", draft_inquiry_to, "revise send cancel", ""),
    ("draft", inquiry_through_partner, "revise ask_partner cancel", ""),
    ("awaiting_consent", inquiry_awaiting_consent, "remind cancel", ""),
    (
        "sent",
        sent_inquiry,
        "answer decline record_phone_reply forward remind redate expire cancel",
        "answer query decline forward",
    ),
    (
        "sent",
        unanswered_inquiry,
        "answer decline record_phone_reply forward remind redate ask_next expire cancel",
        "answer query decline forward",
    ),
    (
        "no_reply",
        expired_inquiry,
        "answer decline record_phone_reply forward",
        "answer query decline forward",
    ),
    ("declined", declined_inquiry, "translate", ""),
    ("cancelled", cancelled_inquiry, "", ""),
]


@pytest.mark.parametrize(
    ("status", "reach", "officer", "contact"), TABLE, ids=[row[1].__name__ for row in TABLE]
)
def test_allowed_inquiry_actions_by_status_for_officer_contact_and_other_roles(
    story, status, reach, officer, contact
):
    inquiry = reach(story)
    assert inquiry.status == status
    assert open_verbs(INQUIRY_MOVES, inquiry, story.officer.by) == officer
    assert open_verbs(INQUIRY_MOVES, inquiry, powers_by_own_link(inquiry)) == contact
    for role in ("approver", "verifier", "logistics", "observer"):
        assert open_verbs(INQUIRY_MOVES, inquiry, story.person(role).by) == "", role
    assert open_verbs(INQUIRY_MOVES, inquiry, story.stranger.by) == ""


def test_second_inquiry_to_the_same_contact_for_a_need_is_refused(story):
    inquiry = sent_inquiry(story)
    with assert_refused("asked_already", inquiry):
        draft_inquiry_to(story, need=inquiry.supply_request)


def test_inquiry_for_a_paused_need_cannot_be_drafted(story):
    need = story.line().supply_request
    stop_request(need, reason="enough", by=story.officer.by, at=AT)
    with assert_refused("not_ready", need):
        draft_inquiry_to(story, need=need)


def test_inquiry_to_a_contact_who_stopped_inquiries_cannot_be_sent(story):
    inquiry = draft_inquiry_to(story)
    opt_out(story.contact, by=own_link(story.contact), at=AT)
    with assert_refused("not_ready", inquiry) as no:
        send_inquiry(Inquiry.objects.get(pk=inquiry.pk), by=story.officer.by, at=AT)
    assert no.value.details["field"] == "contact"


def test_inquiry_with_a_blank_message_cannot_be_sent(story):
    inquiry = draft_inquiry_to(story, body=" ")
    with assert_refused("not_ready", inquiry):
        send_inquiry(inquiry, by=story.officer.by, at=AT)


def test_draft_inquiry_message_can_be_edited(story):
    inquiry = revise_inquiry(
        draft_inquiry_to(story), InquiryEdit(subject="N95", body="Dear"), by=story.officer.by, at=AT
    )
    assert (inquiry.subject, inquiry.body) == ("N95", "Dear")


def test_inquiry_through_a_partner_city_is_sent_only_after_that_city_consents(story):
    inquiry = inquiry_through_partner(story)
    with assert_refused("not_ready", inquiry):
        send_inquiry(inquiry, by=story.officer.by, at=AT)
    ask_partner_city(inquiry, by=story.officer.by, at=AT)
    there = cities.powers("officer", cities.city("zhongshan"))
    assert give_consent(inquiry, by=there, at=AT).status == "sent"


def test_only_the_partner_city_can_decline_consent_and_needs_no_reason(story):
    inquiry = inquiry_awaiting_consent(story)
    with assert_refused("not_allowed", inquiry):
        refuse_consent(inquiry, by=story.officer.by, at=AT)
    there = cities.powers("officer", cities.city("zhongshan"))
    assert refuse_consent(inquiry, by=there, at=AT).status == "consent_declined"


def test_consent_cannot_be_requested_for_a_direct_contact(story):
    inquiry = draft_inquiry_to(story)
    with assert_refused("not_ready", inquiry):
        ask_partner_city(inquiry, by=story.officer.by, at=AT)


def test_sent_inquiry_counts_as_open_for_the_contact_until_it_is_answered(story):
    inquiry = sent_inquiry(story)
    assert Contact.objects.get(pk=story.contact.pk).open_questions == 1
    line = inquiry.supply_request.lines.get()
    lead = submit_answer(
        inquiry,
        author=story.contact.user,
        by=powers_by_own_link(inquiry),
        at=AT + timedelta(hours=6),
        line=line,
        product=line.product,
        supplier=story.supplier,
        stock_quantity=500,
    )
    inquiry.refresh_from_db()
    contact = Contact.objects.get(pk=story.contact.pk)
    assert (inquiry.status, inquiry.leads, inquiry.next_reminder_at) == ("answered", 1, None)
    assert (contact.open_questions, contact.answers, contact.answer_hours) == (0, 1, 6)
    assert lead.link_target == ("procurement.inquiry", inquiry.pk)


def test_link_of_one_inquiry_cannot_decline_another(story):
    first, second = sent_inquiry(story), sent_inquiry(story)
    with assert_refused("not_allowed", second):
        decline_inquiry(second, by=powers_by_own_link(first), at=AT)


def test_forwarding_creates_an_inquiry_for_the_colleague_and_is_possible_once(story):
    inquiry, colleague = sent_inquiry(story), cities.contact("zhongshan", "Zhao Lan")
    onward = forward_inquiry(
        inquiry, to=colleague, remark="she knows them", by=powers_by_own_link(inquiry), at=AT
    )
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.forwarded_to_id) == ("forwarded", onward.pk)
    assert (onward.status, onward.contact_id, onward.reasons[0]["code"]) == (
        "sent",
        colleague.pk,
        "handed_over",
    )
    with assert_refused("wrong_status", inquiry):
        forward_inquiry(inquiry, to=colleague, by=powers_by_own_link(inquiry), at=AT)


def test_inquiry_cannot_be_forwarded_to_another_city_or_to_a_contact_already_asked(story):
    inquiry = sent_inquiry(story)
    with assert_refused("another_city", inquiry):
        forward_inquiry(inquiry, to=cities.contact("wuhan"), by=powers_by_own_link(inquiry), at=AT)
    colleague = cities.contact("zhongshan", "Zhao Lan")
    sent_inquiry(story, need=inquiry.supply_request, contact=colleague)
    with assert_refused("asked_already", inquiry):
        forward_inquiry(inquiry, to=colleague, by=powers_by_own_link(inquiry), at=AT)


def test_three_reminders_are_sent_at_half_time_due_time_and_later_before_a_phone_call_is_due(story):
    inquiry = sent_inquiry(story)
    moments = []
    while inquiry.next_reminder_at is not None:
        at = inquiry.next_reminder_at
        assert send_reminders(at - timedelta(minutes=1)) == 0
        assert send_reminders(at) == 1
        assert send_reminders(at) == 0, "the same reminder goes once"
        moments.append(at - AT)
        inquiry.refresh_from_db()
    # AT is midnight in Zhongshan, where work begins at eight. Half time is a Sunday; the due time is five o'clock.
    assert moments == [timedelta(days=days, hours=hours) for days, hours in ((3, 8), (4, 17), (6, 17))]
    assert needs_phone_call(inquiry)
    with assert_refused("not_ready", inquiry):
        remind_contact(inquiry, by=story.officer.by, at=AT)


def test_overdue_reminder_is_sent_after_a_missed_periodic_run(story):
    sent_inquiry(story)
    reconfirm_needs(story)
    assert send_reminders(AT + timedelta(days=30)) == 1


def test_inquiry_expires_two_weeks_after_its_due_time_and_can_still_be_declined(story):
    inquiry = sent_inquiry(story)
    while inquiry.next_reminder_at is not None:
        assert send_reminders(inquiry.next_reminder_at) == 1
        inquiry.refresh_from_db()
    assert expire_unanswered_inquiries(AT + timedelta(days=13)) == 0
    assert expire_unanswered_inquiries(AT + timedelta(days=15)) == 1
    inquiry.refresh_from_db()
    assert (
        decline_inquiry(inquiry, by=powers_by_own_link(inquiry), at=AT + timedelta(days=16)).status
        == "declined"
    )


def test_withdrawn_need_cancels_its_open_and_draft_inquiries(story):
    waiting, written = sent_inquiry(story), draft_inquiry_to(story, contact=cities.contact("wuhan"))
    for inquiry in (waiting, written):
        withdraw_request(inquiry.supply_request, reason="no more", by=story.officer.by, at=AT)
    assert update_inquiries(AT) == 2
    assert update_inquiries(AT) == 0
    assert Contact.objects.get(pk=story.contact.pk).open_questions == 0


def test_ended_agreement_cancels_only_its_own_inquiries_and_blocks_new_ones(story):
    agreement = cities.twinning("burnaby", "zhongshan")
    inquiry, task_of_another = sent_inquiry(story), sent_inquiry(story, contact=cities.contact("wuhan"))
    assert update_inquiries(AT) == 0
    end_agreement(agreement, why="terminated", by=CONSOLE_ACTOR, at=AT, reason="council vote")
    assert update_inquiries(AT) == 1
    inquiry.refresh_from_db()
    task_of_another.refresh_from_db()
    assert (inquiry.status, task_of_another.status) == ("cancelled", "sent")
    colleague = cities.contact("zhongshan", "Zhao Lan")
    with assert_refused("tie_ended"):
        draft_inquiry_to(story, contact=colleague, need=inquiry.supply_request)


def test_inquiry_stays_open_while_a_second_agreement_of_the_same_cities_is_in_force(story):
    agreement = cities.twinning("burnaby", "zhongshan")
    cities.twinning("burnaby", "zhongshan", "friendship")
    inquiry = sent_inquiry(story)
    end_agreement(agreement, why="expired", by=CONSOLE_ACTOR, at=AT, reason="not renewed")
    assert update_inquiries(AT) == 0
    inquiry.refresh_from_db()
    assert inquiry.status == "sent"


def test_suspended_agreement_of_the_partner_city_in_between_cancels_the_inquiry(story):
    agreement = cities.twinning("zhongshan", "foshan")
    cities.twinning("burnaby", "zhongshan")
    inquiry = inquiry_awaiting_consent(story)
    suspend_agreement(agreement, by=CONSOLE_ACTOR, at=AT, reason="under review")
    assert update_inquiries(AT) == 1
    inquiry.refresh_from_db()
    assert inquiry.status == "cancelled"


def test_periodic_job_may_only_inform_remind_expire_cancel_and_adapt_inquiries_to_needs(story):
    inquiry = sent_inquiry(story)
    verbs = [
        move.verb
        for move in INQUIRY_MOVES
        if not move.creates_object and move.refusal(SYSTEM, inquiry, AT) is None
    ]
    assert verbs == ["inform", "remind", "restate", "allow_alternates", "expire", "cancel"]


@pytest.mark.parametrize("language", ["en", "fr-ca", "zh-hans"])
def test_letter_names_quantity_contact_and_both_cities_in_each_language(story, language):
    line = story.line(12_000)
    letter = compose_letter(line.supply_request, [line], story.contact, language)
    assert "12" in letter.body
    assert "Li Wei" in letter.body
    names = {"zh-hans": ("本拿比", "中山市")}.get(language, ("Burnaby", "Zhongshan"))
    assert all(name in letter.body for name in names)


def test_inquiry_is_visible_to_city_staff_contact_and_coordinator_but_not_to_other_cities(story):
    inquiry = sent_inquiry(story)
    for by in (
        story.officer.by,
        story.observer.by,
        powers_by_own_link(inquiry),
        cities.powers("coordinator"),
    ):
        assert inquiry in Inquiry.objects.visible_to(by)
    assert inquiry not in Inquiry.objects.visible_to(story.stranger.by)
    assert str(inquiry) == inquiry.reference


def test_partner_office_may_ask_in_the_name_of_a_city_but_not_order(story):
    office = AskingCityActor(story.officer.user.pk, "Burnaby")
    assert office.may("ask", story.city)
    assert not office.may("order", story.city)
    assert office.cities_with("ask") == frozenset()


def test_inquiry_for_a_withdrawn_need_is_refused_as_not_open(story):
    inquiry = draft_inquiry_to(story)
    inquiry.supply_request.status = "withdrawn"
    assert "not open" in str(closed_need_refusal(inquiry).message)
