"""Tests of inspecting a lot on its page and through the API: its checklist, its sample, and values beside their limits."""

from collections.abc import Iterator

import pytest

from procurement.catalogue.models.products import Product
from procurement.quality.models import Lot
from procurement.quality.queries import InspectionSetup
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.workflow import files
from tests.worlds.shipments import DELIVERED_AT, Journey, reading_fields
from workflow.clock import clear_instance_cache
from workflow.comments_and_files.actions import attach_file
from workflow.uploads.models import File

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Iterator[Journey]:
    """Return the example purchase (`Story`) on a practice site, where signing in needs no second factor."""
    voyage = Journey()
    voyage.practise()
    yield voyage
    clear_instance_cache()


@pytest.fixture
def lot(story: Journey) -> Lot:
    """Return a lot of surgical masks that claim ASTM F2100 level 2, in quarantine."""
    return story.lot()


def address(lot: Lot, asked: str = "") -> str:
    return f"{lot.get_absolute_url()}inspect/{asked}"


def test_observer_opening_an_inspection_gets_403(story, lot):
    page = Browser(story.observer.user).open(address(lot))
    assert page.status == 403
    assert "You cannot do this" in page


def test_inspection_page_shows_the_checklist_with_limits_and_sources(story, lot):
    page = Browser(story.logistics.user).open(address(lot))
    for told in (
        "ASTM F2100 Level 2",
        "Bacterial filtration efficiency",
        "at least 98%",
        "less than 6 mmH₂O/cm²",
        "Binding limit: if the value is out of range, the lot cannot pass.",
        "Guideline: if the value is out of range, enter a reason to pass the lot.",
        "Inspect 200 units",
    ):
        assert told in page, told
    assert "Has head straps" not in page.text


def test_inspection_sample_follows_the_chosen_level_and_falls_back_on_invalid_input(story, lot):
    logistics = Browser(story.logistics.user)
    stricter = logistics.open(address(lot, "?level=III&aql=1"))
    assert "Inspect 315 units" in stricter
    assert "III, AQL 1" in stricter
    laxer = logistics.open(address(lot, "?level=I&aql=6.5"))
    assert "usual for these goods: AQL 2.5" in laxer
    for nonsense in ("?level=IX", "?aql=2.7", "?aql=much", "?level=&aql="):
        assert "II, AQL 2.5" in logistics.open(address(lot, nonsense)), nonsense


def test_reading_outside_its_limit_is_refused_on_the_page_with_the_typed_values(story, lot):
    page = Browser(story.logistics.user).open(address(lot))
    wrong = page.press("Inspect lot", verdict="passed", point_bfe="97,5", point_whole="yes")
    assert wrong.status == 422
    assert "measured 97.5%" in wrong
    assert not lot.inspections.exists()


def test_impossible_reading_is_refused_at_its_point_on_the_page(story, lot):
    page = Browser(story.logistics.user).open(address(lot))
    wrong = page.press("Inspect lot", verdict="failed", point_bfe="101", point_blood="much")
    assert (wrong.status, set(wrong.wrong)) == (422, {"point_blood"})
    wrong = page.press("Inspect lot", verdict="failed", point_bfe="101")
    assert (wrong.status, set(wrong.wrong)) == (422, {"point_bfe"})


# --- suggested verdict ------------------------------------------------------------------------------------------
def suggested_verdict(page) -> tuple[str, list[str]]:
    """Return the verdict that a page suggests, and the verdicts that are closed."""
    closed = page.root.xpath("//input[@name='verdict'][@disabled]/@value")
    return page.form("Inspect lot").fields["suggested"][0], closed


def request_suggestion(page, **typed):
    """Ask which verdict the results suggest, as the script or the button without scripts does."""
    form = page.form("Inspect lot")
    data = form.filled(form.buttons["Inspect lot"], typed) | {"check": "1"}
    return page.browser.send(page.at, data, {})


def test_passed_verdict_needs_a_measurement_or_reason_on_the_page(story, lot):
    page = Browser(story.logistics.user).open(address(lot))
    assert suggested_verdict(page) == ("", ["passed"])
    assert "Nothing has been measured yet." in page
    assert suggested_verdict(request_suggestion(page)) == ("", ["passed"])
    word = request_suggestion(page, justification="The wards run dry tonight.")
    assert suggested_verdict(word) == ("passed", [])
    some = request_suggestion(page, point_bfe="98.4")
    assert suggested_verdict(some) == ("", ["passed"])
    assert "has a binding limit and was not measured" in some
    assert not lot.inspections.exists()


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ({}, "passed"),
        ({"point_bfe": "97.9"}, "failed"),
        ({"defects": "10"}, "passed"),
        ({"defects": "11"}, "failed"),
    ],
)
def test_inspection_page_suggests_a_verdict_from_the_readings(story, lot, typed, verdict):
    page = request_suggestion(
        Browser(story.logistics.user).open(address(lot)), **(reading_fields(lot) | typed)
    )
    closed = [] if verdict == "passed" else ["passed"]
    assert suggested_verdict(page) == (verdict, closed)
    chosen = page.root.xpath("//input[@name='verdict'][@checked]/@value")
    assert chosen == [verdict]
    assert "Suggested:" in page


def test_chosen_verdict_is_kept_unless_it_is_no_longer_possible(story, lot):
    page = Browser(story.logistics.user).open(address(lot))
    own = request_suggestion(page, verdict="conditional", **reading_fields(lot))
    assert own.root.xpath("//input[@name='verdict'][@checked]/@value") == ["conditional"]
    followed = request_suggestion(
        request_suggestion(page, **reading_fields(lot)), verdict="passed", point_bfe="97.9"
    )
    assert followed.root.xpath("//input[@name='verdict'][@checked]/@value") == ["failed"]


def test_htmx_inspection_returns_only_the_verdict_fragment(story, lot):
    logistics = Browser(story.logistics.user)
    data = {"check": "1", "sampled": "200", "defects": "0", **reading_fields(lot)}
    answer = logistics.client.post(address(lot), data, headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert (answer.status_code, html.lstrip().startswith('<div id="verdict">')) == (200, True)
    assert 'value="passed"' in html


def test_lot_is_inspected_and_released_in_one_step_and_the_shipment_closed_next(story, lot):
    """From the lot's page these are three clicks and three loads."""
    page = Browser(story.logistics.user).open(lot).follow("Inspect lot")
    done = page.press("Inspect and release lot", verdict="passed", **reading_fields(lot))
    assert done.at == lot.shipment.get_absolute_url()
    lot.refresh_from_db()
    assert (lot.status, lot.verdict) == ("released", "passed")
    done.press("Close shipment")
    lot.shipment.refresh_from_db()
    assert lot.shipment.status == "closed"


def test_inspect_and_release_is_refused_when_a_second_person_must_release(story, lot):
    page = Browser(story.logistics.user).open(address(lot))
    wrong = page.press(
        "Inspect and release lot", verdict="passed", justification="The wards run dry tonight."
    )
    assert wrong.status == 403
    assert "someone else must release it" in wrong
    assert not lot.inspections.exists()


def test_lot_page_shows_the_measured_values(story, lot):
    logistics = Browser(story.logistics.user)
    page = logistics.open(address(lot, "?level=I&aql=6.5"))
    typed = {**reading_fields(lot), "point_bfe": "98.25", "point_whole": "no", "verdict": "passed"}
    wrong = page.press("Inspect lot", **typed)
    assert (wrong.status, set(wrong.wrong)) == (422, {"justification"})
    page.press("Inspect lot", justification="Torn by the knife that opened the box.", **typed)
    made = lot.inspections.get()
    assert (made.level, str(made.aql), made.sampled) == ("I", "6.500", 80)
    told = logistics.open(lot)
    for said in (
        "98.25%",
        "at least 98%",
        "Not measured",
        "not met",
        "Outside the limit",
        "Torn by the knife that opened the box.",
        "I, AQL 6.5",
    ):
        assert said in told, said


def test_failed_lot_is_released_by_two_people_on_its_page(story, lot):
    logistics, approver = Browser(story.logistics.user), Browser(story.approver.user)
    logistics.open(address(lot)).press("Inspect lot", point_bfe="90", verdict="failed")
    page = approver.open(f"{lot.get_absolute_url()}override/")
    page.press(page.buttons[0], reason="The wards run dry.")
    assert "Someone else must release the lot" in logistics.open(lot)
    logistics.client.post(f"{lot.get_absolute_url()}release/")
    lot.refresh_from_db()
    assert lot.status == "released"


def test_lot_is_inspected_through_the_api_by_the_same_points(story, lot):
    program = Program(story.logistics.user)
    points = {one["key"]: one for one in program.all("inspection-points/?key=bfe")}
    assert points["bfe"]["unit"] == "%"
    body = {"lot": lot.reference, "sampled": 200, "defects": 0, "verdict": "passed"}
    no = program.refused("inspections/", {**body, "readings": [{"key": "bfe", "value": "97.5"}]})
    assert (no["code"], "97.5" in str(no)) == ("outside_limit", True)
    no = program.refused("inspections/", {**body, "readings": [{"key": "inhalation", "value": "1"}]})
    assert no["code"] == "point_unknown"
    data = program.post(
        "inspections/",
        {
            **body,
            "readings": [{"key": "bfe", "value": "98.2"}, {"key": "whole", "seen": True}],
            "justification": "The laboratory measures the rest next week.",
        },
    )
    read = {one["key"]: one for one in data["points"]}
    assert [read["bfe"][name] for name in ("value", "limit", "outcome")] == ["98.200", "98.000", "within"]
    assert read["blood"]["outcome"] == "not_measured"
    assert program.get(f"lots/{lot.reference}/")["inspections"][0]["points"] == data["points"]


# --- reliable limits that were not measured -------------------------------------------------------------------------
def report(story: Journey, thing: object) -> File:
    """Attach a laboratory's report to an object."""
    upload = files.upload(files.picture("PNG"), "report.png")
    return attach_file(thing, upload, by=story.logistics.by, at=DELIVERED_AT)


def test_lot_with_an_unmeasured_reliable_limit_cannot_pass_on_the_page(story, lot):
    page = Browser(story.logistics.user).open(address(lot))
    wrong = page.press("Inspect lot", defects="3", verdict="passed")
    assert (wrong.status, set(wrong.wrong)) == (422, {"justification"})
    assert "has a binding limit and was not measured" in wrong
    left = {**reading_fields(lot), "point_blood": ""}
    wrong = page.press("Inspect lot", verdict="passed", **left)
    assert "Resistance to synthetic blood" in wrong.wrong["justification"]
    assert not lot.inspections.exists()


def test_lot_passed_by_justification_alone_is_released_by_a_second_person(story, lot):
    logistics = Browser(story.logistics.user)
    logistics.open(address(lot)).press(
        "Inspect lot", verdict="passed", justification="The wards run dry tonight."
    )
    assert "so someone else must release it" in logistics.open(lot)
    refused = logistics.client.post(f"{lot.get_absolute_url()}release/")
    lot.refresh_from_db()
    assert (refused.status_code, lot.status) == (403, "quarantined")
    Browser(story.officer.user).open(lot).do("release")
    lot.refresh_from_db()
    assert lot.status == "released"


@pytest.mark.parametrize("of", ["lot", "shipment", "offer"])
def test_lot_passed_with_a_report_covering_every_limit_needs_one_person(story, lot, of):
    thing = {"lot": lot, "shipment": lot.shipment, "offer": lot.line.order_line.allocation.lead}[of]
    file = report(story, thing)
    logistics = Browser(story.logistics.user)
    page = logistics.open(address(lot))
    wrong = page.press("Inspect lot", verdict="passed", report=str(file.pk))
    assert set(wrong.wrong) == {"covers"}
    some = page.press("Inspect lot", verdict="passed", report=str(file.pk), covers=["bfe", "pfe"])
    assert "Resistance to synthetic blood" in some.wrong["justification"]
    page.press(
        "Inspect lot", verdict="passed", report=str(file.pk), covers=["bfe", "pfe", "blood", "pressure"]
    )
    told = logistics.open(lot)
    for said in ("Covered by the report", "report.png"):
        assert said in told, said
    logistics.open(lot).do("release")
    lot.refresh_from_db()
    assert lot.status == "released"


@pytest.mark.parametrize("left", ["bfe", "blood", "pressure"])
def test_single_unmeasured_limit_is_covered_by_a_report(story, lot, left):
    file = report(story, lot)
    logistics = Browser(story.logistics.user)
    page = logistics.open(address(lot))
    read = {**reading_fields(lot), f"point_{left}": ""}
    assert set(page.press("Inspect lot", verdict="passed", **read).wrong) == {"justification"}
    other = page.press("Inspect lot", verdict="passed", **read, report=str(file.pk), covers=["pfe"])
    assert set(other.wrong) == {"justification"}, "a report on another point covers nothing here"
    assert not lot.inspections.exists()
    page.press("Inspect lot", verdict="passed", **read, report=str(file.pk), covers=[left])
    logistics.open(lot).do("release")
    lot.refresh_from_db()
    assert (lot.status, lot.unmeasured) == ("released", 0)


def test_api_inspection_with_unmeasured_limits_needs_a_second_person_to_release(story, lot):
    program = Program(story.logistics.user)
    body = {"sampled": 500, "defects": 3, "verdict": "passed"}
    path = f"lots/{lot.reference}/"
    assert program.refused(f"{path}inspect/", body)["code"] == "unmeasured"
    no = program.refused(f"{path}inspect/", {**body, "covers": ["bfe"]})
    assert no["code"] == "report_missing"
    other = report(story, story.plan(story.ready(story.promise())))
    no = program.refused(f"{path}inspect/", {**body, "report": other.pk, "covers": ["bfe"]})
    assert no["code"] == "report_of_another"
    program.post(f"{path}inspect/", {**body, "justification": "Measured by the maker."})
    assert program.refused(f"{path}release/")["code"] == "not_allowed"
    assert Program(story.officer.user).post(f"{path}release/")["status"] == "released"


def test_conditional_lot_with_unmeasured_limits_is_released_by_a_second_person(story, lot):
    program = Program(story.logistics.user)
    body = {"sampled": 200, "defects": 0, "verdict": "conditional"}
    program.post(f"lots/{lot.reference}/inspect/", body)
    path = f"lots/{lot.reference}/condition/"
    assert program.refused(path, {"condition": "Visitors only."})["code"] == "not_allowed"
    assert (
        Program(story.officer.user).post(path, {"condition": "Visitors only."})["status"]
        == "released_conditionally"
    )


def test_goods_without_a_reliable_limit_pass_unmeasured(story, lot):
    lead = lot.line.order_line.allocation.lead
    lead.standard = None
    for lead.product in Product.objects.order_by("code"):
        if not any(point.is_blocking for point in InspectionSetup.for_lot(lot).checklist_points):
            break
    lead.save()
    assert not any(point.is_blocking for point in InspectionSetup.for_lot(lot).checklist_points)
    program = Program(story.logistics.user)
    program.post(f"lots/{lot.reference}/inspect/", {"sampled": 315, "defects": 0, "verdict": "passed"})
    assert program.post(f"lots/{lot.reference}/release/")["status"] == "released"
