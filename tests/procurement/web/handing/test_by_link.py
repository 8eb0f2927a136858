"""Papers handed in by link, on the phone of whoever owes them: just theirs, in their language, and nothing without the link."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import links
from accounts.actions.links import IssuedLink, issue_code
from accounts.actors import CONSOLE
from procurement.shipments.actions import journey
from procurement.shipments.actions.handing.versions import bring_paper, give_paper_back
from procurement.shipments.actions.made import make_paper
from procurement.shipments.models.handing import PaperVersion
from procurement.shipments.models.tracking import TrackingEvent
from tests.browsing import Browser, Page
from tests.procurement.shipments.handing.play import Desk
from tests.procurement.story import AT
from tests.procurement.web.contacts.by_link import said
from tests.workflow import files
from workflow.clock import real_now
from workflow.models.evidence import File

pytestmark = pytest.mark.django_db
ZH = "zh-hans"


@pytest.fixture(scope="module")
def story(once: Any) -> Any:
    with once():
        story = Desk()
        story.ship = story.packed()
        story.supplier_call = story.call(story.ship, note="请附上封条号码。")
        story.broker_call = story.call(story.ship, "broker")
        who = {"author": story.officer.user, "by": story.officer.by, "at": AT}
        story.sheet = make_paper("exporter_data", tongues="zh-en", shipment=story.ship, **who)
        story.packing = make_paper("packing_list", tongues="zh-en", shipment=story.ship, **who)
        yield story


def issued(call: Any) -> IssuedLink:
    return links.issue(
        call.person, purpose="answer", thing_label="procurement.papercall", thing_id=call.pk, city_id=call.city_id,
        by=CONSOLE, at=AT, real_at=real_now(),
    )  # fmt: skip


def opened(call: Any, language: str = "en") -> tuple[Client, Page]:
    """The page behind the link of a call, after Continue."""
    browser = Browser(language=language)
    page = browser.open(issued(call).url).press(said("Continue", language))
    return browser.client, page


def sent(client: Client, call: Any, paper: Any, name: str = "invoice.png") -> Any:
    """One photo, as the page's script sends it."""
    address = reverse("handing_photo", args=[call.reference, paper.reference])
    return client.post(
        address, {"file": files.upload(files.picture("PNG"), name)}, headers={"Accept": "application/json"}
    )


def test_the_first_page_says_who_asks_and_for_what_and_the_next_just_their_papers(story: Desk) -> None:
    call = story.supplier_call
    first = Browser(language=ZH).open(issued(call).url)
    assert story.ship.reference in first
    _client, page = opened(call, ZH)
    assert "商业发票" in page
    assert "请附上封条号码。" in page
    assert "空运单" not in page  # the forwarder's
    assert "0.50" not in page  # no price


def test_a_paper_is_handed_in_and_its_receipt_has_a_number(story: Desk) -> None:
    call, paper = story.supplier_call, story.paper(story.ship, "INV")
    client, _page = opened(call)
    address = reverse("handing_paper", args=[call.reference, paper.reference])
    assert client.post(address, {"number": "INV-7"}).status_code == 422  # nothing was added
    assert sent(client, call, paper).status_code == 201
    assert "invoice.png" in client.get(address).content.decode()
    answer = client.post(address, {"number": "INV-7", "remark": "with a stamp"})
    assert answer["Location"] == reverse("handing_receipt", args=[call.reference, paper.reference])
    assert paper.reference in client.get(answer["Location"]).content.decode()
    version = PaperVersion.objects.get(paper=paper)
    assert (version.status, version.paper_number, version.call) == ("received", "INV-7", call)
    assert "INV-7" in client.get(address).content.decode()
    give_paper_back(version, reason="The second page is missing.", by=story.officer.by, at=AT)
    assert "The second page is missing." in client.get(address).content.decode()
    assert (
        "The second page is missing."
        in client.get(reverse("handing", args=[call.reference])).content.decode()
    )


def test_without_the_script_the_photo_is_sent_first(story: Desk) -> None:
    call, paper = story.supplier_call, story.paper(story.ship, "PKL")
    client, _page = opened(call)
    address = reverse("handing_photo", args=[call.reference, paper.reference])
    answer = client.post(
        address, {f"file-{call.reference}": files.upload(files.picture("PNG"), "p.png"), "number": "P-1"}
    )
    assert answer.status_code == 200
    assert "p.png" in answer.content.decode()
    assert 'value="P-1"' in answer.content.decode()
    assert File.objects.get(name="p.png").kind == call.reference


def test_what_cannot_be_had_is_said_with_a_reason(story: Desk) -> None:
    call, paper = story.supplier_call, story.paper(story.ship, "PSI")
    client, _page = opened(call)
    address = reverse("handing_cannot", args=[call.reference, paper.reference])
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": ""}).status_code == 422
    answer = client.post(address, {"reason": "Nobody inspected it."})
    assert "Nobody inspected it." in client.get(answer["Location"]).content.decode()


def test_a_paper_of_somebody_else_is_not_there(story: Desk) -> None:
    call, other = story.supplier_call, story.paper(story.ship, "AWB")
    client, _page = opened(call)
    for name in ("handing_paper", "handing_photo", "handing_cannot", "handing_receipt"):
        assert client.get(reverse(name, args=[call.reference, other.reference])).status_code == 404
    untouched = story.paper(story.ship, "DECL5")
    assert (
        client.get(reverse("handing_receipt", args=[call.reference, untouched.reference])).status_code == 404
    )
    assert client.get(reverse("handing", args=[story.broker_call.reference])).status_code in (403, 404)
    assert client.get(reverse("handing_where", args=[call.reference])).status_code == 404


def test_a_broker_says_where_the_goods_are_and_what_was_declared(story: Desk) -> None:
    call = story.broker_call
    client, page = opened(call)
    assert "Import customs" in page
    assert "Export customs" not in page
    where = reverse("handing_where", args=[call.reference])
    assert client.get(where).status_code == 200
    typed = {"code": "other", "occurred_at": "2020-04-14 08:00", "place": "Vancouver", "remark": ""}
    assert client.post(where, typed).status_code == 422
    assert client.post(where, typed | {"remark": "At the gate"}).status_code == 303
    assert TrackingEvent.objects.get(remark="At the gate").by == call.person
    lane = story.lane(story.ship, "import")
    declare = reverse("handing_lane", args=[call.reference, lane.reference, "declare"])
    assert client.get(declare).status_code == 200
    facts = {"number": "14567", "hs_code": "6307901000", "origin": "CN", "value": "5000", "currency": "CAD"}
    assert client.post(declare, {**facts, "hs_code": "63"}).status_code == 422
    assert client.post(declare, facts).status_code == 303
    release = reverse("handing_lane", args=[call.reference, lane.reference, "release"])
    closed = "customs cannot release its import. The city notes it."
    assert closed in client.get(reverse("handing", args=[call.reference])).content.decode()
    early = client.post(release, {"released_at": ""})
    assert (early.status_code, closed in early.content.decode()) == (422, True)
    story.hand_in_all(story.ship, "depart")
    story.clear(story.ship, "export")
    journey.depart(story.ship, by=story.logistics.by, at=AT)
    assert client.post(release, {"released_at": ""}).status_code == 303
    lane.refresh_from_db()
    assert lane.status == "released"
    assert "14567" in client.get(reverse("handing", args=[call.reference])).content.decode()
    export = story.lane(story.ship, "export").reference
    for other in ((export, "file"), (lane.reference, "hold")):
        assert client.get(reverse("handing_lane", args=[call.reference, *other])).status_code == 404
    filed = reverse("handing_lane", args=[call.reference, lane.reference, "file"])
    assert client.post(filed, {"office": ""}).status_code == 409


def proved(call: Any, address: str) -> Client:
    """A browser that gave the six digits."""
    made = issued(call)
    browser = Browser(language="en")
    browser.open(made.url).press("Continue")
    assert (
        "link_code" in browser.client.get(address).content.decode()
        or "six" in browser.client.get(address).content.decode()
    )
    code = issue_code(made.link, real_at=real_now())
    assert browser.client.post(address, {"link_code": code}).status_code == 303
    return browser.client


def streamed(client: Client, address: str) -> bytes:
    """The bytes of a file, read to their end."""
    return b"".join(client.get(address).streaming_content)


def test_files_open_behind_six_digits_theirs_and_for_the_broker_what_is_in_hand(story: Desk) -> None:
    supplier, broker = story.supplier_call, story.broker_call
    version = story.taken(supplier, "CONTRACT_CN")
    bring_paper(
        story.paper(story.ship, "PKL"),
        made=[story.packing],
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    file = File.objects.get(pk=version.files[0])
    sheet = reverse("handing_made", args=[supplier.reference, story.sheet.reference])
    client = proved(supplier, sheet)
    way = client.get(sheet)["Location"]
    assert client.get(way)["Content-Type"] == "application/pdf"
    own = reverse("handing_file", args=[supplier.reference, file.key])
    assert streamed(client, client.get(own)["Location"])
    packing = [
        reverse("handing_made", args=[one.reference, story.packing.reference]) for one in (supplier, broker)
    ]
    assert client.get(packing[0]).status_code == 404
    theirs = proved(broker, packing[1])
    assert theirs.get(theirs.get(packing[1])["Location"]).status_code == 200
    handed = reverse("handing_file", args=[broker.reference, file.key])
    way = theirs.get(handed)["Location"]
    assert streamed(theirs, way)
    assert theirs.get(f"{way[:-3]}x:y/").status_code == 403
    bad = reverse("handing_made_signed", args=[broker.reference, story.packing.reference, "link-1.9:x"])
    assert theirs.get(bad).status_code == 403
    page = theirs.get(reverse("handing", args=[broker.reference])).content.decode()
    assert "Papers in hand" in page
    assert file.name in page


def test_a_call_that_was_taken_back_or_whose_goods_ended_is_closed(story: Desk) -> None:
    call = story.broker_call
    link, (client, _page) = issued(call), opened(call)
    journey.cancel(story.ship, reason="a test", by=story.officer.by, at=AT)
    assert client.get(reverse("handing", args=[call.reference])).status_code == 404
    assert Browser(language="en").client.get(link.url).status_code == 410
