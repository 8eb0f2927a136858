"""Tests of uploaded lists that are far too wide, too long or wrong in every cell.

They are refused quickly, and the page of the refusal is short.
"""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from partners.register_import.errors import MAX_ERRORS, MAX_ERRORS_SHOWN, ImportFailed
from partners.register_import.formats import agreements, cities, exchanges
from partners.register_import.formats.csv_and_xlsx import read_csv
from procurement.tracking.views import event_file
from tests.procurement.uploads.upload_points import EVENTS, TABLE, UPLOAD_POINTS, without_hourly_limit
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow.clock import create_instance

LISTS = [
    cities.CITY_COLUMNS,
    agreements.AGREEMENT_COLUMNS,
    exchanges.EXCHANGE_COLUMNS,
    event_file.EVENT_COLUMNS,
]
LIST_UPLOAD_POINTS = [name for name, (takes, _opened) in UPLOAD_POINTS.items() if takes in (TABLE, EVENTS)]


def header(columns) -> str:
    return ",".join(column.name for column in columns)


def wide_list(columns) -> str:
    return header(columns) + "".join(f",c{number}" for number in range(300_000))


def list_with_wide_row(columns) -> str:
    return f"{header(columns)}\n{',' * 500_000}\n"


def long_list(columns) -> str:
    return f"{header(columns)}\n" + "a\n" * 400_000


def faulty_list(columns) -> str:
    row = ",".join("?" * len(columns))
    return f"{header(columns)}\n" + f"{row}\n" * 20_000


@pytest.mark.parametrize("columns", LISTS, ids=["cities", "agreements", "exchanges", "events"])
@pytest.mark.parametrize(
    ("shape", "found"), [(wide_list, 1), (list_with_wide_row, 1), (long_list, 1), (faulty_list, MAX_ERRORS)]
)
def test_reading_a_list_stops_at_its_limits_and_reports_the_first_errors(columns, shape, found):
    with pytest.raises(ImportFailed) as refused:
        read_csv(shape(columns).encode(), columns)
    assert found <= refused.value.count < found + len(columns)
    assert len(refused.value.faults) == min(found, MAX_ERRORS_SHOWN)
    told = refused.value.details
    assert len(told["faults"]) + told["more"] == refused.value.count


@pytest.mark.parametrize(
    "many", [1, MAX_ERRORS_SHOWN - 1, MAX_ERRORS_SHOWN, MAX_ERRORS_SHOWN + 1, MAX_ERRORS - 1]
)
def test_list_with_few_errors_reports_each_and_with_many_how_many_more(many):
    rows = ["SH-2020-0001,picked_up,2020-04-16 23:40"] * 5 + ["SH-2020-0001,picked_up,soon"] * many
    content = "shipment,code,occurred_at\n" + "\n".join(rows)
    with pytest.raises(ImportFailed) as refused:
        read_csv(content.encode(), event_file.EVENT_COLUMNS)
    assert refused.value.count == many
    assert refused.value.details["more"] == max(0, many - MAX_ERRORS_SHOWN)
    assert refused.value.faults[0].row == 7


@pytest.mark.django_db
@pytest.mark.parametrize("door", LIST_UPLOAD_POINTS)
def test_every_list_upload_answers_a_huge_list_with_a_short_page(settings, tmp_path, door):
    settings.MEDIA_ROOT = tmp_path
    create_instance("practice", AT)
    send = without_hourly_limit(UPLOAD_POINTS[door][1](Journey()))
    for shape in (wide_list, list_with_wide_row, long_list, faulty_list):
        content = shape(event_file.EVENT_COLUMNS).encode()[: 1024 * 1024 - 1]
        answer = send(SimpleUploadedFile("list.csv", content, "text/csv"))
        assert answer.status_code in {303, 413, 422}, shape
        assert len(answer.content) < 300_000, shape
        rows = re.findall(r'<th scope="row" class="title num">', answer.content.decode())
        assert len(rows) <= MAX_ERRORS_SHOWN
