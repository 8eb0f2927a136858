"""Tests of webhooks on pages and through the API: adding, the secret shown once, moves, deliveries, and the help page."""

import base64
import json
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from procurement.help.webhooks import EXAMPLE_EVENT, VERIFICATION_CODE
from procurement.webhooks.events import event_body
from procurement.webhooks.models import WebhookDelivery, WebhookEndpoint
from procurement.webhooks.signing import decrypt_secret, new_secret, signed_headers
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.worlds import cities
from tests.worlds.need_to_order import Story
from workflow import clock
from workflow.http.models import IdempotencyKey
from workflow.journal.entries import history_of
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db
URL = "https://93.184.216.34/hook?key=very-secret"


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        story.administrator = story.person("administrator")
        story.second = cities.member("administrator", story.city, "Second administrator")
        assert story.stranger and story.observer and story.officer and story.approved()
        yield story


def added(story) -> WebhookEndpoint:
    page = Browser(story.administrator.user).open("/webhooks/").follow("Add webhook")
    page.press("Add webhook", description="Stock system", url=URL, event_kinds=["order", "lot"])
    return WebhookEndpoint.objects.get()


def test_administrator_adds_a_webhook_and_sees_its_secret_once(story):
    administrator = Browser(story.administrator.user)
    form = administrator.open("/webhooks/").follow("Add webhook")
    wrong = form.press(
        "Add webhook", description="Stock system", url="https://10.0.0.1/", event_kinds=["order"]
    )
    assert set(wrong.wrong) == {"url"}
    assert "internal network" in wrong
    page = wrong.press("Add webhook", url=URL)
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.url, endpoint.event_kinds, endpoint.owner) == (URL, ["order"], story.administrator.user)
    secret = decrypt_secret(endpoint.secret)
    assert secret not in page
    shown = page.press("Show secret once")
    assert secret in shown
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    again = administrator.open(endpoint)
    assert "Show secret once" not in again.buttons
    assert secret not in again
    refused = administrator.client.post(reverse("reveal_webhook_secret", args=[endpoint.pk]))
    assert refused.status_code == 422
    assert secret not in refused.content.decode()
    assert b"already been shown" in refused.content


def test_secret_is_in_no_table_entry_or_stored_answer(story, caplog):
    endpoint = added(story)
    Browser(story.administrator.user).open(endpoint).press("Show secret once")
    program = Program(story.administrator.user)
    program.post(f"webhook-endpoints/{endpoint.pk}/rotate/")
    key = {"Idempotency-Key": "one"}
    shown = program.ask("post", f"webhook-endpoints/{endpoint.pk}/reveal/", **key)
    endpoint.refresh_from_db()
    secrets = [decrypt_secret(endpoint.secret), decrypt_secret(endpoint.previous_secret)]
    assert shown.json()["secret"] == secrets[0]
    assert shown["Cache-Control"] == "no-store"
    kept = "".join(IdempotencyKey.objects.values_list("answer_body", flat=True))
    told = json.dumps([[one.before, one.after, one.facts] for one in Entry.objects.all()])
    rows = json.dumps(list(WebhookEndpoint.objects.values("secret", "previous_secret")))
    for text in (kept, told, rows, caplog.text):
        assert not any(secret in text for secret in secrets)
    assert "very-secret" not in told
    assert history_of(endpoint).filter(verb="reveal").count() == 2


def test_administrator_tests_edits_rotates_disables_and_enables_a_webhook(story):
    endpoint = added(story)
    administrator = Browser(story.second)
    page = administrator.open(endpoint).do("test", endpoint)
    assert "webhook_endpoint.test" in page
    page.follow("Edit webhook").press("Save details", description="Warehouse", event_kinds=["shipment"])
    endpoint.refresh_from_db()
    assert (endpoint.description, endpoint.event_kinds, endpoint.owner) == (
        "Warehouse",
        ["shipment"],
        story.second,
    )
    before = endpoint.secret
    rotated = administrator.open(endpoint).follow("Rotate secret").press("Rotate secret")
    assert "valid until" in rotated
    assert "Show secret once" in rotated.buttons
    endpoint.refresh_from_db()
    assert endpoint.previous_secret == before != endpoint.secret
    disabled = rotated.do("disable", endpoint)
    assert "An administrator disabled the webhook." in disabled
    assert endpoint.deliveries.get().state == "cancelled"
    disabled.do("enable", endpoint)
    administrator.open(endpoint).press(f"Send again {endpoint.deliveries.get()}")
    assert endpoint.deliveries.get().state == "planned"


def test_stale_edit_shows_both_values(story):
    endpoint = added(story)
    stale = Browser(story.administrator.user).open(f"{endpoint.get_absolute_url()}edit/")
    Browser(story.second).open(f"{endpoint.get_absolute_url()}edit/").press("Save details", description="B")
    again = stale.press("Save details", description="C")
    assert "changed this while your page was open" in again.wrong["description"]
    values = again.root.xpath("//*[@class='two-values']//dd/text()")
    assert values == ["B", "C"]
    assert WebhookEndpoint.objects.get().description == "B"


@pytest.mark.parametrize("who", ["officer", "observer", "stranger"])
def test_others_neither_see_nor_add_webhooks_of_the_city(story, who):
    endpoint = added(story)
    browser = Browser(getattr(story, who).user)
    assert "Stock system" not in browser.open("/webhooks/")
    assert browser.open(endpoint).status == 404
    assert browser.open(f"/cities/{story.city.slug}/webhooks/add/").status == 403
    program = Program(getattr(story, who).user)
    assert program.get("webhook-endpoints/")["results"] == []
    body = {"city": story.city.slug, "description": "a", "url": URL, "event_kinds": ["order"]}
    assert program.refused("webhook-endpoints/", body)["code"] in ("not_allowed", "invalid")
    assert program.ask("post", f"webhook-endpoints/{endpoint.pk}/reveal/").status_code == 404


def test_api_adds_tests_and_lists_deliveries(story):
    program = Program(story.administrator.user)
    body = {
        "city": story.city.slug,
        "description": "Stock",
        "url": URL,
        "event_kinds": ["lot", "order", "lot"],
    }
    refused = program.refused("webhook-endpoints/", body | {"url": "https://[::1]/"})
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("address_refused", "#/url")
    made = program.post("webhook-endpoints/", body)
    assert (made["secret"], made["event_kinds"]) == (None, ["order", "lot"])
    place = f"webhook-endpoints/{made['id']}/"
    secret = program.post(f"{place}reveal/")["secret"]
    assert secret.startswith("whsec_")
    assert program.refused(f"{place}reveal/")["code"] == "not_ready"
    assert program.get(place)["secret"] is None
    program.post(f"{place}test/")
    (row,) = program.get(f"webhook-deliveries/?endpoint={made['id']}&state=planned")["results"]
    assert (row["event_type"], row["attempts"], row["endpoint"]) == ("webhook_endpoint.test", 0, made["id"])
    assert program.refused(f"{place}resend/", {"delivery": row["id"] + 1})["code"] == "invalid"
    program.post(f"{place}resend/", {"delivery": row["id"]})
    WebhookDelivery.objects.update(state="failed")
    since = (clock.real_now() - timedelta(hours=1)).isoformat()
    program.post(f"{place}resend-failed/", {"since": since})
    assert program.get(f"webhook-deliveries/{row['id']}/")["state"] == "planned"
    edited = program.post(f"{place}edit/", {"description": "Depot"})
    assert (edited["description"], edited["url"]) == ("Depot", URL)
    assert program.post(f"{place}disable/")["disabled_reason"] == "by_person"
    assert program.post(f"{place}enable/")["status"] == "active"


def test_api_refuses_unknown_kinds_of_events(story):
    body = {"city": story.city.slug, "description": "a", "url": URL, "event_kinds": ["contact"]}
    program = Program(story.administrator.user)
    assert program.refused("webhook-endpoints/", body)["errors"][0]["pointer"] == "#/event_kinds/0"
    assert program.refused("webhook-endpoints/", body | {"event_kinds": []})["code"] == "invalid"


def test_page_to_send_one_event_again_reads_one_page_of_deliveries(story):
    endpoint = added(story)
    for _number in range(3):
        Program(story.administrator.user).post(f"webhook-endpoints/{endpoint.pk}/test/")
    browser = Browser(story.second)
    with CaptureQueriesContext(connection) as queries:
        page = browser.open(f"{endpoint.get_absolute_url()}resend/")
    assert "<option" not in page
    reads = [one["sql"] for one in queries if 'FROM "procurement_webhookdelivery"' in one["sql"]]
    assert reads
    assert all(" LIMIT " in sql for sql in reads)
    first = endpoint.deliveries.first()
    endpoint.deliveries.filter(pk=first.pk).update(state="failed", tried_at=clock.real_now())
    page = browser.open(endpoint)
    endpoint.deliveries.filter(pk=first.pk).update(
        state="sending", claim=first.message_id, leased_until=clock.real_now()
    )
    refused = page.press(f"Send again {first}")
    assert refused.status == 422
    assert "This event is being sent." in refused
    assert "Deliveries" in refused
    assert "<option" not in refused


def test_page_shows_failures_pause_and_secret_at_once_and_names_the_object_of_each_event(story):
    endpoint = added(story)
    later = clock.real_now() + timedelta(hours=5)
    endpoint.cursor.failing_since = clock.real_now()
    endpoint.cursor.paused_until = later
    endpoint.cursor.save()
    order = story.approved()
    entry = history_of(order).first()
    endpoint.deliveries.create(
        entry=entry,
        event_type="order.approve",
        thing_label=entry.thing_label,
        thing_id=order.pk,
        next_try_at=later,
        created_at=later,
    )
    page = Browser(story.administrator.user).open(endpoint)
    for text in ("can be shown only once.", "Every attempt has failed since", "asked for a pause until"):
        assert text in page
    assert order.reference in page
    assert "From then on, events are sent with your permissions." in page.follow("Edit webhook")


def test_page_of_a_webhook_takes_as_many_queries_for_many_deliveries(story):
    endpoint = added(story)
    browser = Browser(story.administrator.user)
    browser.open(endpoint)
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            browser.open(endpoint)
        counts.append(len(queries))
        program = Program(story.administrator.user)
        for _number in range(4):
            program.post(f"webhook-endpoints/{endpoint.pk}/test/")
    assert counts[0] == counts[1] <= 12


def test_secrets_are_reencrypted_under_a_new_secret_key(story, settings):
    endpoint = added(story)
    secret = decrypt_secret(endpoint.secret)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-" + "c" * 50
    call_command("rotate_secrets")
    settings.SECRET_KEY_FALLBACKS = []
    endpoint.refresh_from_db()
    assert decrypt_secret(endpoint.secret) == secret


@pytest.mark.parametrize("language", ["en", "fr-ca", "zh-hans"])
def test_help_names_the_types_of_events_in_each_language(story, language):
    page = Browser(language=language).open("/help/webhooks/")
    assert "order.approve" in page
    assert "webhook-signature" in page


def test_code_of_the_help_page_accepts_genuine_events_only(story):
    scope: dict[str, object] = {}
    exec(VERIFICATION_CODE, scope)
    is_genuine = scope["is_genuine"]
    secret, old = new_secret(), new_secret()
    body = EXAMPLE_EVENT.encode()
    headers = signed_headers("msg_1", EXAMPLE_EVENT, [secret, old], clock.real_now())
    assert is_genuine(secret, headers, body)
    assert is_genuine(old, headers, body)
    assert not is_genuine(new_secret(), headers, body)
    assert not is_genuine(secret, headers, body + b" ")
    late = headers | {"webhook-timestamp": str(int(time.time()) - 301)}
    assert not is_genuine(secret, late, body)


def test_signature_equals_the_example_of_the_specification():
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    sent_at = clock.real_now().fromtimestamp(1614265330, tz=clock.real_now().tzinfo)
    headers = signed_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", '{"test": 2432232314}', [secret], sent_at)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_example_of_the_help_page_has_the_form_of_an_event(story):
    order = story.approved()
    entry = history_of(order).first()
    sent = json.loads(event_body(entry, order.status, story.city.slug))
    example = json.loads(EXAMPLE_EVENT)
    assert sent.keys() == example.keys()
    assert sent["data"].keys() == example["data"].keys()
