"""Who is asked for the papers they owe: by a message with a link of their own, which ends when nobody asks any more."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.actions import people
from accounts.actions.people import shut_out
from accounts.actors import CONSOLE
from accounts.models import Link, User
from procurement.notices import planning, words
from procurement.notices.entries import for_entry
from procurement.shipments.actions import customs, journey
from procurement.shipments.actions.customs import release_lane
from procurement.shipments.actions.handing.calls import (
    call_for_papers,
    cannot_bring,
    copy_call_link,
    withdraw_call,
)
from procurement.shipments.actions.tracking import hearing
from procurement.shipments.gathering.handing import acting_for
from procurement.shipments.rules.handing import asked_of
from tests.procurement.refusals import refused
from tests.procurement.shipments.handing.play import Desk
from tests.procurement.shipments.play import SENT
from tests.procurement.story import AT
from workflow.clock import real_now
from workflow.errors import Refused
from workflow.models.journal import Entry
from workflow.models.post import Message


def letters(thing, verb):
    """What the newest such entry sends, by address: (template, subject, body)."""
    entry = Entry.objects.about(thing).filter(verb=verb).order_by("-pk")[0]
    return {one.address: one for one in planning.plan(entry, AT)}


def test_somebody_is_asked_for_the_papers_of_their_role_in_their_language(story: Desk) -> None:
    call = story.call(story.plan(), note="请附上封条号码。")
    assert (call.reference[:3], call.status, call.city) == ("HI-", "asked", story.city)
    assert set(call.papers.values_list("owner", flat=True)) == {"supplier"}
    assert call.papers.filter(code="INV").count() == 1
    mail = letters(call, "ask")["wu.min@kanghu.example"]
    assert mail.language == "zh-hans"
    assert "商业发票" in mail.body
    assert "请附上封条号码。" in mail.body
    assert mail.link == {"purpose": "answer"}


def test_somebody_who_is_known_keeps_their_name_and_the_city_sees_what_it_wrote(story: Desk) -> None:
    known = people.add(
        email="known@elsewhere.example", name="Another Name", by=CONSOLE, at=AT, language="fr-ca"
    )
    call = story.call(story.plan(), email=" Known@Elsewhere.example ", name="Whoever", language="en")
    known.refresh_from_db()
    assert (call.person, known.name, known.language) == (known, "Another Name", "fr-ca")
    assert (call.name, call.email, acting_for(call).label) == (
        "Whoever",
        "known@elsewhere.example",
        "Whoever",
    )


def test_what_is_refused(story: Desk) -> None:
    shipment = story.plan()
    first = story.call(shipment)
    for code, facts in {
        "no_such_role": {"role": "city"},
        "no_papers": {"role": "contact"},
        "name_missing": {"name": " "},
        "bad_address": {"email": "nobody"},
        "already_asked": {},
    }.items():
        given = {"role": "supplier", "name": first.name, "email": first.email, **facts}
        with refused(code, first):
            call_for_papers(
                shipment, given.pop("role"), **given, author=story.officer.user, by=story.officer.by, at=AT
            )
    for who in (story.observer, story.stranger, story.broker):
        with refused("not_allowed", first):
            call_for_papers(
                shipment, "forwarder", name="X", email="x@y.example", author=who.user, by=who.by, at=AT
            )
    assert not User.objects.filter(email="x@y.example").exists()


def test_nobody_who_was_shut_out_is_asked_and_nobody_for_goods_that_ended(story: Desk) -> None:
    shipment = story.plan()
    gone = people.add(email="gone@kanghu.example", name="Gone", by=CONSOLE, at=AT)
    shut_out(gone, by=CONSOLE, at=AT, real_at=real_now(), reason="a test")
    with refused("shut_out"):
        story.call.__wrapped__(story, shipment, email="gone@kanghu.example")
    journey.cancel(shipment, reason="a test", by=story.officer.by, at=AT)
    with refused("not_ready"):
        story.call.__wrapped__(story, shipment)


def test_asking_no_more_ends_every_link_at_once(story: Desk) -> None:
    call, real = story.call(story.plan()), real_now()
    url = copy_call_link(call, user=story.officer.user, by=story.officer.by, at=AT, real_at=real)
    link = Link.objects.get(thing_label="procurement.papercall", thing_id=call.pk)
    assert "/l/" in url
    assert link.copied_by == story.officer.user
    with refused("not_allowed", call):
        copy_call_link(call, user=story.observer.user, by=story.observer.by, at=AT, real_at=real)
    withdraw_call(call, by=story.officer.by, at=AT, real_at=real)
    link.refresh_from_db()
    assert (call.status, link.usable(real)) == ("withdrawn", False)
    assert Entry.objects.about(link).filter(verb="revoke").count() == 1
    assert list(letters(call, "withdraw")) == ["wu.min@kanghu.example"]
    with refused("wrong_status", call):
        copy_call_link(call, user=story.officer.user, by=story.officer.by, at=AT, real_at=real)
    assert not Message.objects.filter(thing_id=call.pk, state="planned").exists()
    assert story.call(call.shipment).status == "asked"  # asked anew


def test_what_cannot_be_had_is_told_and_asked_for_no_longer_where_it_may_be_left_out(story: Desk) -> None:
    call = story.call(story.plan())
    firm, loose = story.paper(call.shipment, "DECL5"), story.paper(call.shipment, "PSI")
    for paper in (firm, loose):
        cannot_bring(call, paper, reason="没有这份文件", by=acting_for(call), at=AT)
    assert call.cannot == {firm.reference: "没有这份文件", loose.reference: "没有这份文件"}
    waited_for = asked_of(call, call.papers)
    assert firm in waited_for
    assert loose not in waited_for
    assert list(letters(call, "cannot")) == [story.officer.user.email]
    with refused("not_theirs", call):
        cannot_bring(call, story.paper(call.shipment, "AWB"), reason="?", by=acting_for(call), at=AT)
    with refused("reason_missing", call):
        cannot_bring(call, firm, reason=" ", by=acting_for(call), at=AT)
    story.handed_in(call, "DECL5")
    call.refresh_from_db()
    assert call.cannot == {loose.reference: "没有这份文件"}  # they could, after all


def test_who_acts_by_a_link_may_what_is_of_their_call_and_nothing_else(story: Desk) -> None:
    shipment = story.plan()
    supplier, broker = acting_for(story.call(shipment)), acting_for(story.call(shipment, "broker"))
    mine, other = story.paper(shipment, "INV"), story.paper(shipment, "AWB")
    assert (supplier.may("hand_in", mine), supplier.may("hand_in", other)) == (True, False)
    assert supplier.may("hand_in", story.paper(shipment, "INV", "import")) is False  # the broker's
    export, import_ = story.lane(shipment, "export"), story.lane(shipment, "import")
    assert [broker.may("clear", one) for one in (export, import_, shipment, mine)] == [
        False,
        True,
        True,
        False,
    ]
    assert [supplier.may("clear", one) for one in (export, shipment)] == [False, False]
    assert not any(
        one.may(power, shipment) for one in (supplier, broker) for power in ("see", "ship", "comment")
    )
    assert supplier.where("ship") == frozenset()
    elsewhere = story.plan(story.ready(story.promise(2_000)))
    assert supplier.may("hand_in", story.paper(elsewhere, "INV")) is False
    assert broker.may("clear", elsewhere) is False


def test_a_broker_by_link_declares_and_tells_where_the_goods_are(story: Desk) -> None:
    shipment = story.plan()
    by = acting_for(story.call(shipment, "broker"))
    lane = story.lane(shipment, "import")
    customs.declare(lane, number="A-1", by=by, at=AT)
    story.departed(shipment)
    release_lane(lane, by=by, at=SENT)
    assert lane.status == "released"
    told = hearing.hear(
        shipment, "other", occurred_at=AT, place="Vancouver", remark="at the gate", by=by, at=AT
    )
    assert told.by_id == by.user_id
    assert Entry.objects.about(lane).filter(verb="release", by_label="Anne Roy DEMO", via="link").exists()
    with pytest.raises(Refused) as caught:
        release_lane(story.lane(shipment, "export"), by=by, at=AT)
    assert caught.value.code == "not_allowed"


def test_the_words_say_until_when(story: Desk) -> None:
    call = story.call(story.plan(), due_on=AT.date() + timedelta(days=3))
    entry = Entry.objects.about(call).get(verb="ask")
    row = for_entry(entry)[0]
    assert "2020" in words.write("papers_asked", words.facts(row, call, entry, call.person)).body


@pytest.mark.parametrize(("asked_for", "kept"), [(3, 4), (4, 4), (1, 1)])
def test_a_day_on_which_they_do_not_work_becomes_the_next_and_ends_on_their_clock(
    story: Desk, asked_for, kept
) -> None:
    """The story begins on a Thursday; three days later is a Sunday."""
    call = story.call(story.plan(), due_on=AT.date() + timedelta(days=asked_for))
    assert call.due_on == AT.date() + timedelta(days=kept)
    there = call.due_at.astimezone(ZoneInfo(call.person.time_zone))
    assert (there.date(), there.hour) == (call.due_on, 17)
