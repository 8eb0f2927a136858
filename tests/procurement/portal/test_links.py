"""Tests of the first page of a link: its text in each status, and when it is missing."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import ActionLink, User
from procurement.catalogue.models.products import Product
from procurement.documents.models.requests import DocumentRequest
from procurement.outreach.models.inquiries import Inquiry
from procurement.portal.link_entry_pages import (
    check_link_page,
    discrepancy_link_page,
    document_request_link_page,
    inquiry_link_page,
)
from procurement.receiving.models import Discrepancy
from procurement.requests.actions.lines import LineFacts, set_lines
from procurement.requests.actions.requests import draft_request
from procurement.shipments.models import Shipment
from procurement.verification.models import VerificationTask
from tests.worlds import cities
from tests.worlds.checks import requested_check
from tests.worlds.document_requests import RequestingOffice
from tests.worlds.need_to_order import AT


@pytest.fixture
def story(db: None, settings: Any, tmp_path: Path) -> RequestingOffice:
    settings.MEDIA_ROOT = tmp_path / "files"
    return RequestingOffice()


def link(thing: Any, user: User | None = None) -> ActionLink:
    return ActionLink(user=user or thing.contact.user, thing_id=thing.pk)


def inquiry(story: RequestingOffice, **facts: object) -> Inquiry:
    """Return an inquiry about two lines of respirators and one of masks, with these facts."""
    made = story.asked(story.line())
    need = draft_request(
        story.city, title="For the wards", author=story.officer.user, by=story.officer.by, at=AT,
        facility_kinds=["hospital"], accepts=["purchase"],
    )  # fmt: skip
    masks, respirators = (Product.objects.get(code=code) for code in ("MASK_SURG", "RESP_KN95"))
    wanted = [LineFacts(product=one, quantity=10) for one in (respirators, respirators, masks)]
    set_lines(need, wanted, by=story.officer.by, at=AT)
    Inquiry.objects.filter(pk=made.pk).update(supply_request=need, **facts)
    return Inquiry.objects.get(pk=made.pk)


@pytest.mark.parametrize(
    ("status", "asks"),
    [
        ("sent", True),
        ("answered", False),
        ("declined", False),
        ("no_reply", False),
        ("draft", None),
        ("awaiting_consent", None),
        ("consent_declined", None),
        ("cancelled", None),
    ],
)
def test_link_page_of_an_inquiry_is_missing_when_unsent_or_cancelled(story, status, asks):
    made = inquiry(story, status=status)
    page = inquiry_link_page(link(made))
    assert (page and page.expects_answer) is asks
    if page is not None:
        masks, respirators = (Product.objects.get(code=code).name for code in ("MASK_SURG", "RESP_KN95"))
        assert (page.subject, page.due_at) == (f"{respirators} · {masks}", made.due_at)
        assert page.continue_url == reverse("portal_inquiry", args=[made.reference])
        assert "Burnaby" in str(page.requesting_office)


def test_link_page_of_a_need_without_lines_uses_its_title(story):
    made = inquiry(story)
    set_lines(made.supply_request, [], by=story.officer.by, at=AT, reason="Written again.")
    page = inquiry_link_page(link(made))
    assert page is not None
    assert page.subject == "For the wards"


@pytest.mark.parametrize(
    ("status", "asks"),
    [("awaiting_consent", True), ("sent", False), ("consent_declined", False), ("cancelled", None)],
)
def test_link_page_asks_only_the_introducing_contact_for_consent(story, status, asks):
    introducer = cities.contact("zhongshan", "Zhao Min")
    made = inquiry(story, status=status, introducer=introducer)
    page = inquiry_link_page(link(made, introducer.user))
    assert (page and page.expects_answer) is asks
    if page is not None:
        assert page.due_at == (made.due_at if asks else None)
        assert page.continue_url == reverse("portal_introduction", args=[made.reference])
    theirs = inquiry_link_page(link(made))
    assert (theirs is not None) is (status == "sent")
    assert theirs is None or theirs.continue_url == reverse("portal_inquiry", args=[made.reference])


def test_link_page_of_a_check_is_missing_when_cancelled_or_forwarded(story):
    task = requested_check(story)
    for status in VerificationTask.Status:
        VerificationTask.objects.filter(pk=task.pk).update(
            status=status, reviewed_by=story.verifier.user, reviewed_at=AT, submitted_at=AT
        )
        page = check_link_page(link(task))
        void = status in ("forwarded", "cancelled", "outdated")
        assert (page is None) is void, status
        if page is not None:
            assert page.expects_answer is (status in ("requested", "in_progress", "returned")), status
            assert (page.due_at, page.continue_url) == (
                task.due_at,
                reverse("portal_check", args=[task.reference]),
            )
            assert story.supplier.name in str(page.subject)


def test_link_page_of_a_check_covers_the_checks_asked_together_with_it(story):
    """It is due with the first of them, and leads on while one of them waits."""
    task, earlier = requested_check(story), requested_check(story)
    assert task.due_at is not None
    VerificationTask.objects.filter(pk=earlier.pk).update(due_at=task.due_at - timedelta(days=1))
    earlier.refresh_from_db()
    page = check_link_page(link(task))
    assert page is not None
    assert (str(page.subject), page.due_at) == (f"2 checks: {story.supplier.name}", earlier.due_at)
    VerificationTask.objects.filter(pk=task.pk).update(status="cancelled")
    page = check_link_page(link(task))
    assert page is not None
    assert str(page.subject) == f"{earlier.get_check_kind_display()}: {story.supplier.name}"
    assert (page.due_at, page.expects_answer) == (earlier.due_at, True)
    assert page.continue_url == reverse("portal_check", args=[task.reference])


@pytest.mark.parametrize(
    ("status", "shipment", "asks"),
    [
        ("open", "planned", True),
        ("completed", "planned", False),
        ("cancelled", "planned", None),
        ("open", "cancelled", None),
    ],
)
def test_link_page_of_a_document_request_exists_until_cancelled_or_shipment_end(
    story, status, shipment, asks
):
    made = story.request(story.plan())
    DocumentRequest.objects.filter(pk=made.pk).update(status=status, due_on=AT.date())
    made.refresh_from_db()
    Shipment.objects.filter(pk=made.shipment_id).update(status=shipment)
    page = document_request_link_page(ActionLink(thing_id=made.pk))
    assert (page and page.expects_answer) is asks
    if page is not None:
        assert (page.due_at, page.continue_url) == (
            made.due_at,
            reverse("portal_documents", args=[made.reference]),
        )
        assert made.due_at is not None
        assert made.shipment.reference in str(page.subject)


def test_link_page_of_a_discrepancy_exists_until_its_last_one_is_discarded(story):
    shipment = story.delivered()
    short = story.count(shipment.lines.get(), accepted=9_000, missing=1_000, reason="short")
    made = story.receive(shipment, short, more_to_come=True).discrepancies.get()
    page = discrepancy_link_page(ActionLink(thing_id=made.pk))
    assert page is not None
    assert (page.due_at, page.continue_url) == (None, reverse("portal_discrepancy", args=[made.reference]))
    assert str(shipment) in str(page.subject)
    Discrepancy.objects.filter(pk=made.pk).update(status="discarded")
    assert discrepancy_link_page(ActionLink(thing_id=made.pk)) is None


def requests_of_one_shipment(story: RequestingOffice) -> list[DocumentRequest]:
    shipment = story.plan()
    return [story.request(shipment, role) for role in ("supplier", "forwarder")]


def discrepancies(story: RequestingOffice) -> list[Discrepancy]:
    shipment = story.delivered()
    count = story.count(shipment.lines.get(), accepted=9_000, rejected=400, missing=600, reason="wet")
    return list(story.receive(shipment, count).discrepancies.order_by("pk"))


@pytest.mark.parametrize(
    ("page_of", "things"),
    [
        (inquiry_link_page, lambda story: [inquiry(story), inquiry(story)]),
        (check_link_page, lambda story: [requested_check(story), requested_check(story)]),
        (document_request_link_page, requests_of_one_shipment),
        (discrepancy_link_page, discrepancies),
    ],
)
def test_link_leads_to_its_own_object_among_several(story, page_of, things):
    both = things(story)
    pages = [page_of(ActionLink(user_id=0, thing_id=one.pk)) for one in both]
    assert len(pages) == 2
    assert [page.continue_url.split("/")[-2] for page in pages] == [one.reference for one in both]


@pytest.mark.parametrize(
    "page_of", [inquiry_link_page, check_link_page, document_request_link_page, discrepancy_link_page]
)
def test_link_to_a_missing_object_has_no_page(db, page_of):
    assert page_of(ActionLink(user_id=1, thing_id=0)) is None
