"""Tests of `/metrics`: counts of requests, figures of the queues, and the alerts that read them."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client, RequestFactory
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.values import MultiProcessValue

from partners.register_import.metrics import import_metrics
from partners.register_import.models import Import
from procurement.webhooks.metrics import webhook_metrics
from procurement.webhooks.models import WebhookDelivery, WebhookEndpoint
from tests.config.deploy.deploy_file_readers import DEPLOY
from tests.procurement.api.program import Program
from tests.procurement.webhooks.permission_table import active_webhook
from tests.worlds import cities
from tests.worlds.need_to_order import Story
from workflow import clock
from workflow.http.metrics import metrics_page
from workflow.journal.metrics import journal_metrics
from workflow.journal.models import Entry, UnsealedEntry
from workflow.uploads.metrics import upload_metrics
from workflow.uploads.models import File

pytestmark = pytest.mark.django_db
RULES = DEPLOY / "prometheus" / "twinlane.rules.yml"


def samples() -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Return what `/metrics` prints now, by name and labels, as Prometheus reads it."""
    text = metrics_page(RequestFactory().get("/metrics")).content.decode()
    return {
        (one.name, tuple(sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def change(act) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Return by how much the figures of requests grew while acting."""
    before = samples()
    act()
    after = samples()
    return {name: value - before.get(name, 0) for name, value in after.items() if value != before.get(name)}


def requests_of(grown) -> dict[tuple[str, str, str], float]:
    """Return how many requests were counted, by method, route and status."""
    return {
        (dict(labels)["method"], dict(labels)["route"], dict(labels)["status"]): value
        for (name, labels), value in grown.items()
        if name == "twinlane_request_seconds_count"
    }


def test_each_request_is_counted_by_method_route_and_status():
    browser = Client()

    def act():
        for _time in range(3):
            browser.get("/accounts/login/")
        browser.get("/orders/PO-2020-0001/")
        browser.get("/no-such-page/")
        browser.post("/accounts/login/", {})
        browser.generic("BREW", "/accounts/login/")

    found = requests_of(change(act))
    assert found["GET", "/accounts/login/", "200"] == 3
    assert found["GET", "/orders/<slug:reference>/", "302"] == 1
    assert found["GET", "-", "404"] == 1
    assert sum(value for (method, _route, _status), value in found.items() if method == "POST") == 1
    assert sum(value for (method, _route, _status), value in found.items() if method == "other") == 1
    assert sum(found.values()) == 7


def test_time_and_time_in_postgresql_are_kept_apart_for_pages_and_api():
    officer = cities.member("officer", cities.city("burnaby"))
    api, browser = Program(officer), Client()
    browser.force_login(officer)
    for act, interface in (
        (lambda: api.get("supply-requests/"), "api"),
        (lambda: browser.get("/needs/"), "page"),
    ):
        grown = change(act)
        label = (("interface", interface),)
        assert grown["twinlane_response_seconds_count", label] == 1
        assert (
            0
            < grown["twinlane_database_seconds_total", label]
            < grown["twinlane_response_seconds_sum", label]
        )
        assert grown["twinlane_response_seconds_bucket", (*label, ("le", "+Inf"))] == 1


def test_no_token_reference_or_query_appears_in_labels():
    token, browser = "k" * 43, Client()
    browser.get(f"/l/{token}/")
    browser.get("/needs/SR-2020-0001/?q=secret")
    text = metrics_page(RequestFactory().get("/metrics")).content.decode()
    assert token not in text
    assert "SR-2020-0001" not in text
    assert "secret" not in text


def test_counts_of_several_worker_processes_are_added_up(tmp_path, monkeypatch):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    name = "twinlane_database_seconds_total"
    for process, seconds in ((101, 2.5), (102, 4.0)):
        value_class = MultiProcessValue(lambda process=process: process)
        value_class("counter", name.removesuffix("_total"), name, ("interface",), ("page",), "Time.").inc(
            seconds
        )
    found = samples()
    assert found[name, (("interface", "page"),)] == 6.5
    assert "twinlane_response_seconds_count" not in {name for name, _labels in found}, "of this process alone"
    assert ("twinlane_files_waiting", ()) in found


def values(families) -> dict[str, float]:
    return {one.name: one.value for family in families for one in family.samples}


def add_file(at: datetime, status: str) -> None:
    """Add an uploaded file of this moment with a status."""
    uploader = cities.member("officer", cities.city("burnaby"))
    named = {"thing_label": "partners.city", "thing_id": 1, "kind": "other", "name": "list.pdf"}
    hashed = {"content_type": "application/pdf", "size": 10, "uploaded_sha256": "0" * 64}
    File.objects.bulk_create([File(by=uploader, status=status, created_at=at, **named, **hashed)])


def test_files_that_wait_are_counted_with_the_age_of_the_oldest():
    at = clock.now()
    assert values(upload_metrics(at, at)) == {
        "twinlane_files_waiting": 0,
        "twinlane_oldest_waiting_file_seconds": 0,
    }
    for minutes, status in ((90, "received"), (30, "unscanned"), (200, "clean")):
        add_file(at - timedelta(minutes=minutes), status)
    assert values(upload_metrics(at, at)) == {
        "twinlane_files_waiting": 2,
        "twinlane_oldest_waiting_file_seconds": 5400,
    }


def test_age_of_the_oldest_unsealed_entry_is_shown():
    at = clock.now()
    UnsealedEntry.objects.all().delete()
    assert values(journal_metrics(at, at)) == {"twinlane_oldest_unsealed_entry_seconds": 0}
    cities.contact("zhongshan", "Sun Yi")
    oldest = Entry.objects.filter(pk__in=UnsealedEntry.objects.values("pk")).earliest("at")
    expected = (at - oldest.at).total_seconds()
    assert values(journal_metrics(at, at))["twinlane_oldest_unsealed_entry_seconds"] == expected


@pytest.mark.parametrize("status", ["validating", "importing", "rolling_back"])
def test_imports_that_wait_for_the_worker_are_counted(status):
    assert values(import_metrics(clock.now(), clock.real_now())) == {"twinlane_imports_waiting": 0}
    uploader = cities.member("coordinator", None)
    for one in (status, "imported"):
        Import.objects.bulk_create(
            [Import(by=uploader, table="cities", name="list.csv", status=one, created_at=clock.now())]
        )
    assert values(import_metrics(clock.now(), clock.real_now())) == {"twinlane_imports_waiting": 1}


def test_webhook_events_that_wait_and_webhooks_that_the_program_disabled_are_counted():
    endpoint, now = active_webhook(Story()), clock.real_now()
    entry = Entry.objects.latest("pk")
    for minutes, state in ((-7, "planned"), (20, "planned"), (-9, "delivered")):
        WebhookDelivery.objects.create(
            endpoint=endpoint, entry=entry, event_type="need.posted", thing_label=entry.thing_label, thing_id=entry.thing_id,
            state=state, next_try_at=now + timedelta(minutes=minutes), created_at=now,
        )  # fmt: skip
        entry = Entry.objects.filter(pk__lt=entry.pk).latest("pk")
    found = values(webhook_metrics(clock.now(), clock.real_now()))
    assert found["twinlane_webhook_events_waiting"] == 2
    assert 420 <= found["twinlane_webhook_oldest_due_seconds"] < 480
    assert found["twinlane_webhooks_failed"] == 0
    for reason, failed in (("by_person", 0), ("gone", 1), ("failing", 1)):
        WebhookEndpoint.objects.update(status="disabled", disabled_reason=reason)
        assert values(webhook_metrics(clock.now(), clock.real_now()))["twinlane_webhooks_failed"] == failed


def test_alerts_and_the_guide_name_only_figures_that_exist():
    printed = {name for name, _labels in samples()} | {"twinlane_tick_age_seconds"}
    named = set(re.findall(r"\btwinlane_[a-z_]+", RULES.read_text()))
    assert named <= printed
    guide = (DEPLOY.parent / "docs" / "operations.md").read_text()
    for name in printed - {"twinlane_request_seconds_created", "twinlane_response_seconds_created"}:
        stem = re.sub(r"_(count|sum|bucket|created)$", "", name)
        assert f"`{stem}`" in guide or f"`{stem}_total`" in guide or f"`{name}`" in guide, name
