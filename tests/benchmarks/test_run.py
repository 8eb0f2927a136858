"""A whole benchmark run with few rows on real servers; the hand-written baseline answers like the API."""

import json
import os
from collections import Counter
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Exists, OuterRef
from django.test import Client, RequestFactory

from benchmarks.baseline.reads import list_page, need_detail
from benchmarks.fill.fill_database import fill_to_size
from benchmarks.fill.people import create_people
from benchmarks.fill.random_stories import StorySource
from benchmarks.operations.operation import API, BASELINE
from benchmarks.results_table import markdown_table, measurements_by_key
from benchmarks.runner import BenchmarkExtent, operations_of, run_measurements
from benchmarks.scratch_instance import Installation
from benchmarks.targets import target_results
from procurement.leads.models.leads import SupplierLead
from procurement.orders.models import Order
from procurement.requests.models import SupplyRequest
from procurement.shipments.models import Shipment
from procurement.tasks import COUNTER_CHECKS
from procurement.verification.models import VerificationTask
from tests.faults.demo import free_port
from workflow.clock import real_now

ROWS = 200


@pytest.fixture
def installation(register):
    """Return the servers, set up with this test's database and with settings that need no collected files."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environ = {**os.environ, "DATABASE_URL": url, "LOG_LEVEL": "ERROR", "NUDGE": ""}
    return Installation({**environ, "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings"}, free_port())


@pytest.mark.every_way
def test_benchmark_run_measures_every_operation(installation):
    sizes = [ROWS // 2, ROWS]
    cells = list(
        run_measurements(
            installation,
            BenchmarkExtent(
                order_counts=sizes,
                concurrent_request_counts=[1],
                seconds_per_cell=0.02,
                turns_per_operation=1,
                max_answers_per_cell=2,
            ),
        )
    )
    things = (SupplyRequest, SupplierLead, VerificationTask, Order, Shipment)
    assert all(model.objects.count() >= ROWS for model in things)
    interfaces = Counter(cell.interface for cell in cells)
    assert interfaces[API] >= 25 and interfaces[BASELINE] >= 20 and interfaces["page"] >= 25
    assert all(cell.query_count and cell.memory_megabytes and cell.responses_per_second for cell in cells)
    assert sum(cell.web_processor_milliseconds for cell in cells) > 0
    assert {status[0] for cell in cells for status in cell.status_counts} == {"2", "3"}
    assert len(markdown_table(measurements_by_key(cells), ROWS).splitlines()) == len(cells) / 2 + 2
    assert not copies(), "a copy of the database stayed"
    assert len(list(target_results(measurements_by_key(cells)))) >= 7


def copies():
    with connection.cursor() as cursor:
        name = f"{connection.settings_dict['NAME']}_%"
        return cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [name]).fetchall()


def test_benchmark_baseline_gives_same_answers_as_api(register):
    at = real_now()
    officers = create_people(at)
    fill_to_size(ROWS, StorySource.load(at))
    compared = Counter()
    for operation in operations_of(officers):
        if operation.interface != BASELINE or operation.requests[0].method != "GET":
            continue
        for ask in operation.requests[:40]:
            api = Client().get(ask.path, headers=ask.headers).json()
            baseline = baseline_answer(ask)
            api.pop("available_moves", None)
            assert baseline == api, ask.path
            compared[operation.activity] += 1
    assert len(compared) >= 18


def test_benchmark_pages_and_api_calls_get_expected_status(register):
    at = real_now()
    officers = create_people(at)
    fill_to_size(ROWS, StorySource.load(at))
    asked = Counter()
    for operation in operations_of(officers):
        if operation.interface == BASELINE or not operation.requests:
            continue
        for ask in operation.requests[:2]:
            answer = Client().generic(ask.method, ask.path, ask.body, ask.content_type, headers=ask.headers)
            assert str(answer.status_code) in operation.expected_statuses, (ask, answer.content[:2000])
            asked[operation.name] += 1
    assert len(asked) >= 55


def baseline_answer(ask):
    request = RequestFactory().get(ask.path, headers=ask.headers)
    kind, *reference = urlsplit(ask.path).path.removeprefix("/api/v1/").strip("/").split("/")
    answer = need_detail(request, *reference) if reference else list_page(request, kind)
    assert answer.status_code == 200
    return json.loads(answer.content)


@pytest.mark.every_way
def test_benchmark_data_is_consistent_with_counters(register):
    at = real_now()
    create_people(at)
    fill_to_size(ROWS, StorySource.load(at))
    fill_to_size(ROWS + 50, StorySource.load(at))
    assert Order.objects.count() == ROWS + 50
    assert SupplierLead.objects.filter(status="draft").exists()
    assert Shipment.objects.filter(risk__gt=0).exists()
    assert len(set(SupplyRequest.objects.values_list("city", "status"))) > 8
    assert not [problem for compare in COUNTER_CHECKS for problem in compare()]
    assert not [f"{model.__name__}.{field.name}" for model, field in references() if orphans(model, field)]


def references():
    """Yield every foreign key of the app procurement: the generator bypasses the checks of the database."""
    for model in apps.get_app_config("procurement").get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if field.many_to_one or field.one_to_one:
                yield model, field


def orphans(model, field):
    there = field.related_model._base_manager.filter(pk=OuterRef(field.attname))
    return model._base_manager.exclude(**{field.attname: None}).filter(~Exists(there)).exists()
