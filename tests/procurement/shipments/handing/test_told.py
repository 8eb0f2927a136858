"""Calls that are done, and the broker who is told once, at once, when the last paper of a lane is in hand."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from procurement.notices import planning
from procurement.notices.telling import tell_all
from procurement.shipments.actions.customs import file_paper, query_paper, refuse_paper
from procurement.shipments.actions.handing.reminding import chase_calls
from procurement.shipments.actions.handing.versions import bring_paper, take_paper
from procurement.shipments.actions.planning import assign_broker
from procurement.shipments.actions.ways import rerouting
from procurement.shipments.models.customs import CustomsPaper
from procurement.shipments.models.handing import PaperCall
from tests.procurement.refusals import refused
from tests.procurement.shipments.handing.play import Desk
from tests.procurement.shipments.handing.test_calls import letters
from tests.procurement.story import AT
from tests.workflow import files
from workflow import actions
from workflow.models.journal import Entry


def told(thing: object, verb: str) -> int:
    return Entry.objects.about(thing).filter(verb=verb).count()


def test_a_call_is_done_when_the_city_has_all_of_them_and_open_again_when_one_is_missing(story: Desk) -> None:
    call = story.call(story.plan(), "forwarder")
    for code in ("EXPDECL", "POA_CN", "INSUR", "AWB"):
        story.taken(call, code)
    call.refresh_from_db()
    assert call.status == "asked"
    last = story.handed_in(call, "ACI", "import")
    call.refresh_from_db()
    assert call.status == "asked"  # nobody looked at it yet
    take_paper(last, by=story.officer.by, at=AT)
    call.refresh_from_db()
    assert call.status == "done"
    newer = story.handed_in(call, "ACI", "import")
    call.refresh_from_db()
    assert call.status == "done"  # the city has one, while it looks at the newer
    take_paper(newer, by=story.officer.by, at=AT)
    paper = story.paper(call.shipment, "AWB")
    file_paper(paper, by=story.officer.by, at=AT)
    query_paper(paper, reason="Which flight?", by=story.officer.by, at=AT)
    call.refresh_from_db()
    assert call.status == "asked"
    assert "Which flight?" in letters(call, "ask_again")[call.email].body


def test_a_paper_that_the_rules_ask_for_anew_opens_the_call_again(story: Desk) -> None:
    shipment = story.plan()
    call = story.call(shipment, "forwarder")
    for paper in call.papers:
        story.taken(call, paper.code, paper.lane.side)
    call.refresh_from_db()
    assert call.status == "done"
    again = story.call.__wrapped__(story, shipment, "forwarder", email="other@forward.example")
    assert again.status == "done"  # nothing is missing
    paper = story.paper(shipment, "AWB")
    for move in (file_paper, lambda one, **facts: refuse_paper(one, reason="?", **facts)):
        move(paper, by=story.officer.by, at=AT)
    assert {one.status for one in shipment.calls.all()} == {"asked"}


def test_the_broker_is_told_once_when_the_last_paper_of_a_lane_is_in_hand(story: Desk) -> None:
    shipment = story.plan()
    call = story.call(shipment, "broker")
    lane = story.lane(shipment, "import")
    assign_broker(shipment, story.broker.user, by=story.officer.by, at=AT)
    story.ready_all(shipment, "import")
    assert (told(lane, "whole"), told(call, "tell")) == (1, 1)
    assert told(story.lane(shipment, "export"), "whole") == 0
    (mail,) = letters(lane, "whole").values()
    assert mail.recipient == story.broker.user
    assert "Establishment licence (MDEL)" in mail.body
    by_link = letters(call, "tell")["anne.roy@broker.example"]
    assert (by_link.language, by_link.link) == ("fr-ca", {"purpose": "answer"})
    assert "Licence d’établissement (LEPIM)" in by_link.body
    paper = story.paper(shipment, "MDEL", "import")
    file_paper(paper, by=story.officer.by, at=AT)
    query_paper(paper, reason="?", by=story.officer.by, at=AT)
    file_paper(paper, by=story.officer.by, at=AT)
    assert told(lane, "whole") == 1  # the same papers again
    refuse_paper(paper, reason="?", by=story.officer.by, at=AT)
    file = actions.attach(paper, files.upload(files.picture("PNG"), "l.png"), by=story.officer.by, at=AT)
    bring_paper(paper, files=[file.pk], author=story.officer.user, by=story.officer.by, at=AT)
    assert (told(lane, "whole"), told(call, "tell")) == (2, 2)


def test_a_broker_who_signs_in_and_has_a_link_as_well_is_told_once(story: Desk) -> None:
    shipment = story.plan()
    call = story.call.__wrapped__(story, shipment, "broker", email=story.broker.user.email)
    assign_broker(shipment, story.broker.user, by=story.officer.by, at=AT)
    story.ready_all(shipment, "import")
    assert (told(story.lane(shipment, "import"), "whole"), told(call, "tell")) == (1, 0)


def test_what_was_asked_of_somebody_counts_even_where_no_rule_blocks(story: Desk) -> None:
    shipment = assign_broker(story.plan(), story.broker.user, by=story.officer.by, at=AT)
    call = story.call(shipment, "forwarder")
    lane = story.lane(shipment, "import")
    story.ready_all(shipment, "import")
    assert told(lane, "whole") == 0
    story.taken(call, "ACI", "import")
    assert told(lane, "whole") == 1


def test_a_broker_who_is_named_when_all_is_there_is_told_at_once_and_not_twice(story: Desk) -> None:
    shipment = story.plan()
    story.ready_all(shipment, "import")
    lane = story.lane(shipment, "import")
    assert told(lane, "whole") == 0
    assign_broker(shipment, story.broker.user, by=story.officer.by, at=AT)
    assert told(lane, "whole") == 1
    call = story.call(shipment, "broker", email=story.broker.user.email)
    paper = story.paper(shipment, "MDEL", "import")
    file_paper(paper, by=story.officer.by, at=AT)
    assert told(call, "tell") == 0  # the same person, who signs in


def test_what_stands_under_the_bell_names_the_papers(story: Desk) -> None:
    shipment = assign_broker(story.plan(), story.broker.user, by=story.officer.by, at=AT)
    story.ready_all(shipment, "import")
    entry = Entry.objects.about(story.lane(shipment, "import")).get(verb="whole")
    (notice,) = planning.tell(entry, AT).notices
    notice.entry = entry
    (row,) = tell_all([notice], story.broker.by)
    assert "MDEL" in str(row.says)


# --- sent to another country ------------------------------------------------------------------------------------
@pytest.mark.parametrize("status", CustomsPaper.Status.values)
def test_each_status_of_a_paper_is_in_exactly_one_class(status: str) -> None:
    classes = (CustomsPaper.WAITED_FOR, CustomsPaper.HERE, CustomsPaper.HANDED_IN, CustomsPaper.VOID)
    assert sum(status in one for one in classes) == 1


def take_all(story: Desk, call: PaperCall, papers: Iterable[CustomsPaper]) -> None:
    for paper in papers:
        story.taken(call, paper.code, paper.lane.side)


@pytest.mark.parametrize(
    ("role", "there"), [("forwarder", "USSEA"), ("forwarder", "JPNRT"), ("broker", "USSEA")]
)
def test_whoever_owes_nothing_in_the_new_country_is_asked_no_more(story: Desk, role: str, there: str) -> None:
    shipment = story.plan()
    call = story.call(shipment, role)
    take_all(story, call, call.papers.exclude(lane__side="import"))
    rerouting.reroute(shipment, there, reason="Sold on.", by=story.officer.by, at=AT)
    take_all(story, call, call.waited_for.select_related("lane"))
    call.refresh_from_db()
    assert (call.status, call.chase_at) == ("done", None)
    assert call.papers.filter(status="no_longer").exists(), "the new country asks for less"
    assert chase_calls(AT + timedelta(days=30)) == 0
    assert told(call, "remind") == 0


def test_a_call_closes_as_soon_as_the_new_way_needs_nothing_of_it(story: Desk) -> None:
    shipment = story.plan()
    call = story.call(shipment, "broker")
    rerouting.reroute(shipment, "USSEA", reason="Sold on.", by=story.officer.by, at=AT)
    call.refresh_from_db()
    left = call.papers.exclude(status="no_longer")
    assert (call.status == "done") == (not left.exists())
    if not left.exists():
        with refused("no_papers"):
            story.call.__wrapped__(story, shipment, "broker", email="other@broker.example")


@pytest.mark.parametrize(("there", "country", "rest"), [("USSEA", "US", False), ("JPNRT", "JP", True)])
def test_the_broker_of_the_new_country_is_told_when_all_papers_are_there(
    story: Desk, there: str, country: str, rest: bool
) -> None:
    """`rest`: whether that country asks the supplier for papers of its own."""
    shipment = story.plan()
    assign_broker(shipment, story.broker.user, by=story.officer.by, at=AT)
    call, supplier = story.call(shipment, "forwarder"), story.call(shipment, "supplier")
    lane = story.lane(shipment, "import")
    rerouting.reroute(shipment, there, reason="Sold on.", by=story.officer.by, at=AT)
    assert told(lane, "whole") == (not rest)
    for one in (call, supplier):
        take_all(story, one, one.waited_for.select_related("lane"))
    lane.refresh_from_db()
    assert (lane.country, told(lane, "whole")) == (country, 1)
    (mail,) = letters(lane, "whole").values()
    assert mail.recipient == story.broker.user
    for gone in shipment.papers.filter(lane=lane, status="no_longer"):
        assert gone.name_en not in mail.body
    kept = shipment.papers.filter(lane=lane, status="ready")
    assert kept.exists() == rest
    for one in kept:
        assert one.name_en in mail.body


def test_the_broker_who_was_told_for_one_country_is_told_again_for_the_next(story: Desk) -> None:
    shipment = story.plan()
    assign_broker(shipment, story.broker.user, by=story.officer.by, at=AT)
    lane = story.lane(shipment, "import")
    story.ready_all(shipment, "import")
    assert told(lane, "whole") == 1
    rerouting.reroute(shipment, "USSEA", reason="Sold on.", by=story.officer.by, at=AT)
    assert told(lane, "whole") == 2


def test_nobody_is_told_of_a_country_that_still_asks_for_papers(story: Desk) -> None:
    shipment = story.plan(destination="USSEA")
    assign_broker(shipment, story.broker.user, by=story.officer.by, at=AT)
    rerouting.reroute(shipment, "CAVAN", reason="Needed here.", by=story.officer.by, at=AT)
    assert told(story.lane(shipment, "import"), "whole") == 0
