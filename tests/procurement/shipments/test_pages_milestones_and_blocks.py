"""Tests of a shipment's page: local times of its milestones, and its blockers with links that resolve them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from procurement.customs.actions import record_hold
from procurement.documents.actions.documents import mark_document_ready, start_document
from procurement.documents.actions.requests import request_documents
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.orders.actions.approve import mark_ready
from procurement.shipments.models import Shipment
from tests.browsing import Browser, words
from tests.workflow import files
from tests.worlds.need_to_order import AT, Person
from tests.worlds.shipments import Journey
from workflow.clock import clear_instance_cache
from workflow.uploads.models import File

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Iterator[Journey]:
    """Return the example purchase (`Story`) on a practice site, where signing in needs no second factor."""
    voyage = Journey()
    voyage.practise()
    yield voyage
    clear_instance_cache()


# --- clocks -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("origin", "destination", "side", "zone", "name"),
    [
        ("CNCAN", "CAVAN", "export", "Asia/Shanghai", "Guangzhou (UTC+8)"),
        ("CNSHA", "CATOR", "import", "America/Toronto", "Toronto (UTC−4)"),
        ("JPTYO", "CAVAN", "export", "Asia/Tokyo", "Tokyo (UTC+9)"),
    ],
)
def test_customs_times_are_entered_in_the_time_zone_of_their_place(
    story: Journey, origin: str, destination: str, side: str, zone: str, name: str
) -> None:
    clearance = story.clearance(story.plan(origin=origin, destination=destination), side)
    logistics = Browser(story.logistics.user)
    form = logistics.open(f"{clearance.get_absolute_url()}file/")
    assert name in form.text
    form.press(form.buttons[0], filed_at="2020-04-13 06:30")
    clearance.refresh_from_db()
    assert clearance.filed_at == datetime(2020, 4, 13, 6, 30, tzinfo=ZoneInfo(zone))
    hold = logistics.open(f"{clearance.get_absolute_url()}hold/")
    assert name in hold.text


def test_departure_and_arrival_are_in_the_time_zones_of_their_places(
    story: Journey,
) -> None:
    shipment = story.packed(story.plan(origin="CNSHA", destination="CATOR"))
    story.hand_in_all(shipment, "depart")
    story.clear(shipment, "export")
    logistics = Browser(story.logistics.user)
    leaves = logistics.open(f"{shipment.get_absolute_url()}depart/")
    assert "UTC+8" in leaves.text
    wrong = leaves.press(leaves.buttons[0], departed_at="2099-01-01 00:00")
    assert set(wrong.wrong) == {"departed_at"}
    leaves.press(leaves.buttons[0], departed_at="2020-04-16 23:30")
    lands = logistics.open(f"{shipment.get_absolute_url()}arrive/")
    assert "UTC−4" in lands.text
    lands.press(lands.buttons[0], arrived_at="2020-04-16 11:45")
    shipment.refresh_from_db()
    assert shipment.departed_at == datetime(2020, 4, 16, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert shipment.arrived_at == datetime(2020, 4, 16, 11, 45, tzinfo=ZoneInfo("America/Toronto"))


def test_every_time_on_the_shipment_page_is_in_one_named_time_zone(story: Journey) -> None:
    reader = story.officer.user
    for zone, name, shift in (
        ("America/Vancouver", "Vancouver time", "UTC−7"),
        ("Asia/Tokyo", "Tokyo time", "UTC+9"),
    ):
        reader.time_zone = zone
        reader.save()
        page = Browser(reader).open(story.plan(story.ready(story.promise())))
        assert f"All times are in {name}" in page
        assert f"({shift})" in page
        assert page.text.count("UTC") == 1


def test_unreported_step_before_a_recorded_one_is_passed_and_only_the_next_is_current(story: Journey) -> None:
    shipment = story.arrived()
    assert not shipment.milestones.get(step="picked_up").actual_at
    page = Browser(story.officer.user).open(shipment)
    rows = {row.get("class"): [] for row in page.root.xpath("//ol[@class='stepper']/li")}
    for row in page.root.xpath("//ol[@class='stepper']/li"):
        rows[row.get("class")].append(row.xpath("string(.//strong)"))
    assert rows["passed"] == ["Picked up"]
    assert rows["now"] == ["Import cleared"]
    assert page.root.xpath("string(//ol[@class='stepper']/li[@aria-current]//strong)") == "Import cleared"
    assert "not reported" in page


def test_first_step_is_current_before_anything_happened(story: Journey) -> None:
    page = Browser(story.officer.user).open(story.plan())
    assert len(page.root.xpath("//ol[@class='stepper']/li[@class='now']")) == 1
    assert "not reported" not in page


def test_journey_is_shown_once_with_planned_and_actual_times(story: Journey) -> None:
    """A time that contradicts the order of the steps is flagged at its step."""
    shipment = story.arrived()
    steps = shipment.milestones
    departed = steps.get(step="departed").actual_at
    steps.filter(step="departed").update(planned_at=departed - timedelta(days=1))
    steps.filter(step="arrived").update(actual_at=departed - timedelta(hours=3))
    page = Browser(story.officer.user).open(shipment)
    assert len(page.root.xpath("//ol[@class='stepper']")) == 1
    rows = {
        row.xpath("string(.//strong)"): words(row) for row in page.root.xpath("//ol[@class='stepper']/li")
    }
    assert "planned" in rows["Departed"]
    assert "earlier than “Departed”: check the times" in rows["Arrived in destination country"]


def test_shipment_is_named_by_goods_and_places(story: Journey) -> None:
    shipment = story.plan()
    page = Browser(story.officer.user).open(shipment)
    assert page.heading == f"Surgical mask × 10,000, Guangzhou to Vancouver {shipment.reference}"
    assert "Surgical mask × 10,000, Guangzhou to Vancouver" in Browser(story.officer.user).open("/shipments/")


# --- blockers ---------------------------------------------------------------------------------------------------
def remaining_work(story: Journey, shipment: Shipment) -> dict[str, str]:
    """Return the lines of "In the way today": the remaining work, by the address of each link."""
    page = Browser(story.logistics.user).open(shipment)
    rows = page.root.xpath("//div[contains(@class,'next-step')]//li")
    return {row.xpath("string(.//a/@href)"): row.xpath("string(.//p)") for row in rows}


def test_each_blocker_links_to_its_resolution(story: Journey) -> None:
    shipment = story.plan()
    clearance = story.clearance(shipment, "export")
    here = story.document(shipment, "DECL5")
    missing = (
        shipment.documents.filter(blocks=True, status="required", owner="supplier")
        .exclude(pk=here.pk)
        .first()
    )
    mark_document_ready(start_document(here, by=story.logistics.by, at=AT), by=story.logistics.by, at=AT)
    hold = record_hold(clearance, reason="Weighing", by=story.logistics.by, at=AT)
    left = remaining_work(story, shipment)
    assert "submit the document, which is ready" in left[f"#{here.reference}"]
    assert "obtain the document, then submit it" in left[f"#{missing.reference}"]
    assert f"#hold-{hold.pk}" not in left, "it is shown above, with its question"
    assert "file the declaration with customs" in left[f"#{clearance.reference}"]
    page = Browser(story.logistics.user).open(shipment)
    assert all(len(page.root.xpath(f"//*[@id='{address[1:]}']")) == 1 for address in left)


def test_blocker_states_since_when_and_offers_the_readers_actions(story: Journey) -> None:
    shipment = story.plan()
    missing = story.document(shipment, "DECL5")
    record_hold(story.clearance(shipment, "export"), reason="Weighing", by=story.logistics.by, at=AT)
    ask = f"/shipments/{shipment.reference}/request-documents/?role=supplier-{missing.supplier_id}"
    rows = buttons_by_row(story.logistics, shipment)
    assert rows[f"#{missing.reference}"] == {"Upload": "#upload", "Request document": ask}
    assert all(
        "since" in words for words in remaining_work(story, shipment).values() if "declaration" not in words
    )
    assert buttons_by_row(story.observer, shipment)[f"#{missing.reference}"] == {}
    theirs = shipment.documents.filter(owner="supplier").count()
    label = f"Request missing documents ({theirs}) from: {story.supplier.name}"
    assert Browser(story.logistics.user).open(shipment).follow(label).value("role") == ask.partition("=")[2]
    who = {"author": story.officer.user, "by": story.officer.by, "at": AT}
    asked = request_documents(shipment, "supplier", email="wu@kanghu.example", name="Wu Min DEMO", **who)
    again = buttons_by_row(story.logistics, shipment)[f"#{missing.reference}"]
    assert again == {"Upload": "#upload", "Request document again": f"{asked.get_absolute_url()}remind/"}
    assert label not in Browser(story.logistics.user).open(shipment), "they were asked"


def buttons_by_row(person: Person, shipment: Shipment) -> dict[str, dict[str, str]]:
    """Return the buttons of each blocker with their addresses, by the address of its row."""
    page = Browser(person.user).open(shipment)
    return {
        row.xpath("string(.//a/@href)"): {
            words(one): one.get("href") or one.xpath("string(ancestor::form/@action)")
            for one in row.xpath(".//*[contains(@class,'actions')]//a | .//button")
        }
        for row in page.root.xpath("//div[contains(@class,'next-step')]//li")
    }


def test_customs_question_is_listed_first_and_answered_with_a_file(
    story: Journey, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    shipment = story.plan()
    data = {"reason": "Referred", "question": "Which maker?", "by": story.logistics.by, "at": AT}
    held = record_hold(story.clearance(shipment, "export"), **data)
    browser = Browser(story.logistics.user)
    page = browser.open(shipment)
    banner = page.main.xpath(f".//section[@id='hold-{held.pk}']")[0]
    assert "note-red" in banner.get("class")
    assert page.text.index("Which maker?") < page.text.index("What is blocking this shipment")
    primary = banner.xpath(".//*[contains(@class,'btn-primary')]")
    assert [words(one) for one in primary] == ["Answer customs"]
    assert banner.xpath(".//a[contains(@class,'btn-plain')]/@href") == [f"{held.get_absolute_url()}end/"]
    empty = page.press("Answer customs", answer="")
    assert (empty.status, set(empty.wrong)) == (422, {"answer"})
    letter = files.upload(files.picture("PNG"), "letter.png")
    done = page.press("Answer customs", answer="Kanghu", upload=letter)
    assert "Your answer to customs has been recorded" in done
    held.refresh_from_db()
    assert held.answer == "Kanghu"
    assert [file.name for file in File.objects.about(held)] == ["letter.png"]
    assert "Answer customs" not in Browser(story.observer.user).open(shipment).buttons


def test_refused_file_leaves_the_customs_question_unanswered(
    story: Journey, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    shipment = story.plan()
    held = record_hold(story.clearance(shipment, "export"), reason="Referred", by=story.logistics.by, at=AT)
    page = Browser(story.logistics.user).open(shipment)
    refused = page.press("Answer customs", answer="Kanghu", upload=files.upload(b"MZ", "letter.exe"))
    assert refused.status == 422
    held.refresh_from_db()
    assert held.answer == ""


def test_clearance_is_filed_and_released_with_one_button_each(story: Journey) -> None:
    shipment = story.packed()
    clearance = story.clearance(shipment, "export")
    browser = Browser(story.logistics.user)
    filed = browser.open(shipment).press("Record filing with customs", office="DEMO office")
    clearance.refresh_from_db()
    assert (clearance.status, clearance.office) == ("filed", "DEMO office")
    filed.press("Record customs clearance")
    clearance.refresh_from_db()
    assert clearance.status == "cleared"


def test_htmx_clearance_action_follows_the_redirect(story: Journey) -> None:
    clearance = story.clearance(story.packed(), "export")
    browser = Browser(story.logistics.user)
    there = f"http://testserver{clearance.shipment.get_absolute_url()}"
    headers = {"HX-Request": "true", "HX-Target": "main", "HX-Current-URL": there}
    answer = browser.client.post(f"{clearance.get_absolute_url()}file/", headers=headers)
    assert (answer.status_code, "HX-Redirect" in answer.headers) == (303, False)
    assert answer["Location"].startswith(clearance.shipment.get_absolute_url())


@pytest.mark.parametrize("number", ["DSV-77", ""])
def test_document_number_is_asked_for_only_once(story: Journey, number: str) -> None:
    document = story.document(story.plan(), "AWB")
    start_document(document, by=story.logistics.by, at=AT)
    mark_document_ready(document, number=number, by=story.logistics.by, at=AT)
    browser = Browser(story.logistics.user)
    page = browser.open(document)
    assert (("get", f"{document.get_absolute_url()}file/") in page.ways) == (not number)
    if number:
        page.do("file")
        assert CustomsDocument.objects.get(pk=document.pk).status == "submitted"


# --- buttons ----------------------------------------------------------------------------------------------------
def test_packing_is_closed_with_a_reason_while_goods_are_not_ready(story: Journey) -> None:
    confirmed = story.confirmed()
    shipment = story.plan(confirmed)
    logistics = Browser(story.logistics.user)
    page = logistics.open(shipment)
    assert "Record packing" not in page.buttons
    assert f"The goods of {confirmed.reference} are not ready yet." in page
    assert page.root.xpath(f"//main//a[@href='{confirmed.get_absolute_url()}']")
    assert str(confirmed.author) in page
    mark_ready(confirmed, by=story.officer.by, at=AT)
    assert "Record packing" in logistics.open(shipment).buttons


def test_shipment_can_be_planned_only_from_a_confirmed_order(story: Journey) -> None:
    draft = story.draft()
    page = Browser(story.officer.user).open(draft)
    assert not page.root.xpath("//a[contains(@href,'/shipments/new/')]")
    assert "Approve order" in page.buttons, "the one step that can be taken now"
    ready = story.ready(story.promise())
    page = Browser(story.officer.user).open(ready)
    assert page.root.xpath(f"//a[@href='/shipments/new/?order={ready.reference}']")
