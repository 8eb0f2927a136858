"""Tests of imported agreements that inquiries used: withdrawing the import keeps them and states the reason."""

import pytest

from partners.agreements.actions import add_agreement
from partners.agreements.models import TwinningAgreement
from partners.memberships.models import Membership
from partners.permissions.permissions import permissions_of
from partners.register_import.places import resolution
from procurement.outreach.actions.inquiries import draft_inquiry
from tests.worlds import cities
from tests.worlds.cities import NOW
from tests.worlds.register_imports import (
    AGREEMENT_ROWS,
    apply_import,
    import_lines,
    kept_entries,
    roll_back_import,
)

pytestmark = pytest.mark.django_db
ROWS = (
    "burnaby,CA,zhongshan,CN,sister,2011",
    "zhongshan,CN,foshan,CN,sister,2012",
    "burnaby,CA,wuhan,CN,sister,2013",
)


@pytest.fixture
def coordinator(monkeypatch):
    monkeypatch.setattr(resolution, "find_places", lambda names: {})
    for key in ("burnaby", "zhongshan", "foshan", "wuhan"):
        cities.city(key)
    return permissions_of(cities.member(Membership.Role.COORDINATOR), via="session")


def ask_through(story, place, **facts):
    facts = {"subject": "Masks", "body": "您好", "author": story.officer.user, **facts}
    return draft_inquiry(
        story.line().supply_request, cities.contact(place), by=story.officer.by, at=NOW, **facts
    )


def test_imported_agreement_used_for_an_inquiry_is_kept_on_rollback(story, coordinator):
    batch = apply_import(import_lines(coordinator, AGREEMENT_ROWS, *ROWS), coordinator)
    ask_through(story, "zhongshan")
    assert kept_entries(roll_back_import(batch, coordinator)) == [
        ("Burnaby – Zhongshan", "Someone has been asked under this agreement.")
    ]
    assert [str(agreement) for agreement in TwinningAgreement.objects.all()] == ["Burnaby – Zhongshan"]


def test_rollback_keeps_both_agreements_of_an_inquiry_through_a_partner_city(story, coordinator):
    batch = apply_import(import_lines(coordinator, AGREEMENT_ROWS, *ROWS), coordinator)
    ask_through(story, "foshan", through_city=cities.city("zhongshan"))
    names = [
        name
        for name, why in kept_entries(roll_back_import(batch, coordinator))
        if why == "Someone has been asked under this agreement."
    ]
    assert sorted(names) == ["Burnaby – Zhongshan", "Zhongshan – Foshan"]


def test_rollback_keeps_no_agreement_when_the_inquiry_was_made_before_the_import(story, coordinator):
    add_agreement(cities.city("burnaby"), cities.city("wuhan"), kind="other", by=coordinator, at=NOW)
    ask_through(story, "wuhan")
    batch = apply_import(import_lines(coordinator, AGREEMENT_ROWS, *ROWS), coordinator)
    TwinningAgreement.objects.filter(kind="sister").update(created_at=NOW.replace(year=2021))
    assert kept_entries(roll_back_import(batch, coordinator)) == []
