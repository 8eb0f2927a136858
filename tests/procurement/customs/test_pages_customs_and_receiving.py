"""Tests of clearances with documents and holds, and of receiving with inspections, on pages."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from procurement.customs.models import CustomsClearance, CustomsHold
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.quality.models import Lot
from procurement.receiving.models import GoodsReceipt
from tests.browsing import Browser
from tests.worlds.shipments import Journey, reading_fields

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Journey()
        assert story.officer and story.observer and story.stranger and story.logistics
        story.packing = story.packed()
        story.here = story.delivered()
        story.gone = story.departed()
        yield story


@pytest.fixture
def logistics(story):
    return Browser(story.logistics.user)


def own_button(page):
    """Return the button of the page's own form."""
    return page.buttons[0]


def open_move(browser, thing, verb, **typed):
    page = browser.open(f"{thing.get_absolute_url()}{verb}/")
    return page.press(own_button(page), **typed)


def test_clearance_is_declared_and_released_on_its_page(story, logistics):
    clearance = story.clearance(story.packing, "export")
    data = {
        "number": "530120200000000001",
        "office": "广州海关",
        "hs_code": "6307900010",
        "origin": "CN",
        "value": "5 000,50",
        "currency": "USD",
    }
    wrong = open_move(logistics, clearance, "declare", **{**data, "number": "", "value": "a lot"})
    assert (wrong.status, set(wrong.wrong)) == (422, {"number", "value"})
    done = open_move(logistics, clearance, "declare", **data)
    assert done.at == story.packing.get_absolute_url()
    declaration = clearance.declarations.get()
    assert (declaration.number, declaration.office) == ("530120200000000001", "广州海关")
    assert Decimal(declaration.lines[0]["value"]) == Decimal("5000.50")
    assert logistics.open(clearance).at == story.packing.get_absolute_url()
    answer = logistics.client.post(f"{clearance.get_absolute_url()}release/")
    clearance.refresh_from_db()
    assert (answer.status_code, clearance.status) == (303, "cleared")


def test_customs_hold_is_answered_and_ended_on_its_page(story, logistics):
    clearance = story.clearance(story.packing, "import")
    open_move(logistics, clearance, "file", office="CBSA Vancouver")
    hold = logistics.open(story.packing).follow("Record customs hold")
    wrong = hold.press("Add", reason="", question="价值？")
    assert (wrong.status, set(wrong.wrong)) == (422, {"reason"})
    page = hold.press("Add", reason="No invoice", question="What is the value?")
    assert "What is the value?" in page
    held = CustomsHold.objects.get()
    assert logistics.open(held).at == story.packing.get_absolute_url()
    wrong = open_move(logistics, held, "answer", answer="")
    assert (wrong.status, set(wrong.wrong)) == (422, {"answer"})
    open_move(logistics, held, "answer", answer="USD 5,000，见附件")
    assert "USD 5,000，见附件" in logistics.open(story.packing)
    open_move(logistics, held, "end", answer="")
    held.refresh_from_db()
    assert held.status == "ended"
    assert open_move(logistics, held, "end", answer="Again").status == 409


def test_clearance_and_hold_store_the_entered_times(story, logistics):
    clearance = story.clearance(story.gone, "import")
    wrong = open_move(logistics, clearance, "file", filed_at="2030-01-01 10:00")
    assert (wrong.status, set(wrong.wrong)) == (422, {"filed_at"})
    open_move(logistics, clearance, "file", filed_at="2020-04-16 06:00")
    hold = logistics.open(story.gone).follow("Record customs hold")
    wrong = hold.press("Add", reason="No invoice", started_at="2030-01-01 10:00")
    assert (wrong.status, set(wrong.wrong)) == (422, {"started_at"})
    hold.press("Add", reason="No invoice", started_at="2020-04-16 07:00")
    held = CustomsHold.objects.get()
    wrong = open_move(logistics, held, "end", ended_at="2020-04-16 06:59")
    assert (wrong.status, set(wrong.wrong)) == (422, {"ended_at"})
    open_move(logistics, held, "end", ended_at="2020-04-16 08:30")
    open_move(logistics, clearance, "release", released_at="2020-04-16 08:45")
    clearance.refresh_from_db()
    held.refresh_from_db()
    moments = (clearance.filed_at, held.started_at, held.ended_at, clearance.released_at)
    there = [one.astimezone(ZoneInfo("America/Vancouver")) for one in moments]
    assert [f"{one:%H:%M}" for one in there] == ["06:00", "07:00", "08:30", "08:45"]
    assert story.gone.milestones.get(step="import_cleared").actual_at == clearance.released_at


def test_customs_document_is_submitted_accepted_and_queried_on_its_page(story, logistics):
    document = story.packing.documents.filter(status="required").order_by("pk").first()
    page = logistics.open(document)
    assert story.packing.reference in page
    page.press(own_button(page))
    open_move(logistics, document, "ready", number="INV-2020-001")
    logistics.open(document).do("file")
    wrong = open_move(logistics, document, "query", reason="")
    assert (wrong.status, set(wrong.wrong)) == (422, {"reason"})
    open_move(logistics, document, "query", reason="金额不符")
    assert "金额不符" in logistics.open(document)
    open_move(logistics, document, "file", number="INV-2020-001b")
    open_move(logistics, document, "refuse", reason="盖章不清")
    logistics.client.post(f"{document.get_absolute_url()}new_version/")
    document.refresh_from_db()
    assert (document.status, document.version) == ("in_progress", 2)
    refused = logistics.client.post(f"{document.get_absolute_url()}accept/")
    assert refused.status_code == 409
    assert 'role="alert"' in refused.content.decode()


def open_receiving(browser, story):
    return browser.open(f"{story.here.get_absolute_url()}receive/")


def field_names(story):
    line = story.here.lines.get()
    return {
        name: f"{name}{line.pk}"
        for name in ("accepted", "rejected", "missing", "surplus", "lot", "expires", "reason")
    }


def test_goods_receipt_on_the_page_requires_a_reason_for_each_difference(story, logistics):
    name = field_names(story)
    page = open_receiving(logistics, story)
    assert page.value(name["accepted"]) == "10,000"
    wrong = page.press("Record goods receipt", **{name["accepted"]: "most", name["lot"]: ""})
    assert (wrong.status, set(wrong.wrong)) == (422, {name["accepted"]})
    typed = {
        name["accepted"]: "9 000",
        name["rejected"]: "10 boxes of 50",
        name["missing"]: "500",
        name["lot"]: "批号 L-1",
    }
    refused = page.press("Record goods receipt", **typed)
    assert refused.status == 422, "no reason is given"
    assert refused.alert
    assert not GoodsReceipt.objects.filter(shipment=story.here).exists()
    page.press(
        "Record goods receipt",
        **typed,
        **{name["reason"]: "箱子受潮", name["expires"]: "2022年4月1日"},
        cartons="10",
    )
    line = story.here.lines.get()
    assert (line.accepted, line.rejected, line.missing) == (9_000, 500, 500)
    lot = Lot.objects.get()
    assert (lot.number, lot.quantity, lot.status) == ("批号 L-1", 9_000, "quarantined")
    again = open_receiving(logistics, story)
    assert again.press("Record goods receipt").status in (409, 422)


def test_receipt_without_accepted_units_needs_no_lot_number(story, logistics):
    name = field_names(story)
    page = open_receiving(logistics, story)
    missing = page.press("Record goods receipt", **{name["accepted"]: "10 000"})
    assert (missing.status, set(missing.wrong)) == (422, {name["lot"]}), "what is accepted has a lot"
    unexplained = page.press("Record goods receipt", **{name["accepted"]: "0", name["rejected"]: "10 000"})
    assert (unexplained.status, set(unexplained.wrong)) == (422, {name["reason"]})
    short = page.press("Record goods receipt", **{name["accepted"]: "9 999", name["lot"]: "L-1"})
    assert (short.status, set(short.wrong)) == (422, {name["accepted"]})
    page.press(
        "Record goods receipt",
        **{name["accepted"]: "0", name["rejected"]: "10 000", name["reason"]: "全部受潮"},
    )
    line = story.here.lines.get()
    assert (line.accepted, line.rejected, Lot.objects.count()) == (0, 10_000, 0)


def test_line_is_counted_in_several_receipts_and_lots(story, logistics):
    name = field_names(story)
    for pieces, number, left in (("6 000", "L-1", 4_000), ("4 000", "L-2", 0)):
        page = open_receiving(logistics, story)
        page.press(
            "Record goods receipt",
            **{name["accepted"]: pieces, name["lot"]: number, "more_to_come": "on" if left else None},
        )
        assert story.here.lines.get().uncounted_pieces == left
    assert dict(Lot.objects.values_list("number", "quantity")) == {"L-1": 6_000, "L-2": 4_000}
    nothing = GoodsReceipt.objects.count()
    empty = open_receiving(logistics, story).press("Record goods receipt", more_to_come="on")
    assert (empty.status, GoodsReceipt.objects.count()) == (422, nothing), "a counting counts something"


def test_shipment_history_names_who_cleared_counted_and_inspected(story, logistics):
    clearance = story.clearance(story.gone, "import")
    open_move(logistics, clearance, "file", office="CBSA Vancouver")
    logistics.open(story.gone).follow("Record customs hold").press("Add", reason="No invoice", question="")
    open_move(logistics, CustomsHold.objects.get(), "end", answer="")
    logistics.client.post(f"{clearance.get_absolute_url()}release/")
    text = logistics.activity(story.gone).text
    for said in (
        "filed the declaration with customs",
        "recorded a customs hold",
        "ended the hold",
        "recorded the customs clearance",
    ):
        assert f"{story.logistics.user} {said} (Import clearance)" in text, said
    open_receiving(logistics, story).press("Record goods receipt", **{field_names(story)["lot"]: "批号 7"})
    lot = Lot.objects.get()
    open_move(logistics, lot, "inspect", sampled="200", defects="0", verdict="passed", **reading_fields(lot))
    text = logistics.activity(story.here).text
    for said in ("received the goods (Goods receipt)", "put the lot in quarantine (Lot 批号 7)"):
        assert said in text, said
    assert f"{story.logistics.user} inspected the lot (Lot 批号 7)" in text
    assert "filed the declaration with customs" in text, "the history before is told as well"
    assert "inspected the lot" not in Browser(story.stranger.user).activity(story.here).text


def test_wrong_goods_receipt_is_reversed_on_its_page(story, logistics):
    open_receiving(logistics, story).press("Record goods receipt", **{field_names(story)["lot"]: "L-1"})
    receipt = GoodsReceipt.objects.get()
    assert logistics.open(f"/goods-receipts/{receipt.pk}/").at == story.here.get_absolute_url()
    wrong = move_of(logistics, receipt, reason="")
    assert (wrong.status, set(wrong.wrong)) == (422, {"reason"})
    page = move_of(logistics, receipt, reason="数错了")
    assert page.at == story.here.get_absolute_url()
    assert story.here.lines.get().accepted == 0


def move_of(browser, receipt, **typed):
    page = browser.open(f"/goods-receipts/{receipt.pk}/reverse/")
    return page.press(own_button(page), **typed)


@pytest.fixture
def lot(story, logistics) -> Lot:
    open_receiving(logistics, story).press("Record goods receipt", **{field_names(story)["lot"]: "L-1"})
    return Lot.objects.get()


def test_lot_is_inspected_released_and_recalled_on_its_page(story, logistics, lot):
    page = logistics.open(lot)
    assert "drawn at random. With up to" in page
    early = logistics.client.post(f"{lot.get_absolute_url()}release/")
    assert (early.status_code, 'role="alert"' in early.content.decode()) == (422, True)
    wrong = open_move(logistics, lot, "inspect", sampled="0", defects="some")
    assert (wrong.status, set(wrong.wrong)) == (422, {"sampled", "defects", "verdict"})
    open_move(
        logistics,
        lot,
        "inspect",
        sampled="200",
        defects="0",
        verdict="passed",
        measured="压差 45 Pa",
        **reading_fields(lot),
    )
    assert "压差 45 Pa" in logistics.open(lot)
    logistics.client.post(f"{lot.get_absolute_url()}release/")
    lot.refresh_from_db()
    assert lot.status == "released"
    logistics.client.post(f"{story.here.get_absolute_url()}close/")
    story.here.refresh_from_db()
    assert story.here.status == "closed"
    open_move(logistics, lot, "recall", reason="厂家召回")
    lot.refresh_from_db()
    assert lot.status == "recalled"
    story.here.refresh_from_db()


def test_lot_is_released_conditionally_or_rejected_on_its_page(story, logistics, lot):
    open_move(
        logistics, lot, "inspect", sampled="200", defects="3", verdict="conditional", **reading_fields(lot)
    )
    wrong = open_move(logistics, lot, "condition", condition="")
    assert (wrong.status, set(wrong.wrong)) == (422, {"condition"})
    open_move(logistics, lot, "condition", condition="Not for operating rooms")
    lot.refresh_from_db()
    assert lot.status == "released_conditionally"
    assert open_move(logistics, lot, "refuse", reason="").status == 422
    open_move(logistics, lot, "refuse", reason="耳带断裂")
    lot.refresh_from_db()
    assert lot.status == "rejected"
    assert story.here.lines.get().order_line.allocation.line.released == 0


def test_receiving_and_customs_actions_are_403_for_observers_and_404_for_other_cities(story, lot):
    stranger, observer = Browser(story.stranger.user), Browser(story.observer.user)
    receipt, clearance = GoodsReceipt.objects.get(), CustomsClearance.objects.first()
    document = CustomsDocument.objects.first()
    for at in (
        lot.get_absolute_url(), f"{lot.get_absolute_url()}inspect/", f"/goods-receipts/{receipt.pk}/",
        f"/goods-receipts/{receipt.pk}/reverse/",
        clearance.get_absolute_url(), f"{clearance.get_absolute_url()}file/", f"{clearance.get_absolute_url()}hold/",
        document.get_absolute_url(), f"{document.get_absolute_url()}query/", "/customs-holds/999999/", "/customs-holds/999999/end/",
    ):  # fmt: skip
        assert stranger.open(at).status == 404, at
        assert stranger.client.post(at, {"reason": "x"}).status_code in (404, 405), at
    refused = observer.client.post(f"{lot.get_absolute_url()}refuse/", {"reason": "I doubt it"})
    assert (refused.status_code, "I doubt it" in refused.content.decode()) == (403, True)
    assert observer.open(f"{clearance.get_absolute_url()}hold/").status == 403
    assert (
        observer.client.post(f"{clearance.get_absolute_url()}hold/", {"reason": "I hold it"}).status_code
        == 403
    )
