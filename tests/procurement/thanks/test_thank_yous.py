"""Tests of thank-yous: ready on delivery, sent once to each person who contributed, with a photo that shows no person."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from partners.contacts.models import Contact, Organization
from procurement.leads.models.leads import SupplierLead
from procurement.notifications.builder import build_notifications_for_entry
from procurement.orders.actions.close import thank_donor
from procurement.orders.models import Order
from procurement.outreach.actions.inquiries import forward_inquiry
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry
from procurement.thanks.actions import (
    ThankYouText,
    choose_photo,
    resume_thank_you,
    send_thank_you,
    skip_thank_you,
)
from procurement.thanks.drafts import ArrivalSummary, PortalPageContents, compose_thank_you
from procurement.thanks.models import ThankYou, ThankYouMessage
from procurement.thanks.queries import arrival_summary, helpers_of, photo_choices, thank_yous_to
from procurement.thanks.rules import THANK_YOU_MOVES
from procurement.verification.models import VerificationTask
from tests.procurement.refusals import assert_refused
from tests.procurement.shipments.compared_permissions import compare_with_rules
from tests.worlds import cities
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import DELIVERED_AT, Journey
from tests.worlds.thank_yous import attach_photo, departed_donation, thank_you_of
from workflow.journal.models import Entry
from workflow.outbox.models import Message


def send_thanks(story: Journey, thank_you: ThankYou, *to: Contact, **facts: Any) -> ThankYou:
    people = to or [one.contact for one in helpers_of(thank_you.order)]
    said = [ThankYouText(contact=one, subject="谢谢", body="口罩已到。") for one in people]
    said = facts.pop("said", said)
    given = {
        "language_pair": "zh-en",
        "author": story.officer.user,
        "by": story.officer.by,
        "at": DELIVERED_AT,
        **facts,
    }
    return send_thank_you(thank_you, said, **given)


def test_thank_you_is_created_once_per_order_on_delivery(story: Journey) -> None:
    order = story.ready()
    first = story.delivered(story.plan(order, part=4_000))
    thank_you = thank_you_of(first)
    assert (thank_you.reference, thank_you.status, thank_you.order, thank_you.city) == (
        "TP-2020-0001",
        "ready",
        order,
        story.city,
    )
    second = story.delivered(story.plan(order))
    assert not second.thank_yous.exists()
    assert ThankYou.objects.visible_to(story.observer.by).get() == thank_you
    assert not ThankYou.objects.visible_to(story.stranger.by).exists()


def test_order_to_which_no_contact_contributed_gets_no_thank_you(story: Journey) -> None:
    order = story.ready(story.promise(contact=None))
    shipment = story.plan(order)
    VerificationTask.objects.update(status="cancelled")  # so no contact made an accepted check
    shipment = story.delivered(shipment)
    assert helpers_of(order) == []
    assert not shipment.thank_yous.exists()


def test_offering_contact_and_checker_are_each_listed_once_to_be_thanked(story: Journey) -> None:
    thank_you = thank_you_of(story.delivered())
    found = {one.contact: one.thanked_for for one in helpers_of(thank_you.order)}
    assert found == {story.contact: "offered", story.checker: "checked"}


def test_office_of_the_donor_city_is_thanked_too(story: Journey) -> None:
    shipment = departed_donation(story)
    order = shipment.lines.get().order_line.order
    office = Organization.objects.create(
        city=cities.city("foshan"), kind="foreign_affairs_office", name_en="Foreign Affairs Office DEMO"
    )
    person = cities.contact("foshan", "He Min")
    Contact.objects.filter(pk=person.pk).update(organization=office)
    Order.objects.filter(pk=order.pk).update(donor_city=cities.city("foshan"))
    thank_you = thank_you_of(story.delivered(shipment))
    assert {one.contact.pk: one.thanked_for for one in helpers_of(thank_you.order)}[person.pk] == "office"


def introduced_order(story: Journey, **facts: Any) -> tuple[Order, Contact]:
    """Return an order of goods for which a contact of a partner city made the introduction, and that contact."""
    order = story.delivered().lines.get().order_line.order
    asked, introducer = story.asked(story.line()), cities.contact("foshan", "Sun Yi")
    SupplierLead.objects.filter(allocations__order_line__order=order).update(inquiry=asked)
    Inquiry.objects.filter(pk=asked.pk).update(introducer=introducer, **facts)
    return order, introducer


def test_contact_of_the_partner_city_who_introduced_is_thanked_too(story: Journey) -> None:
    order, introducer = introduced_order(story)
    found = {one.contact: one.thanked_for for one in helpers_of(order)}
    assert found == {story.contact: "offered", story.checker: "checked", introducer: "introduced"}


def test_contact_whose_earlier_consent_was_used_is_thanked_too(story: Journey) -> None:
    order, introducer = introduced_order(story)
    asked = Inquiry.objects.get(introducer=introducer)
    consent = IntroductionConsent.objects.create(
        reference="IC-2020-0001", status="active", created_at=AT, inquiry=story.asked(story.line()), city=story.city,
        through_city=introducer.city, contact=asked.contact, introducer=introducer, given_by=introducer.user, ends_on=AT.date(),
    )  # fmt: skip
    Inquiry.objects.filter(pk=asked.pk).update(introducer=None, consent=consent)
    assert {one.contact: one.thanked_for for one in helpers_of(order)}[introducer] == "introduced"


def test_introducer_of_the_colleague_who_passed_the_inquiry_on_is_thanked(story: Journey) -> None:
    order, introducer = introduced_order(story)
    first = Inquiry.objects.get(introducer=introducer)
    onward = forward_inquiry(first, to=cities.contact(name="Chen Fang"), by=story.officer.by, at=AT)
    SupplierLead.objects.filter(inquiry=first).update(inquiry=onward)
    assert introducer in {one.contact for one in helpers_of(order)}


def test_contact_of_the_partner_city_who_declined_is_not_thanked(story: Journey) -> None:
    order, introducer = introduced_order(story, sent_at=None, due_at=None, status="consent_declined")
    assert introducer not in {one.contact for one in helpers_of(order)}


@pytest.mark.parametrize("language", ["en", "fr-ca", "zh-hans"])
def test_thank_you_letter_differs_by_contribution_and_never_names_the_supplier(
    story: Journey, language: str
) -> None:
    thank_you = thank_you_of(story.delivered())
    arrived = arrival_summary(thank_you.order)
    shown = PortalPageContents(has_photo=True, has_letter=False)
    said = {
        why: compose_thank_you(story.contact, why, arrived, shown, language)
        for why in ThankYouMessage.Reason.values
    }
    assert len({one.body for one in said.values()}) == 4
    assert all(story.supplier.name not in one.body for one in said.values())
    assert "10" in said["offered"].body
    nothing = ArrivalSummary(story.city, [], 0, 5, None)
    assert compose_thank_you(story.contact, "checked", nothing, shown, language).subject


def test_thank_you_is_sent_once_with_a_message_to_each_helper(story: Journey) -> None:
    thank_you = send_thanks(story, thank_you_of(story.delivered()))
    assert (thank_you.status, thank_you.sent_at) == ("sent", DELIVERED_AT)
    notes = {note.contact: note for note in thank_you.messages.all()}
    assert set(notes) == {story.contact, story.checker}
    note = notes[story.contact]
    assert (note.thanked_for, note.body, str(note)) == ("offered", "口罩已到。", f"{thank_you}: Li Wei")
    entry = Entry.objects.get(thing_label="procurement.thankyoumessage", thing_id=note.pk)
    (mail,) = build_notifications_for_entry(entry, DELIVERED_AT).messages
    assert (mail.recipient, mail.template, mail.subject) == (story.contact.user, "thank_you_message", "谢谢")
    assert "口罩已到。" in mail.body
    with assert_refused("wrong_status", thank_you):
        send_thanks(story, thank_you)
    assert ThankYouMessage.objects.visible_to(story.officer.by).count() == 2
    assert not ThankYouMessage.objects.visible_to(own_link(story.contact)).exists()
    assert note in thank_yous_to(story.contact.user)
    assert not ThankYouMessage.objects.visible_to(story.stranger.by).exists()


def test_thank_you_is_sent_only_to_helpers_who_take_mail(story: Journey) -> None:
    thank_you = thank_you_of(story.delivered())
    with assert_refused("nobody_chosen", thank_you):
        send_thanks(story, thank_you, said=[])
    with assert_refused("not_a_helper", thank_you):
        send_thanks(story, thank_you, cities.contact("foshan", "He Min"))
    empty = [ThankYouText(contact=story.contact, subject="", body="x")]
    with assert_refused("message_missing", thank_you):
        send_thanks(story, thank_you, said=empty)
    Contact.objects.filter(pk=story.contact.pk).update(status="opted_out")
    with assert_refused("not_a_helper", thank_you):
        send_thanks(story, thank_you)
    assert send_thanks(story, thank_you, story.checker).messages.count() == 1


def test_thank_you_for_a_closed_donation_includes_letter_and_certificate(
    story: Journey,
) -> None:
    shipment = story.closed(departed_donation(story))
    thank_you = send_thanks(story, thank_you_of(shipment))
    thank_you.order.refresh_from_db()
    assert (thank_you.order.status, thank_you.order.thanked_at) == ("thanked", DELIVERED_AT)
    assert (thank_you.letter.kind, thank_you.certificate.kind) == ("thanks_letter", "thanks_certificate")
    entry = Entry.objects.get(thing_label="procurement.order", verb="thank")
    assert not [
        one
        for one in build_notifications_for_entry(entry, DELIVERED_AT).messages
        if one.template == "donation_thanks"
    ]


def test_thank_you_before_release_has_no_documents_and_leaves_the_donation_open(
    story: Journey,
) -> None:
    thank_you = send_thanks(story, thank_you_of(story.delivered(departed_donation(story))))
    assert (thank_you.letter, thank_you.certificate) == (None, None)
    assert Order.objects.get(pk=thank_you.order_id).status == "ready_to_ship"


def test_donation_thanked_by_letter_is_no_longer_waiting(story: Journey) -> None:
    thank_you = thank_you_of(story.closed(departed_donation(story)))
    assert ThankYou.objects.waiting().get() == thank_you
    thank_donor(thank_you.order, by=story.officer.by, at=DELIVERED_AT)
    assert not ThankYou.objects.waiting().exists()
    entry = Entry.objects.get(thing_label="procurement.order", verb="thank")
    assert [one.template for one in build_notifications_for_entry(entry, DELIVERED_AT).messages] == [
        "donation_thanks"
    ]
    assert not Message.objects.filter(template="thank_you_message").exists()


def test_thank_you_photo_must_show_these_goods_and_no_person(story: Journey) -> None:
    shipment = story.delivered()
    thank_you, photo = thank_you_of(shipment), attach_photo(story, shipment, "arrival.jpg")
    elsewhere = attach_photo(story, story.plan(), "other.jpg")
    who: dict[str, Any] = {"by": story.officer.by, "at": DELIVERED_AT}
    assert list(photo_choices(thank_you.order, story.officer.by)) == [photo]
    with assert_refused("somebody_seen", thank_you):
        choose_photo(thank_you, photo=photo, shows_no_person=False, **who)
    with assert_refused("not_of_these_goods", thank_you):
        choose_photo(thank_you, photo=elsewhere, shows_no_person=True, **who)
    assert choose_photo(thank_you, photo=photo, shows_no_person=True, **who).photo == photo
    with pytest.raises(IntegrityError), transaction.atomic():
        ThankYou.objects.filter(pk=thank_you.pk).update(shows_no_person=False)
    assert choose_photo(thank_you, photo=None, shows_no_person=True, **who).shows_no_person is False


def ready_thank_you(story: Journey) -> ThankYou:
    return thank_you_of(story.delivered())


def skipped_thank_you(story: Journey) -> ThankYou:
    return skip_thank_you(
        ready_thank_you(story), reason="Thanked by phone.", by=story.officer.by, at=DELIVERED_AT
    )


THANK_YOU_ROWS = [
    ("ready", ready_thank_you, {"officer": "choose send skip"}),
    ("skipped", skipped_thank_you, {"officer": "resume"}),
    ("sent", lambda story: send_thanks(story, ready_thank_you(story)), {}),
]


@pytest.mark.parametrize(("status", "reach", "expected"), THANK_YOU_ROWS)
def test_allowed_thank_you_actions_by_status_and_role(
    story: Journey, status: str, reach: Any, expected: dict[str, str]
) -> None:
    compare_with_rules(story, THANK_YOU_MOVES, reach(story), status, expected)


def test_thank_you_is_skipped_with_a_reason_and_resumed(story: Journey) -> None:
    thank_you = ready_thank_you(story)
    with assert_refused("reason_missing", thank_you):
        skip_thank_you(thank_you, reason=" ", by=story.officer.by, at=DELIVERED_AT)
    skip_thank_you(thank_you, reason="Thanked by phone.", by=story.officer.by, at=DELIVERED_AT)
    assert resume_thank_you(thank_you, by=story.officer.by, at=DELIVERED_AT).status == "ready"


def test_thank_yous_are_found_by_reference_and_order(story: Journey) -> None:
    thank_you = ready_thank_you(story)
    for text in ("TP-2020", thank_you.order.reference):
        assert ThankYou.objects.search(text).get() == thank_you
