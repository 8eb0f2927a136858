"""Versions of a paper: handed in, taken by a person of the city or given back, replaced and kept; and which one customs was given."""

from typing import Any

import pytest

from procurement.shipments.actions import journey
from procurement.shipments.actions.customs import file_paper, new_version, query_paper, refuse_paper
from procurement.shipments.actions.handing.calls import withdraw_call
from procurement.shipments.actions.handing.versions import (
    bring_paper,
    give_paper_back,
    hand_in_paper,
    take_paper,
)
from procurement.shipments.actions.made import make_paper
from procurement.shipments.actions.planning import assign_broker
from procurement.shipments.gathering import handing
from procurement.shipments.gathering.handing import acting_for, asked_in, could_be
from procurement.shipments.models.handing import PaperVersion
from tests.procurement.refusals import refused
from tests.procurement.shipments.handing.play import Desk
from tests.procurement.shipments.handing.test_calls import letters
from tests.procurement.story import AT, LATER
from tests.workflow import files
from workflow import actions
from workflow.models.journal import Entry


def judged(story: Desk, version: PaperVersion) -> PaperVersion:
    version.refresh_from_db()
    return version


def test_what_came_by_a_link_waits_until_a_person_takes_it(story: Desk) -> None:
    call = story.call(story.plan())
    version = story.handed_in(call, number="INV-7", remark="有公章")
    paper = story.paper(call.shipment, "INV")
    assert (version.status, version.number, version.author) == ("received", 1, call.person)
    assert (paper.status, paper.number) == ("draft", "")
    assert list(letters(version, "receive")) == [story.officer.user.email]
    take_paper(version, by=story.officer.by, at=LATER)
    paper.refresh_from_db()
    assert (version.status, version.judged_at) == ("taken", LATER)
    assert (paper.status, paper.number, paper.version) == ("ready", "INV-7", 1)
    assert list(letters(version, "take")) == [call.email]
    assert handing.current(call.shipment)[paper.pk] == version


def test_one_that_is_given_back_says_why_and_another_is_handed_in(story: Desk) -> None:
    call = story.call(story.plan())
    first = story.handed_in(call)
    with refused("reason_missing", first):
        give_paper_back(first, reason=" ", by=story.officer.by, at=AT)
    give_paper_back(first, reason="No stamp on it.", by=story.officer.by, at=AT)
    assert (first.status, first.answer) == ("given_back", "No stamp on it.")
    mail = letters(first, "give_back")[call.email]
    assert "No stamp on it." in mail.body
    assert mail.link["thing_id"] == call.pk
    (row,) = [one for one in asked_in(call) if one.paper.code == "INV"]
    assert (row.said, row.wanted) == ("No stamp on it.", True)
    second = story.handed_in(call)
    assert (second.number, story.paper(call.shipment, "INV").version) == (2, 2)
    with refused("wrong_status", first):
        take_paper(first, by=story.officer.by, at=AT)


def test_a_newer_one_replaces_what_nobody_looked_at_and_both_are_kept(story: Desk) -> None:
    call = story.call(story.plan())
    first, second = story.handed_in(call), story.handed_in(call)
    assert (judged(story, first).status, second.status) == ("replaced", "received")
    assert [one.number for one in second.paper.versions.order_by("number")] == [1, 2]


def test_a_newer_one_of_a_ready_paper_stands_beside_it_until_it_is_taken(story: Desk) -> None:
    call = story.call(story.plan())
    first = story.taken(call)
    second = story.handed_in(call, number="INV-8")
    assert handing.current(call.shipment)[first.paper_id] == first
    take_paper(second, by=story.officer.by, at=AT)
    paper = story.paper(call.shipment, "INV")
    assert (paper.status, paper.number) == ("ready", "INV-8")
    assert handing.current(call.shipment)[first.paper_id] == second
    third = story.taken(call)
    assert story.paper(call.shipment, "INV").number == "INV-8"  # no newer number was said
    assert judged(story, third).status == "taken"


def test_which_version_customs_was_given_is_kept_and_a_refused_one_begins_anew(story: Desk) -> None:
    call = story.call(story.plan())
    first = story.taken(call)
    paper = story.paper(call.shipment, "INV")
    file_paper(paper, by=story.officer.by, at=LATER)
    assert judged(story, first).filed_at == LATER
    photo = story.photo(call, paper)
    with refused("not_ready", first):
        hand_in_paper(call, paper, files=[photo.pk], by=acting_for(call), at=AT)
    refuse_paper(paper, reason="The value is missing.", by=story.officer.by, at=LATER)
    assert "The value is missing." in letters(call, "ask_again")[call.email].body
    (row,) = [one for one in asked_in(call) if one.paper.code == "INV"]
    assert (row.said, row.wanted) == ("The value is missing.", True)
    second = story.handed_in(call)
    paper.refresh_from_db()
    assert (second.number, paper.version, paper.status) == (2, 2, "draft")
    assert judged(story, second).filed_at is None


def test_a_new_version_begun_at_the_desk_is_the_one_that_comes_in(story: Desk) -> None:
    call = story.call(story.plan())
    story.taken(call)
    paper = story.paper(call.shipment, "INV")
    file_paper(paper, by=story.officer.by, at=AT)
    refuse_paper(paper, reason="?", by=story.officer.by, at=AT)
    new_version(paper, by=story.officer.by, at=AT)
    assert story.handed_in(call).number == 2


def test_what_customs_asks_about_is_answered_with_a_newer_one(story: Desk) -> None:
    call = story.call(story.plan())
    story.taken(call)
    paper = story.paper(call.shipment, "INV")
    file_paper(paper, by=story.officer.by, at=AT)
    query_paper(paper, reason="Which model?", by=story.officer.by, at=AT)
    second = story.taken(call)
    paper.refresh_from_db()
    assert paper.status == "queried"  # the city answers customs itself
    file_paper(paper, by=story.officer.by, at=LATER)
    assert judged(story, second).filed_at == LATER


def test_nobody_takes_what_they_sent_by_a_link_themselves(story: Desk) -> None:
    officer = story.second_officer.user
    call = story.call(story.plan(), email=officer.email, name="Myself")
    version = story.handed_in(call)
    with refused("not_allowed", version):
        take_paper(version, by=story.second_officer.by, at=AT)
    for who in (story.observer, story.stranger, story.broker):
        with refused("not_allowed", version):
            take_paper(version, by=who.by, at=AT)
        with refused("not_allowed", version):
            give_paper_back(version, reason="?", by=who.by, at=AT)
    take_paper(version, by=story.officer.by, at=AT)


def test_what_is_handed_in_is_of_the_call_and_has_a_file(story: Desk) -> None:
    shipment = story.plan()
    call, other = story.call(shipment), story.call(shipment, "forwarder")
    paper, theirs = story.paper(shipment, "INV"), story.paper(shipment, "AWB")
    by = acting_for(call)

    def handed_in(which: Any, *ids: int) -> None:
        hand_in_paper(call, which, files=list(ids), by=by, at=AT)

    with refused("file_missing", paper):
        handed_in(paper)
    with refused("not_theirs", theirs):
        handed_in(theirs)
    foreign = story.photo(other, theirs)
    used = story.handed_in(call).files
    for pk in (foreign.pk, used[0], 10_000_000):
        with refused("not_of_paper", paper):
            handed_in(paper, pk)
    many = [story.photo(call, paper).pk for _one in range(21)]
    with refused("too_many_files", paper):
        handed_in(paper, *many)
    withdraw_call(call, by=story.officer.by, at=AT, real_at=AT)
    with refused("wrong_status", paper):
        handed_in(paper, many[0])


def test_nothing_comes_in_for_goods_that_ended_their_way(story: Desk) -> None:
    call = story.call(story.plan())
    paper = story.paper(call.shipment, "INV")
    photo = story.photo(call, paper)
    journey.cancel(call.shipment, reason="a test", by=story.officer.by, at=AT)
    with refused("not_ready", paper):
        hand_in_paper(call, paper, files=[photo.pk], by=acting_for(call), at=AT)


def test_at_the_desk_a_version_is_the_paper_at_once(story: Desk) -> None:
    shipment = story.plan()
    paper, by = story.paper(shipment, "MDEL", "import"), story.logistics.by
    file = actions.attach(paper, files.upload(files.picture("PNG"), "licence.png"), by=by, at=AT)
    with refused("file_missing", paper):
        bring_paper(paper, author=story.logistics.user, by=by, at=AT)
    with refused("not_allowed", paper):
        bring_paper(paper, files=[file.pk], author=story.observer.user, by=story.observer.by, at=AT)
    version = bring_paper(paper, files=[file.pk], number="MDEL 1", author=story.logistics.user, by=by, at=AT)
    paper.refresh_from_db()
    assert (version.status, paper.status, paper.number) == ("taken", "ready", "MDEL 1")
    assert letters(version, "take") == letters(version, "receive") == {}


def test_the_broker_it_was_given_to_brings_one_at_the_desk(story: Desk) -> None:
    shipment = assign_broker(story.plan(), story.broker.user, by=story.officer.by, at=AT)
    paper, by = story.paper(shipment, "RELEASE", "import"), story.broker.by
    file = actions.attach(paper, files.upload(files.picture("PNG"), "pars.png"), by=by, at=AT)
    version = bring_paper(paper, files=[file.pk], author=story.broker.user, by=by, at=AT)
    assert version in PaperVersion.objects.visible_to(by)
    assert version not in PaperVersion.objects.visible_to(story.stranger.by)


def test_what_came_by_link_before_is_not_replaced_by_a_broker(story: Desk) -> None:
    shipment = assign_broker(story.plan(), story.broker.user, by=story.officer.by, at=AT)
    first = story.handed_in(story.call(shipment, "broker"), "RELEASE", "import")
    by, paper = story.broker.by, story.paper(shipment, "RELEASE", "import")
    file = actions.attach(paper, files.upload(files.picture("PNG"), "pars.png"), by=by, at=AT)
    bring_paper(paper, files=[file.pk], author=story.broker.user, by=by, at=AT)
    assert judged(story, first).status == "received"


def test_what_was_made_from_the_record_is_the_paper(story: Desk) -> None:
    shipment = story.packed()
    who = {"author": story.officer.user, "by": story.officer.by, "at": AT}
    made = [
        make_paper("packing_list", tongues=tongues, shipment=shipment, **who) for tongues in ("en", "zh-en")
    ]
    paper = story.paper(shipment, "PKL")
    assert could_be(paper) == [made[1]]
    with refused("not_of_paper", paper):
        bring_paper(paper, made=[made[0]], **who)
    version = bring_paper(paper, made=[made[1]], **who)
    assert (version.made, version.files) == ([made[1].pk], [])
    assert story.paper(shipment, "PKL").status == "ready"
    assert could_be(story.paper(shipment, "AWB")) == []


def test_a_sheet_to_fill_in_is_offered_where_one_company_sells(story: Desk) -> None:
    shipment = story.packed()
    made = make_paper(
        "exporter_data",
        tongues="zh-en",
        shipment=shipment,
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    call = story.call(shipment)
    sheets = {row.paper.code: row.sheet for row in asked_in(call) if row.sheet}
    assert sheets == {"DECL5": made}


@pytest.mark.parametrize(("text", "found"), [("CP-2020", 1), ("SH-2020", 1), ("CP-2021", 0)])
def test_versions_are_found_by_paper_or_shipment(story: Desk, text: str, found: int) -> None:
    call = story.call(story.plan())
    story.handed_in(call)
    assert PaperVersion.objects.search(text).count() == found
    assert type(call).objects.search(text.replace("CP", "HI")).count() == found
    assert str(story.handed_in(call)).startswith("Commercial invoice, version 2")
    assert Entry.objects.filter(thing_label="procurement.paperversion", verb="replace").count() == 1
