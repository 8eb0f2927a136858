"""Calls that are done, and the broker who is told once, at once, when the last paper of a lane is in hand."""

from procurement import notices
from procurement.shipments import actions
from tests.procurement.shipments.handing.play import Desk
from tests.procurement.shipments.handing.test_calls import letters
from tests.procurement.story import AT
from tests.workflow import files
from workflow import actions as records
from workflow.models import Entry


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
    actions.take_paper(last, by=story.officer.by, at=AT)
    call.refresh_from_db()
    assert call.status == "done"
    newer = story.handed_in(call, "ACI", "import")
    call.refresh_from_db()
    assert call.status == "done"  # the city has one, while it looks at the newer
    actions.take_paper(newer, by=story.officer.by, at=AT)
    paper = story.paper(call.shipment, "AWB")
    actions.file_paper(paper, by=story.officer.by, at=AT)
    actions.query_paper(paper, reason="Which flight?", by=story.officer.by, at=AT)
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
    for move in (actions.file_paper, lambda one, **facts: actions.refuse_paper(one, reason="?", **facts)):
        move(paper, by=story.officer.by, at=AT)
    assert {one.status for one in shipment.calls.all()} == {"asked"}


def test_the_broker_is_told_once_when_the_last_paper_of_a_lane_is_in_hand(story: Desk) -> None:
    shipment = story.plan()
    call = story.call(shipment, "broker")
    lane = story.lane(shipment, "import")
    actions.assign_broker(shipment, story.broker.user, by=story.officer.by, at=AT)
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
    actions.file_paper(paper, by=story.officer.by, at=AT)
    actions.query_paper(paper, reason="?", by=story.officer.by, at=AT)
    actions.file_paper(paper, by=story.officer.by, at=AT)
    assert told(lane, "whole") == 1  # the same papers again
    actions.refuse_paper(paper, reason="?", by=story.officer.by, at=AT)
    file = records.attach(paper, files.upload(files.picture("PNG"), "l.png"), by=story.officer.by, at=AT)
    actions.bring_paper(paper, files=[file.pk], author=story.officer.user, by=story.officer.by, at=AT)
    assert (told(lane, "whole"), told(call, "tell")) == (2, 2)


def test_what_was_asked_of_somebody_counts_even_where_no_rule_blocks(story: Desk) -> None:
    shipment = actions.assign_broker(story.plan(), story.broker.user, by=story.officer.by, at=AT)
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
    actions.assign_broker(shipment, story.broker.user, by=story.officer.by, at=AT)
    assert told(lane, "whole") == 1
    call = story.call(shipment, "broker", email=story.broker.user.email)
    paper = story.paper(shipment, "MDEL", "import")
    actions.file_paper(paper, by=story.officer.by, at=AT)
    assert told(call, "tell") == 0  # the same person, who signs in


def test_what_stands_under_the_bell_names_the_papers(story: Desk) -> None:
    shipment = actions.assign_broker(story.plan(), story.broker.user, by=story.officer.by, at=AT)
    story.ready_all(shipment, "import")
    entry = Entry.objects.about(story.lane(shipment, "import")).get(verb="whole")
    (notice,) = notices.tell(entry, AT).notices
    notice.entry = entry
    (row,) = notices.tell_all([notice], story.broker.by)
    assert "MDEL" in str(row.says)
