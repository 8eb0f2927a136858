"""Goods of several companies in one shipment: what a supplier owes is asked for of each, and each is asked for just theirs."""

from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from procurement.catalogue.models.certificates import CertificateKind
from procurement.shipments.actions import regrouping
from procurement.shipments.actions.customs import begin_paper, ready_paper
from procurement.shipments.actions.handing.calls import call_for_papers, cannot_bring
from procurement.shipments.actions.handing.versions import hand_in_paper, take_paper
from procurement.shipments.actions.made import make_paper
from procurement.shipments.actions.planning import review_papers
from procurement.shipments.gathering.handing import acting_for, could_be
from procurement.shipments.models.customs import CustomsPaper
from procurement.shipments.models.handing import PaperCall
from procurement.shipments.models.shipment import Shipment
from procurement.suppliers.actions import certificates, issuer_checks
from procurement.suppliers.models.company import Supplier
from tests.procurement.refusals import refused
from tests.procurement.shipments.handing.play import PEOPLE, Desk
from tests.procurement.story import AT


class TwoMakers(Desk):
    """Burnaby buys of two."""

    @cached_property
    def other(self) -> Supplier:
        return self.company("中山海康DEMO有限公司")


@pytest.fixture
def story(db: None, settings: Any, tmp_path: Path) -> TwoMakers:
    settings.MEDIA_ROOT = tmp_path / "files"
    return TwoMakers()


def both(story: TwoMakers) -> Shipment:
    """Five thousand masks of each of two makers in one shipment."""
    line = story.line(10_000)
    orders = [
        story.ready(story.promise(5_000, line=line, supplier=company))
        for company in (story.supplier, story.other)
    ]
    return story.plan(*orders)


def owed(shipment: Shipment, code: str) -> list[Supplier | None]:
    papers = shipment.papers.filter(code=code, lane__side="export").select_related("supplier")
    return [paper.supplier for paper in papers.order_by("supplier")]


def theirs(shipment: Shipment, company: Supplier, code: str = "INV") -> CustomsPaper:
    return shipment.papers.get(code=code, supplier=company)


def ask(story: TwoMakers, shipment: Shipment, **facts: Any) -> PaperCall:
    """The papers of a supplier, asked of one person; nothing played before is read from a store."""
    name, email, language = PEOPLE["supplier"]
    given: dict[str, Any] = {"name": name, "email": email, "language": language, **facts}
    return call_for_papers(
        shipment, "supplier", **given, author=story.officer.user, by=story.officer.by, at=AT
    )


def test_each_company_owes_its_own_and_nobody_else_owes_twice(story: TwoMakers) -> None:
    shipment = both(story)
    assert owed(shipment, "INV") == owed(shipment, "NMPA") == [story.supplier, story.other]
    assert owed(shipment, "AWB") == [None]
    shared = shipment.papers.exclude(owner="supplier")
    assert shared.filter(supplier__isnull=False).count() == 0
    assert shared.count() == len(set(shared.values_list("lane", "code"))) > 0
    assert theirs(shipment, story.other).owed_by == str(story.other)


def test_a_registration_of_one_maker_is_none_of_another(story: TwoMakers) -> None:
    line = story.line(10_000)
    orders = [
        story.ready(story.promise(5_000, line=line, supplier=company))
        for company in (story.supplier, story.other)
    ]
    who = {"by": story.officer.by, "at": AT}
    kind = CertificateKind.objects.get(code="CN_NMPA_REG")
    held = certificates.claim(
        story.supplier, kind, number="粤械注准20162641234", entered_by=story.officer.user, **who
    )
    looked = {
        "address": "https://register.example/",
        "reason": "Read there.",
        "looked_up_by": story.officer.user,
    }
    issuer_checks.confirm(held, **looked, **who)
    shipment = story.plan(*orders)
    assert [theirs(shipment, one, "NMPA").status for one in (story.supplier, story.other)] == [
        "ready",
        "missing",
    ]


def test_merged_shipments_ask_for_what_the_second_company_owes(story: TwoMakers) -> None:
    line = story.line(10_000)
    first, second = (
        story.plan(story.ready(story.promise(5_000, line=line, supplier=company)))
        for company in (story.supplier, story.other)
    )
    story.hand_in(theirs(first, story.supplier))
    regrouping.merge(first, second, by=story.logistics.by, at=AT)
    assert owed(first, "INV") == [story.supplier, story.other]
    assert [theirs(first, one).status for one in (story.supplier, story.other)] == ["filed", "missing"]
    review_papers(first, by=story.logistics.by, at=AT)
    assert owed(first, "INV") == [story.supplier, story.other]


def test_a_company_is_asked_for_its_own_and_may_hand_in_nothing_else(story: TwoMakers) -> None:
    shipment = both(story)
    with refused("supplier_missing", shipment) as caught:
        ask(story, shipment)
    assert caught.value.details["field"] == "supplier"
    calls = [ask(story, shipment, supplier=company) for company in (story.supplier, story.other)]
    for call, company, rival in zip(
        calls, (story.supplier, story.other), (story.other, story.supplier), strict=True
    ):
        assert set(call.papers.values_list("supplier", flat=True)) == {company.pk}
        assert call.whose == str(company)
        by = acting_for(call)
        assert [by.may("hand_in", theirs(shipment, one)) for one in (company, rival)] == [True, False]
        with refused("not_theirs", shipment):
            cannot_bring(call, theirs(shipment, rival), reason="?", by=by, at=AT)
    with refused("already_asked", shipment):
        ask(story, shipment, supplier=story.supplier)
    version = hand_in_paper(
        calls[0],
        theirs(shipment, story.supplier),
        files=[story.photo(calls[0], theirs(shipment, story.supplier)).pk],
        by=acting_for(calls[0]),
        at=AT,
    )
    take_paper(version, by=story.officer.by, at=AT)
    assert [theirs(shipment, one).status for one in (story.supplier, story.other)] == ["ready", "missing"]


def test_a_call_is_done_when_its_own_company_handed_in_everything(story: TwoMakers) -> None:
    shipment = both(story)
    calls = [ask(story, shipment, supplier=company) for company in (story.supplier, story.other)]
    for paper in calls[0].papers:
        for step in (begin_paper, ready_paper):
            step(paper, by=story.logistics.by, at=AT)
    for call in calls:
        call.refresh_from_db()
    assert [call.status for call in calls] == ["done", "asked"]


def test_only_a_suppliers_papers_are_of_a_company_and_of_one_that_sells(story: TwoMakers) -> None:
    shipment = story.plan()
    assert ask(story, shipment).supplier == story.supplier  # the only one needs no naming
    stranger = story.other
    with refused("no_papers", shipment) as caught:
        ask(story, shipment, supplier=stranger, email="other@example.com")
    assert stranger.name in str(caught.value)
    with refused("not_of_a_company", shipment):
        call_for_papers(
            shipment, "forwarder", supplier=story.supplier, name="X", email="x@y.example",
            author=story.officer.user, by=story.officer.by, at=AT,
        )  # fmt: skip


def test_what_was_made_for_one_companys_order_is_no_paper_of_the_other(story: TwoMakers) -> None:
    shipment = both(story)
    order = story.supplier.orders.get()
    made = make_paper(
        "invoice",
        tongues="en",
        shipment=shipment,
        order=order,
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    assert could_be(theirs(shipment, story.supplier)) == [made]
    assert could_be(theirs(shipment, story.other)) == []
