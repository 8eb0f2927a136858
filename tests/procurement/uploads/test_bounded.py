"""A list that is far too wide, too long or wrong in every cell is refused soon, and its page stays short."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from partners.exchange import agreements, cities, exchanges, files
from partners.exchange.faults import MOST_FOUND, MOST_TOLD, Faulty
from procurement.web.shipments.tracking import reading
from tests.procurement.shipments.play import Voyage
from tests.procurement.story import AT
from tests.procurement.uploads.doors import DOORS, EVENTS, TABLE, unhurried
from workflow import clock

LISTS = [cities.COLUMNS, agreements.COLUMNS, exchanges.COLUMNS, reading.COLUMNS]
LIST_DOORS = [name for name, (takes, _opened) in DOORS.items() if takes in (TABLE, EVENTS)]


def header(columns) -> str:
    return ",".join(column.name for column in columns)


def wide(columns) -> str:
    return header(columns) + "".join(f",c{number}" for number in range(300_000))


def wide_below(columns) -> str:
    return f"{header(columns)}\n{',' * 500_000}\n"


def long(columns) -> str:
    return f"{header(columns)}\n" + "a\n" * 400_000


def wrong(columns) -> str:
    row = ",".join("?" * len(columns))
    return f"{header(columns)}\n" + f"{row}\n" * 20_000


@pytest.mark.parametrize("columns", LISTS, ids=["cities", "agreements", "exchanges", "events"])
@pytest.mark.parametrize(("shape", "found"), [(wide, 1), (wide_below, 1), (long, 1), (wrong, MOST_FOUND)])
def test_reading_stops_where_it_is_too_much_and_tells_the_first_faults(columns, shape, found):
    with pytest.raises(Faulty) as refused:
        files.read(shape(columns).encode(), columns)
    assert found <= refused.value.count < found + len(columns)
    assert len(refused.value.faults) == min(found, MOST_TOLD)
    told = refused.value.details
    assert len(told["faults"]) + told["more"] == refused.value.count


@pytest.mark.parametrize("many", [1, MOST_TOLD - 1, MOST_TOLD, MOST_TOLD + 1, MOST_FOUND - 1])
def test_a_file_with_few_faults_tells_each_and_one_with_many_how_many_more(many):
    rows = ["SH-2020-0001,picked_up,2020-04-16 23:40"] * 5 + ["SH-2020-0001,picked_up,soon"] * many
    content = "shipment,code,occurred_at\n" + "\n".join(rows)
    with pytest.raises(Faulty) as refused:
        files.read(content.encode(), reading.COLUMNS)
    assert refused.value.count == many
    assert refused.value.details["more"] == max(0, many - MOST_TOLD)
    assert refused.value.faults[0].row == 7


@pytest.mark.django_db
@pytest.mark.parametrize("door", LIST_DOORS)
def test_every_door_for_lists_answers_with_a_short_page(settings, tmp_path, door):
    settings.MEDIA_ROOT = tmp_path
    clock.create_instance("practice", AT)
    send = unhurried(DOORS[door][1](Voyage()))
    for shape in (wide, wide_below, long, wrong):
        content = shape(reading.COLUMNS).encode()[: 1024 * 1024 - 1]
        answer = send(SimpleUploadedFile("list.csv", content, "text/csv"))
        assert answer.status_code in {303, 413, 422}, shape
        assert len(answer.content) < 300_000, shape
        rows = re.findall(r'<th scope="row" class="title num">', answer.content.decode())
        assert len(rows) <= MOST_TOLD
