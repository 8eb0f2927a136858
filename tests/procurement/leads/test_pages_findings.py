"""Tests of the findings on an offer's page: answered in place, with facts edited and certificates added beside them."""

from decimal import Decimal

import pytest

from procurement.leads.actions.findings import rescreen_lead
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.suppliers.actions.statuses import declare_interest
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from procurement.suppliers.models.certificates import Certificate
from tests.browsing import Browser
from tests.workflow import files
from tests.worlds.leads import submitted_offer
from tests.worlds.need_to_order import AT, Story
from workflow.uploads.models import File

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        story.practise()
        assert story.officer and story.observer and story.stranger and story.verifier
        price = {"unit_price": Decimal("0.50"), "currency": "USD", "kind": "sale"}
        story.lead = submitted_offer(story, **price, prepayment_percent=60)
        correct_supplier(story.supplier, SupplierEdit(uscc="91330100799655058X"), by=story.officer.by, at=AT)
        rescreen_lead(story.lead, at=AT)
        yield story


@pytest.fixture
def officer(story):
    return Browser(story.officer.user)


@pytest.fixture
def lead(story) -> SupplierLead:
    return SupplierLead.objects.get(pk=story.lead.pk)


@pytest.fixture
def blocking(lead) -> list[Finding]:
    return list(lead.findings.filter(severity="block", status="open").order_by("pk"))


def finding_row(page, finding):
    """Return the row of a finding on the page."""
    return page.main.xpath(f".//*[@id='{finding.reference}']")[0]


def test_several_findings_are_answered_together_with_their_own_explanations(story, officer, lead, blocking):
    assert blocking
    warning = lead.findings.get(code="prepayment_high")
    answers = {one.reference: f"Seen: {one.code}." for one in (*blocking, warning)}
    page = officer.open(lead).press("Send responses", **answers)
    assert page.at == lead.get_absolute_url()
    assert f"{len(answers)} findings." in page
    for one in (*blocking, warning):
        one.refresh_from_db()
        assert (one.status, one.answer) == ("explained", answers[one.reference])
        assert one.answered_by == story.officer.user
    assert f"{len(blocking)} blocking finding" in page
    assert f"overruled by {story.officer.user.name}" in page


def test_answer_box_is_open_for_blocking_findings_and_folded_for_warnings(officer, lead, blocking):
    page = officer.open(lead)
    warning = lead.findings.get(code="prepayment_high")
    assert not finding_row(page, blocking[0]).xpath(".//details//textarea")
    assert finding_row(page, blocking[0]).xpath(".//textarea")
    assert finding_row(page, warning).xpath(".//details//textarea")


def test_findings_form_without_an_explanation_is_refused(officer, lead):
    page = officer.open(lead).press("Send responses")
    assert page.status == 422
    assert "Explain at least one finding." in page.alert


def test_finding_links_to_the_fact_to_correct_and_the_document_to_add(story, officer, lead, blocking):
    page = officer.open(lead)
    warning = lead.findings.get(code="prepayment_high")
    links = finding_row(page, warning).xpath(".//a[contains(@class, 'btn')]/@href")
    assert f"{lead.get_absolute_url()}?change=price#price" in links
    company = next(one for one in blocking if one.code == "uscc_malformed")
    assert f"{story.supplier.get_absolute_url()}correct/" in finding_row(page, company).xpath(".//a/@href")


def test_verifier_is_offered_only_the_remedies_that_are_open_to_them(story, officer, lead):
    certificate = f"{story.supplier.get_absolute_url()}certificates/new/"
    remedies = ".//a[contains(@class, 'btn')]/@href"
    missing = lead.findings.filter(code__startswith="certificate").first()
    assert any(
        link.startswith(certificate) for link in finding_row(officer.open(lead), missing).xpath(remedies)
    )
    page = Browser(story.verifier.user).open(lead)
    assert finding_row(page, missing).xpath(".//textarea")
    links = page.main.xpath(".//*[starts-with(@id, 'FI-')]//a/@href")
    company = f"{story.supplier.get_absolute_url()}correct/"
    assert company in officer.open(lead).main.xpath(".//*[starts-with(@id, 'FI-')]//a/@href")
    assert not [link for link in links if link.startswith((certificate, company))]
    change = finding_row(page, lead.findings.get(code="prepayment_high")).xpath(remedies)
    assert f"{lead.get_absolute_url()}?change=price#price" not in change


def test_observer_and_person_with_an_interest_cannot_answer_findings(story, lead, blocking):
    url = f"{lead.get_absolute_url()}findings/"
    observer = Browser(story.observer.user)
    assert not finding_row(observer.open(lead), blocking[0]).xpath(".//textarea")
    assert observer.client.post(url, {blocking[0].reference: "No."}).status_code == 403
    declare_interest(story.supplier, story.verifier.user, words="My brother.", by=story.verifier.by, at=AT)
    verifier = Browser(story.verifier.user)
    assert not finding_row(verifier.open(lead), blocking[0]).xpath(".//textarea")
    assert verifier.client.post(url, {blocking[0].reference: "No."}).status_code == 302
    assert Finding.objects.get(pk=blocking[0].pk).status == "open"
    assert Browser(story.stranger.user).client.post(url, {blocking[0].reference: "No."}).status_code == 404


@pytest.mark.parametrize(
    ("group", "typed", "kept"),
    [
        ("goods", {"model": "KH-1"}, {"model": "KH-1"}),
        ("quantity", {"stock_quantity": "4 000"}, {"stock_quantity": 4_000, "supply": 4_000}),
        (
            "price",
            {"unit_price": "0.55", "incoterm": "FCA"},
            {"unit_price": Decimal("0.55"), "incoterm": "FCA"},
        ),
        ("freight", {"carton_pieces": "2 000"}, {"carton_pieces": 2_000}),
        ("source", {"remark": "电话确认"}, {"remark": "电话确认"}),
    ],
)
def test_one_group_of_offer_facts_is_edited_without_changing_the_others(officer, lead, group, typed, kept):
    before = {
        name: getattr(lead, name) for name in ("prepayment_percent", "currency", "standard_id", "line_id")
    }
    page = officer.open(f"{lead.get_absolute_url()}?change={group}")
    assert len(page.form("Save changes").names) < 12
    done = page.press("Save changes", **typed)
    assert done.at == lead.get_absolute_url()
    lead.refresh_from_db()
    assert {name: getattr(lead, name) for name in kept} == kept
    assert {name: getattr(lead, name) for name in before} == before


def test_offer_form_section_with_invalid_value_is_shown_again_with_only_its_own_fields(officer, lead):
    page = officer.open(f"{lead.get_absolute_url()}?change=price").press(
        "Save changes", prepayment_percent="150"
    )
    assert (page.status, set(page.wrong)) == (422, {"prepayment_percent"})
    again = page.press(page.buttons[0], prepayment_percent="30")
    assert again.at == lead.get_absolute_url()
    lead.refresh_from_db()
    assert (lead.prepayment_percent, lead.stock_quantity) == (30, 5_000)


def test_observer_and_unknown_group_get_no_offer_edit_form(story, officer, lead):
    assert "Save changes" not in officer.open(f"{lead.get_absolute_url()}?change=everything").buttons
    observer = Browser(story.observer.user).open(f"{lead.get_absolute_url()}?change=price")
    assert "Save changes" not in observer.buttons
    assert not observer.main.xpath(".//a[contains(@href, '?change=')]")


def test_certificate_is_added_from_the_offer_page_with_its_scan(story, officer, lead):
    page = officer.open(lead).follow("Add a certificate")
    shown = page.press(
        "Add",
        kind=page.form("Add").choices("kind")[next(iter(page.form("Add").choices("kind")))],
        number="",
        file=None,
    )
    assert (shown.status, "number" in shown.wrong) == (422, True)
    kinds = page.form("Add").choices("kind")
    kind = next(value for label, value in kinds.items() if value)
    scan = files.upload(files.picture("PNG"), "scan.png")
    done = page.press("Add", kind=kind, number="MDEL 12345", file=scan)
    assert done.at == lead.get_absolute_url()
    certificate = Certificate.objects.get(number="MDEL 12345")
    assert certificate.supplier == story.supplier
    assert File.objects.about(certificate).get().kind == "certificate"
    assert "MDEL 12345" in done
