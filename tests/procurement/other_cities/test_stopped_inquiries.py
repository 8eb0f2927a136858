"""Tests of stopping inquiries: a city stops only its own inquiries to a contact; only the contact stops all."""

from datetime import timedelta

import pytest

from partners.contacts.actions import (
    ContactEdit,
    add_deputy,
    correct_contact,
    opt_out,
    remove_deputy,
    resume_city_inquiries,
    set_absence,
    stop_city_inquiries,
)
from partners.contacts.models import Contact
from procurement.notifications.builder import build_notifications_for_entry
from procurement.outreach.actions.inquiries import draft_inquiry
from procurement.outreach.actions.periodic import update_inquiries
from procurement.outreach.models.inquiries import Inquiry
from procurement.verification.actions.assignment import request_check
from procurement.verification.actions.checks import propose_check
from procurement.verification.actions.periodic import update_checks
from procurement.verification.models import VerificationTask
from tests.procurement.api.program import Program
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.cities import own_link, powers_for
from tests.worlds.leads import submitted_offer
from tests.worlds.need_to_order import AT, Story
from workflow.journal.models import Entry

WHY = "We found another way to the factory."


@pytest.fixture
def two_cities(story) -> tuple[Story, Story]:
    """Return the example purchases of Burnaby and Markham, both twinned with Zhongshan.

    Each has an inquiry and a check with the same contact.
    """
    other = Story("markham")
    other.contact = story.contact  # type: ignore[misc]  # one person for both
    for one, product in ((story, "MASK_SURG"), (other, "GLOVE_EXAM_NITRILE")):
        cities.twinning(one.city, "zhongshan")
        one.asked(one.line(product=product))
        lead = submitted_offer(one)
        task = propose_check(lead, "sample_test", needed=False, by=one.officer.by, at=AT)
        request_check(task, story.contact, by=one.officer.by, at=AT)
    return story, other


def run_periodic_job():
    update_inquiries(AT)
    update_checks(AT)


def open_inquiries_and_checks(one: Story) -> tuple[list[str], list[str]]:
    asked = Inquiry.objects.filter(city=one.city, contact__user__name="Li Wei")
    checks = VerificationTask.objects.filter(city=one.city, check_kind="sample_test", contact__isnull=False)
    return list(asked.values_list("status", flat=True)), list(checks.values_list("status", flat=True))


def mails_with_verb(verb: str):
    entry = Entry.objects.filter(thing_label="partners.contact", verb=verb).latest("pk")
    return build_notifications_for_entry(entry, AT)


def test_inquiries_stopped_by_one_city_leave_other_citys_inquiries_open(two_cities):
    burnaby, markham = two_cities
    stop_city_inquiries(burnaby.contact, by=markham.officer.by, at=AT, reason=WHY)
    run_periodic_job()
    assert open_inquiries_and_checks(burnaby) == (["sent"], ["requested"])
    assert open_inquiries_and_checks(markham) == (["cancelled"], ["cancelled"])
    burnaby.contact.refresh_from_db()
    assert burnaby.contact.status == Contact.Status.ACTIVE


def test_contact_and_waiting_cities_are_told_who_stopped_inquiries_and_why(two_cities):
    burnaby, markham = two_cities
    stop_city_inquiries(burnaby.contact, by=markham.officer.by, at=AT, reason=WHY)
    told = mails_with_verb("stop_for_city")
    (letter,) = [one for one in told.messages if one.recipient == burnaby.contact.user]
    for words in (str(markham.officer.user), WHY, "万锦"):
        assert words in letter.body, words
    assert {one.recipient for one in told.notices} == {burnaby.officer.user}
    (mail,) = [one for one in told.messages if one.recipient == burnaby.officer.user]
    for words in (str(markham.officer.user), WHY, "Markham"):
        assert words in mail.body, words


def test_only_contact_can_stop_inquiries_of_all_cities(two_cities):
    burnaby, _markham = two_cities
    for role, place in (("officer", "markham"), ("administrator", "burnaby"), ("officer", "zhongshan")):
        with assert_refused("not_allowed", burnaby.contact):
            opt_out(burnaby.contact, by=cities.powers(role, cities.city(place)), at=AT, reason=WHY)
    opt_out(burnaby.contact, by=own_link(burnaby.contact), at=AT)
    assert burnaby.contact.status == Contact.Status.OPTED_OUT


def test_stopping_inquiries_requires_reason_in_rule_and_api(two_cities):
    burnaby, markham = two_cities
    for reason in ("", "  "):
        with assert_refused("reason_missing", burnaby.contact):
            stop_city_inquiries(burnaby.contact, by=markham.officer.by, at=AT, reason=reason)
    program = Program(markham.officer.user)
    address = f"contacts/{burnaby.contact.pk}/stop-for-city/"
    assert program.refused(address, {})["status"] == 422
    assert program.post(address, {"reason": WHY})["status"] == "active"
    assert program.refused(f"contacts/{burnaby.contact.pk}/stop/", {"reason": WHY})["status"] == 403


def test_city_that_stopped_inquiries_cannot_find_or_ask_contact_until_resumed(two_cities):
    burnaby, markham = two_cities
    contact = burnaby.contact
    stop_city_inquiries(contact, by=markham.officer.by, at=AT, reason=WHY)
    run_periodic_job()
    need = markham.line(product="RESP_KN95").supply_request
    words = {"subject": "Masks?", "body": "Can you help?", "author": markham.officer.user}
    with assert_refused("not_ready"):
        draft_inquiry(need, contact, **words, by=markham.officer.by, at=AT)
    task = VerificationTask.objects.filter(city=markham.city, status="unassigned").latest("pk")
    with assert_refused("not_ready"):
        request_check(task, contact, by=markham.officer.by, at=AT)
    with assert_refused("not_allowed", contact):
        resume_city_inquiries(contact, by=burnaby.officer.by, at=AT)
    resume_city_inquiries(contact, by=markham.officer.by, at=AT)
    assert request_check(task, contact, by=markham.officer.by, at=AT).status == "requested"
    assert mails_with_verb("resume_for_city").messages[0].recipient == contact.user


def test_contact_can_let_city_resume_inquiries(two_cities):
    burnaby, markham = two_cities
    stop_city_inquiries(burnaby.contact, by=markham.officer.by, at=AT, reason=WHY)
    resume_city_inquiries(burnaby.contact, by=own_link(burnaby.contact), at=AT)
    assert burnaby.contact.stopped_for == []
    with assert_refused("not_allowed", burnaby.contact):
        resume_city_inquiries(burnaby.contact, by=own_link(burnaby.contact), at=AT)


def test_contact_is_mailed_changes_by_others_with_name_of_author(two_cities):
    burnaby, _markham = two_cities
    keeper = cities.member("officer", cities.city("zhongshan"), "Gao Jun")
    by = powers_for(keeper)
    colleague = cities.contact("zhongshan", "Zhao Min")
    moves = {
        "correct": lambda: correct_contact(burnaby.contact, ContactEdit(title="Chief"), by=by, at=AT),
        "go_away": lambda: set_absence(burnaby.contact, AT.date() + timedelta(days=2), by=by, at=AT),
        "name_deputy": lambda: add_deputy(burnaby.contact, colleague, by=by, at=AT),
        "drop_deputy": lambda: remove_deputy(burnaby.contact, colleague, by=by, at=AT),
    }
    for verb, move in moves.items():
        move()
        (letter,) = mails_with_verb(verb).messages
        assert (letter.recipient, letter.template) == (burnaby.contact.user, "contact_changed")
        assert "Gao Jun" in letter.body


def test_other_city_can_suggest_contact_change_but_not_make_it(two_cities):
    burnaby, _markham = two_cities
    program = Program(burnaby.officer.user)
    for verb, body in (
        ("correct", {"title": "Chief"}), ("go-away", {"until": "2020-05-01"}), ("name-deputy", {"deputy": burnaby.contact.pk}),
    ):  # fmt: skip
        assert program.refused(f"contacts/{burnaby.contact.pk}/{verb}/", body)["code"] == "not_allowed"
    keeper = cities.member("officer", cities.city("zhongshan"), "Gao Jun")
    assert program.refused(f"contacts/{burnaby.contact.pk}/suggest-change/", {})["status"] == 422
    program.post(f"contacts/{burnaby.contact.pk}/suggest-change/", {"reason": "Her title is Chief now."})
    told = mails_with_verb("suggest_change")
    assert {one.recipient for one in told.messages} == {burnaby.contact.user, keeper}
    assert all("Her title is Chief now." in one.body for one in told.messages)
