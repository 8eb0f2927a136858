"""Thanks are ready as goods are delivered, and go out once: to each who helped, with a photo on which nobody can be recognised."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from partners.models.people import Contact, Organisation
from procurement.notices.planning import tell
from procurement.orders.actions import ending
from procurement.orders.models.order import Order
from procurement.shipments import letters
from procurement.shipments.actions.after.packs import Said, choose_photo, leave_pack, send_pack, take_pack_up
from procurement.shipments.gathering import thanks
from procurement.shipments.gathering.thanks import notes_to
from procurement.shipments.letters import Arrived, Shown
from procurement.shipments.models.thanks import ThanksNote, ThanksPack
from procurement.shipments.rules.after.packs import PACK_MOVES
from tests import world
from tests.procurement.refusals import refused
from tests.procurement.shipments.after.play import brought, pack_of, travelling_gift
from tests.procurement.shipments.matrix.comparing import compare
from tests.procurement.shipments.play import DOOR, Voyage
from tests.world import own_link
from workflow.models.journal import Entry
from workflow.models.post import Message


def send(story: Voyage, pack: ThanksPack, *to: Contact, **facts: Any) -> ThanksPack:
    people = to or [one.contact for one in thanks.helpers(pack.order)]
    said = [Said(contact=one, subject="谢谢", body="口罩已到。") for one in people]
    said = facts.pop("said", said)
    given = {"tongues": "zh-en", "author": story.officer.user, "by": story.officer.by, "at": DOOR, **facts}
    return send_pack(pack, said, **given)


def test_the_pack_is_ready_with_the_delivery_once_an_order(story: Voyage) -> None:
    order = story.ready()
    first = story.delivered(story.plan(order, part=4_000))
    pack = pack_of(first)
    assert (pack.reference, pack.status, pack.order, pack.city) == (
        "TP-2020-0001",
        "ready",
        order,
        story.city,
    )
    second = story.delivered(story.plan(order))
    assert not second.thanks_packs.exists()
    assert ThanksPack.objects.visible_to(story.observer.by).get() == pack
    assert not ThanksPack.objects.visible_to(story.stranger.by).exists()


def test_nobody_to_thank_no_pack(story: Voyage) -> None:
    lead_of_nobody = story.ready(story.promise(contact=None))
    shipment = story.delivered(story.plan(lead_of_nobody))
    helped = thanks.helpers(lead_of_nobody)
    assert shipment.thanks_packs.exists() == bool(helped)


def test_who_brought_it_and_who_checked_it_are_thanked_each_once(story: Voyage) -> None:
    pack = pack_of(story.delivered())
    found = {one.contact: one.thanked_for for one in thanks.helpers(pack.order)}
    assert found == {story.contact: "offered", story.checker: "checked"}


def test_of_a_gift_the_office_of_the_city_that_gave_is_thanked_too(story: Voyage) -> None:
    shipment = travelling_gift(story)
    order = shipment.lines.get().order_line.order
    office = Organisation.objects.create(
        city=world.city("foshan"), kind="foreign_affairs_office", name_en="Foreign Affairs Office DEMO"
    )
    person = world.contact("foshan", "He Min")
    Contact.objects.filter(pk=person.pk).update(organisation=office)
    Order.objects.filter(pk=order.pk).update(donor_city=world.city("foshan"))
    pack = pack_of(story.delivered(shipment))
    assert {one.contact.pk: one.thanked_for for one in thanks.helpers(pack.order)}[person.pk] == "office"


@pytest.mark.parametrize("language", ["en", "fr-ca", "zh-hans"])
def test_each_letter_speaks_of_what_its_reader_did_in_their_language(story: Voyage, language: str) -> None:
    pack = pack_of(story.delivered())
    arrived = thanks.arrived(pack.order)
    shown = Shown(photo=True, letter=False)
    said = {
        why: letters.thanks(story.contact, why, arrived, shown, language) for why in ThanksNote.For.values
    }
    assert len({one.body for one in said.values()}) == 3
    assert all(story.supplier.name not in one.body for one in said.values())
    assert "10" in said["offered"].body
    nothing = Arrived(story.city, [], 0, 5, None)
    assert letters.thanks(story.contact, "checked", nothing, shown, language).subject


def test_it_goes_out_once_with_a_message_to_each(story: Voyage) -> None:
    pack = send(story, pack_of(story.delivered()))
    assert (pack.status, pack.sent_at) == ("sent", DOOR)
    notes = {note.contact: note for note in pack.notes.all()}
    assert set(notes) == {story.contact, story.checker}
    note = notes[story.contact]
    assert (note.thanked_for, note.body, str(note)) == ("offered", "口罩已到。", f"{pack}: Li Wei")
    entry = Entry.objects.get(thing_label="procurement.thanksnote", thing_id=note.pk)
    (mail,) = tell(entry, DOOR).messages
    assert (mail.recipient, mail.template, mail.subject) == (story.contact.user, "pack_thanks", "谢谢")
    assert "口罩已到。" in mail.body
    with refused("wrong_status", pack):
        send(story, pack)
    assert ThanksNote.objects.visible_to(story.officer.by).count() == 2
    assert not ThanksNote.objects.visible_to(own_link(story.contact)).exists()
    assert note in notes_to(story.contact.user)
    assert not ThanksNote.objects.visible_to(story.stranger.by).exists()


def test_only_whoever_helped_and_takes_mail_is_written_to(story: Voyage) -> None:
    pack = pack_of(story.delivered())
    with refused("nobody_chosen", pack):
        send(story, pack, said=[])
    with refused("not_a_helper", pack):
        send(story, pack, world.contact("foshan", "He Min"))
    empty = [Said(contact=story.contact, subject="", body="x")]
    with refused("message_missing", pack):
        send(story, pack, said=empty)
    Contact.objects.filter(pk=story.contact.pk).update(status="stopped")
    with refused("not_a_helper", pack):
        send(story, pack)
    assert send(story, pack, story.checker).notes.count() == 1


def test_the_letter_and_certificate_of_a_gift_come_with_it_and_the_gift_is_thanked_for(story: Voyage) -> None:
    shipment = story.closed(travelling_gift(story))
    pack = send(story, pack_of(shipment))
    pack.order.refresh_from_db()
    assert (pack.order.status, pack.order.thanked_at) == ("thanked", DOOR)
    assert (pack.letter.kind, pack.certificate.kind) == ("thanks_letter", "thanks_certificate")
    entry = Entry.objects.get(thing_label="procurement.order", verb="thank")
    assert not [one for one in tell(entry, DOOR).messages if one.template == "gift_thanks"]


def test_before_the_release_it_goes_without_papers_and_the_gift_is_thanked_for_later(story: Voyage) -> None:
    pack = send(story, pack_of(story.delivered(travelling_gift(story))))
    assert (pack.letter, pack.certificate) == (None, None)
    assert Order.objects.get(pk=pack.order_id).status == "ready"


def test_a_gift_thanked_for_by_its_own_letter_waits_no_more(story: Voyage) -> None:
    pack = pack_of(story.closed(travelling_gift(story)))
    assert ThanksPack.objects.waiting().get() == pack
    ending.thank(pack.order, by=story.officer.by, at=DOOR)
    assert not ThanksPack.objects.waiting().exists()
    entry = Entry.objects.get(thing_label="procurement.order", verb="thank")
    assert [one.template for one in tell(entry, DOOR).messages] == ["gift_thanks"]
    assert not Message.objects.filter(template="pack_thanks").exists()


def test_the_photo_shows_these_goods_and_nobody(story: Voyage) -> None:
    shipment = story.delivered()
    pack, photo = pack_of(shipment), brought(story, shipment, "arrival.jpg")
    elsewhere = brought(story, story.plan(), "other.jpg")
    who: dict[str, Any] = {"by": story.officer.by, "at": DOOR}
    assert list(thanks.photos(pack.order, story.officer.by)) == [photo]
    with refused("somebody_seen", pack):
        choose_photo(pack, photo=photo, nobody_seen=False, **who)
    with refused("not_of_these_goods", pack):
        choose_photo(pack, photo=elsewhere, nobody_seen=True, **who)
    assert choose_photo(pack, photo=photo, nobody_seen=True, **who).photo == photo
    with pytest.raises(IntegrityError), transaction.atomic():
        ThanksPack.objects.filter(pk=pack.pk).update(nobody_seen=False)
    assert choose_photo(pack, photo=None, nobody_seen=True, **who).nobody_seen is False


def ready(story: Voyage) -> ThanksPack:
    return pack_of(story.delivered())


def left(story: Voyage) -> ThanksPack:
    return leave_pack(ready(story), reason="Thanked by phone.", by=story.officer.by, at=DOOR)


PACKS = [
    ("ready", ready, {"officer": "choose send leave"}),
    ("left", left, {"officer": "take_up"}),
    ("sent", lambda story: send(story, ready(story)), {}),
]


@pytest.mark.parametrize(("status", "reach", "expected"), PACKS)
def test_a_pack_in_each_status_is_open_to_whom_the_table_says(
    story: Voyage, status: str, reach: Any, expected: dict[str, str]
) -> None:
    compare(story, PACK_MOVES, reach(story), status, expected)


def test_one_that_was_left_says_why_and_is_taken_up_again(story: Voyage) -> None:
    pack = ready(story)
    with refused("reason_missing", pack):
        leave_pack(pack, reason=" ", by=story.officer.by, at=DOOR)
    leave_pack(pack, reason="Thanked by phone.", by=story.officer.by, at=DOOR)
    assert take_pack_up(pack, by=story.officer.by, at=DOOR).status == "ready"


def test_packs_are_found_by_their_number_and_their_order(story: Voyage) -> None:
    pack = ready(story)
    for text in ("TP-2020", pack.order.reference):
        assert ThanksPack.objects.search(text).get() == pack
