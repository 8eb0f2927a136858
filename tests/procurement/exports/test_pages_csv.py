"""Tests of lists exported as CSV: the rows of the page, plain figures, no person, nothing of another city, ten an hour."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from procurement.allocations import actions
from procurement.suppliers.models.suppliers import Supplier
from tests.rights.reading_rights_table import OF_NO_CITY
from tests.worlds.leak_markers import Marks
from tests.worlds.need_to_order import AT
from tests.worlds.one_of_each.played_city import PlayedCity
from tests.worlds.shipments import Journey
from workflow.clock import clear_instance_cache

pytestmark = pytest.mark.django_db
SHEETS = (
    "needs",
    "leads",
    "checks",
    "inquiries",
    "allocations",
    "allocation_plans",
    "orders",
    "shipments",
    "suppliers",
    "manual_rates",
)


@pytest.fixture
def story():
    voyage = Journey("burnaby")
    voyage.practise()
    yield voyage
    clear_instance_cache()


def client_of(person):
    client = Client()
    client.force_login(person.user)
    return client


def csv_rows(client, name, query=""):
    answer = client.get(f"{reverse(name)}?as=csv{query}")
    assert answer.status_code == 200, (name, answer.status_code)
    assert answer["Content-Type"].startswith("text/csv")
    assert "attachment" in answer["Content-Disposition"]
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    heading, *lines = csv.reader(io.StringIO(text))
    assert all(len(line) == len(heading) for line in lines)
    return heading, lines


@pytest.mark.usefixtures("story")
def test_every_list_exports_its_own_citys_rows_only():
    marks = Marks()
    own, other = PlayedCity("burnaby", marks), PlayedCity("markham", marks)
    own.play()
    other.play()
    client = client_of(own.officer)
    for name in SHEETS:
        heading, lines = csv_rows(client, name)
        assert heading[0] == "Reference"
        assert lines, name
        text = str(lines)
        told = dict(marks.found_in(text)).values()
        assert not [thing for thing, city in told if city == "markham" and thing not in OF_NO_CITY]
        assert own.contact.user.name not in text, "files name cities and companies, never persons"


def test_need_export_has_a_row_per_line_with_plain_figures(story):
    line = story.line(10_000)
    lead = story.lead(line)
    actions.allocate(lead, line, 4_000, author=story.officer.user, by=story.officer.by, at=AT)
    heading, lines = csv_rows(client_of(story.officer), "needs")
    assert len(lines) == 1
    told = dict(zip(heading, lines[0], strict=True))
    assert told["Reference"] == line.supply_request.reference
    assert told["Quantity"] == "10000"
    assert told["Allocated"] == "4000"
    assert told["Needed by"] == line.supply_request.needed_by.isoformat()


def test_export_contains_the_filtered_rows(story):
    story.line(10_000)
    client = client_of(story.officer)
    assert len(csv_rows(client, "needs", "&status=open")[1]) == 1
    assert csv_rows(client, "needs", "&status=withdrawn")[1] == []


def test_export_headings_are_in_the_readers_language(story):
    story.line(10_000)
    story.officer.user.language = "zh-hans"
    story.officer.user.save()
    heading, lines = csv_rows(client_of(story.officer), "needs")
    assert heading[0] == "编号"
    assert lines[0][-1] == "进行中"


def test_name_that_looks_like_a_formula_is_neutralized_in_the_export(story):
    story.company("=HYPERLINK(1)")
    assert Supplier.objects.filter(legal_name_local__startswith="=").exists()
    heading, lines = csv_rows(client_of(story.officer), "suppliers")
    cell = lines[0][heading.index("Supplier")]
    assert cell.startswith("'=")


def test_eleventh_export_within_an_hour_gets_429(story):
    client = client_of(story.officer)
    for _time in range(10):
        csv_rows(client, "needs")
    answer = client.get(f"{reverse('needs')}?as=csv")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert client.get(reverse("needs")).status_code == 200


def test_list_links_to_its_export_with_the_current_filters(story):
    story.line(10_000)
    html = client_of(story.officer).get(f"{reverse('needs')}?status=open").content.decode()
    assert "?status=open&amp;as=csv" in html
