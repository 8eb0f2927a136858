"""Tests of the page of required documents on a date: its address, its file, and the links to it."""

import csv
import io
from collections.abc import Iterator

import pytest
from django.urls import reverse

from tests.browsing import Browser, Page
from tests.worlds.shipments import Journey
from workflow.clock import clear_instance_cache

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Iterator[Journey]:
    told = Journey()
    told.practise()
    yield told
    clear_instance_cache()


def test_required_documents_page_takes_its_state_from_the_address(story, client):
    client.force_login(story.officer.user)
    page = client.get(reverse("required_documents")).content.decode()
    assert "A customs broker decides." in page
    assert "Export inspection: electronic ledger number" in page
    march = client.get(reverse("required_documents"), {"on": "2020-03-25"}).content.decode()
    assert "Export inspection: electronic ledger number" not in march
    now = client.get(reverse("required_documents"), {"on": "2026-11-25"}).content.decode()
    assert "not confirmed since 2020" in now
    assert "No longer required on this date" in now
    may = client.get(
        reverse("required_documents"), {"on": "2020-05-06", "acquisition_type": "donation"}
    ).content.decode()
    assert "Certain Goods Remission Order" in may


def test_contradiction_is_listed_first_with_its_reason(story, client):
    client.force_login(story.officer.user)
    data = {"product": "RESP_KN95", "use": "non_medical", "receiver": "hospital", "on": "2020-04-26"}
    page = client.get(reverse("required_documents"), data).content.decode()
    assert "Conflicting requirements" in page
    assert "The importer would sign a false declaration." in page
    before = client.get(reverse("required_documents"), {**data, "on": "2020-04-25"}).content.decode()
    assert "Conflicting requirements" not in before


def test_route_without_known_rules_says_so(story, client):
    client.force_login(story.officer.user)
    page = client.get(
        reverse("required_documents"), {"origin": "br", "destination": "za", "mode": "road"}
    ).content.decode()
    assert "Brazil → South Africa" in page
    assert "We have no rules for this direction. Ask a broker." in page


@pytest.mark.parametrize(
    "asked", [{"origin": "China"}, {"product": "HATS"}, {"on": "soon"}, {"mode": "balloon"}, {"use": "\0"}]
)
def test_invalid_required_documents_query_is_refused_at_its_field(story, client, asked):
    client.force_login(story.officer.user)
    answer = client.get(reverse("required_documents"), asked)
    assert answer.status_code == 422
    assert b'aria-invalid="true"' in answer.content


def test_required_documents_download_as_csv_with_reasons(story, client):
    client.force_login(story.officer.user)
    answer = client.get(reverse("required_documents"), {"on": "2020-04-15", "as": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = {row["Rule"]: row for row in csv.DictReader(io.StringIO(text))}
    assert rows["CN-X-CIQ-MASK"]["Effect"] == "Blocks"
    assert rows["CN-X-TEST"]["Why the rule only warns"] == "weak source"
    assert rows["CN-X-NMPA"]["Last confirmed"] == "2020-05-02"


def test_rulebook_and_international_shipments_link_to_required_documents(story):
    officer = Browser(story.officer.user)
    assert reverse("required_documents") in link_targets(officer.open("/rules/"))
    shipment = story.plan()
    found = [
        one for one in link_targets(officer.open(shipment.get_absolute_url())) if "/rules/documents/" in one
    ]
    assert len(found) == 1
    assert "MASK_SURG" in found[0]
    assert "Download documents (CSV)" in officer.open(found[0]).text
    at_home = story.plan(origin="CATOR", mode="road")
    assert "/rules/documents/" not in str(link_targets(officer.open(at_home.get_absolute_url())))


def link_targets(page: Page) -> list[str]:
    """Return the targets of a page's links."""
    return [target for _how, target in page.ways]
