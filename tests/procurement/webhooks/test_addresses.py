"""No webhook points to an internal network: addresses are refused when entered, and again at each attempt."""

import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from procurement.webhooks import http_sender
from procurement.webhooks.actions.endpoints import WebhookEdit, add_webhook, edit_webhook, send_test_event
from procurement.webhooks.http_sender import parse_retry_after
from procurement.webhooks.models import EventKind, WebhookEndpoint
from procurement.webhooks.rules import address_refusal
from tests.browsing import Browser
from tests.procurement.refusals import assert_refused
from tests.procurement.webhooks.conftest import Hooked, administrator_of
from tests.webhook_receiver import Receiver, answer_with
from tests.worlds.need_to_order import AT
from workflow import clock
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db  # the kind of site decides which addresses are allowed
PUBLIC = "93.184.216.34"
HOST = "hooks.city.example"


@pytest.fixture
def names(monkeypatch) -> dict[str, list[str]]:
    """Return the name server of the test: the addresses of each name, which the test may change."""
    known: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def look_up(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if host not in known:
            return real(host, port, *rest, **more)
        return [entry for address in known[host] for entry in real(address, port, *rest, **more)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "localhost",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.9",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "192.0.2.7",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.88.99.1",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fd00::1]",
        "[fec0::1]",
        "[feff:ffff::1]",
        "[ff02::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:93.184.216.34]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:7f00:1::]",
        "[2001:0:7f00:1::]",
    ],
)
def test_internal_address_is_refused(host):
    refusal = address_refusal(f"https://{host}/hook")
    assert refusal is not None
    assert (refusal.code, refusal.details["field"]) == ("address_refused", "url")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://93.184.216.34/hook", "https_required"),
        ("ftp://93.184.216.34/hook", "invalid_url"),
        ("//93.184.216.34/hook", "invalid_url"),
        ("https:///hook", "invalid_url"),
        ("https://user@93.184.216.34/", "invalid_url"),
        ("https://user:word@93.184.216.34/", "invalid_url"),
        ("https://93.184.216.34/#part", "invalid_url"),
        ("https://93.184.216.34:0/", "invalid_url"),
        ("https://93.184.216.34:99999/", "invalid_url"),
        ("https://93.184.216.34/a b", "invalid_url"),
        ("https://93.184.216.34/a\r\nHost: b", "invalid_url"),
        ("https://127.0.0.1\\@93.184.216.34/", "invalid_url"),
        ("https://例子.example/", "invalid_url"),
        ("https://93.184.216.34/" + "a" * 500, "invalid_url"),
        ("https://93.184.216.34:22/", "port_refused"),
        ("https://93.184.216.34:6379/", "port_refused"),
        ("https://no-such-host.invalid/", "unknown_host"),
        ("https://93.184.216.34/hook", None),
        ("https://93.184.216.34:8443/hook?key=1", None),
        ("https://[2606:2800:220:1:248:1893:25c8:1946]/hook", None),
    ],
)
def test_address_is_refused_with_its_reason(url, code):
    refusal = address_refusal(url)
    assert (refusal and refusal.code) == code


@pytest.mark.parametrize(
    ("allowed", "refused"),
    [
        ([], "address_refused"),
        (["10.1.0.0/16"], "address_refused"),
        (["other.city.example"], "address_refused"),
        (["10.20.0.0/16"], None),
        (["10.20.0.1/16"], None),
        (["ERP.city.example"], None),
        (["10.20.30.40"], None),
    ],
)
def test_internal_host_is_allowed_only_by_the_setting(settings, names, allowed, refused):
    settings.WEBHOOK_INTERNAL_HOSTS = allowed
    names["erp.city.example"] = ["10.20.30.40"]
    refusal = address_refusal("https://erp.city.example:8080/hook")
    assert (refusal and refusal.code) == refused


def test_name_with_one_internal_address_among_public_ones_is_refused(names):
    names[HOST] = [PUBLIC, "10.0.0.5"]
    refusal = address_refusal(f"https://{HOST}/")
    assert refusal is not None
    assert refusal.code == "address_refused"


def test_webhook_with_internal_address_is_neither_added_nor_edited(story, names):
    names[HOST] = [PUBLIC]
    person = administrator_of(story)
    facts = {"description": "Stock", "event_kinds": [EventKind.ORDER], "author": person.user}
    with assert_refused("address_refused"):
        add_webhook(story.city, url="https://169.254.169.254/", **facts, by=person.by, at=AT)
    assert not WebhookEndpoint.objects.exists()
    endpoint = add_webhook(story.city, url=f"https://{HOST}/", **facts, by=person.by, at=AT)
    with assert_refused("address_refused", endpoint):
        edit_webhook(
            endpoint,
            edit=WebhookEdit(url="https://[::1]/"),
            author=person.user,
            by=person.by,
            at=AT,
            real_at=AT,
        )


@pytest.mark.parametrize("url", ["https://10.0.0.1/", "https://db.corp.internal:22/"])
def test_only_those_who_may_add_a_webhook_have_its_address_looked_up(story, monkeypatch, url):
    asked: list[Any] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **_more: asked.append(args) or [])
    observer = story.observer
    facts = {"description": "Stock", "event_kinds": [EventKind.ORDER], "author": observer.user}
    with assert_refused("not_allowed"):
        add_webhook(story.city, url=url, **facts, by=observer.by, at=AT)
    assert not asked


@pytest.fixture
def slow_names(monkeypatch) -> None:
    """Let the name server take four seconds for HOST."""
    real = socket.getaddrinfo

    def look_up(host: Any, *rest: Any, **more: Any) -> Any:
        if host == HOST:
            time.sleep(4)
        return real(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def test_attempt_ends_in_time_though_the_name_server_is_slow(slow_names):
    began = time.monotonic()
    answer = http_sender.post(f"https://{HOST}/", b"{}", {}, AT, 1, only_listed=False)
    assert time.monotonic() - began < 1.5
    assert (answer.result, answer.status) == ("timed_out", None)


def test_edit_ends_in_time_though_the_name_server_is_slow(story, slow_names):
    person = administrator_of(story)
    facts = {"description": "Stock", "event_kinds": [EventKind.ORDER], "author": person.user}
    endpoint = add_webhook(story.city, url=f"https://{PUBLIC}/", **facts, by=person.by, at=AT)
    story.practise()  # where no second factor is asked for
    browser = Browser(person.user)
    form = browser.open(f"{endpoint.get_absolute_url()}edit/")
    began = time.monotonic()
    page = form.press("Save details", url=f"https://{HOST}/")
    assert time.monotonic() - began < 3
    assert set(page.wrong) == {"url"}
    endpoint.refresh_from_db()
    assert endpoint.url == f"https://{PUBLIC}/"


def test_journal_names_the_host_of_each_address_but_no_key_in_it(story, names):
    names[HOST] = names["erp.city.example"] = [PUBLIC]
    person = administrator_of(story)
    facts = {"description": "Stock", "event_kinds": [EventKind.ORDER], "author": person.user}
    by = {"by": person.by, "at": AT}
    endpoint = add_webhook(story.city, url=f"https://{HOST}/in?key=4711", **facts, **by)
    for edit in (WebhookEdit(url="https://erp.city.example/9x42"), WebhookEdit(description="Depot")):
        edit_webhook(endpoint, edit=edit, author=person.user, **by, real_at=AT)
    entries = history_of(endpoint).order_by("pk")
    assert [entry.facts.get("host") for entry in entries] == [HOST, "erp.city.example", None]
    written = str([[entry.before, entry.after, entry.facts] for entry in entries])
    assert "4711" not in written
    assert "9x42" not in written


def test_practice_site_sends_only_to_listed_hosts(hooked: Hooked, settings, names):
    person = hooked.administrator
    by = {"by": person.by, "at": AT}
    facts = {"description": "Stock", "event_kinds": [EventKind.ORDER], "author": person.user}
    names[HOST] = ["127.0.0.1"]
    settings.WEBHOOK_INTERNAL_HOSTS = [HOST, "127.0.0.1"]
    clock.create_instance("practice", AT)
    add_webhook(hooked.story.city, url=f"http://{HOST}:{hooked.receiver.port}/", **facts, **by)
    page = Browser(person.user).open(f"/cities/{hooked.story.city.slug}/webhooks/add/")
    assert "This is a practice site" in page
    # A public address can be saved, and nothing is sent there.
    names[HOST] = [PUBLIC]
    settings.WEBHOOK_INTERNAL_HOSTS = ["10.0.0.0/8"]
    WebhookEndpoint.objects.filter(pk=hooked.endpoint.pk).update(url=f"https://{HOST}/")
    send_test_event(hooked.endpoint, **by, real_at=clock.real_now())
    assert hooked.send() == 0
    assert (hooked.only.state, hooked.only.result) == ("planned", "address_refused")


def test_name_that_leads_inside_later_is_not_connected_to(hooked: Hooked, settings, names):
    names[HOST] = [PUBLIC]
    settings.WEBHOOK_INTERNAL_HOSTS = []
    url = f"http://{HOST}:443/hook"
    edit_webhook(
        hooked.endpoint,
        edit=WebhookEdit(url=url),
        author=hooked.administrator.user,
        by=hooked.administrator.by,
        at=AT,
        real_at=clock.real_now(),
    )
    send_test_event(hooked.endpoint, by=hooked.administrator.by, at=AT, real_at=clock.real_now())
    names[HOST] = ["127.0.0.1"]
    assert hooked.send() == 0
    assert (hooked.only.state, hooked.only.result) == ("planned", "address_refused")
    assert not hooked.receiver.calls


def test_attempt_connects_to_the_checked_address_though_the_name_changes(
    hooked: Hooked, settings, monkeypatch
):
    asked: list[Any] = []
    real = socket.getaddrinfo

    def rebinding(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if host != HOST:
            return real(host, port, *rest, **more)
        asked.append(host)
        return real("127.0.0.1" if len(asked) == 1 else "127.0.0.9", port, *rest, **more)

    WebhookEndpoint.objects.update(url=f"http://{HOST}:{hooked.receiver.port}/hook")
    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    send_test_event(hooked.endpoint, by=hooked.administrator.by, at=AT, real_at=clock.real_now())
    assert hooked.send() == 1
    assert len(asked) == 1
    assert hooked.receiver.calls[0].headers["host"] == f"{HOST}:{hooked.receiver.port}"


def test_redirect_into_the_internal_network_is_not_followed(hooked: Hooked):
    with Receiver() as inside:
        hooked.receiver.answer = answer_with(307, Location=inside.url)
        send_test_event(hooked.endpoint, by=hooked.administrator.by, at=AT, real_at=clock.real_now())
        hooked.send()
    assert (hooked.only.result, hooked.only.response_status) == ("redirected", 307)
    assert not inside.calls


@pytest.fixture
def certificate(tmp_path):
    """Return the file with a certificate of HOST that signed itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "hook.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.mark.parametrize(
    ("trusted", "host", "result"),
    [(True, HOST, "ok"), (False, HOST, "tls_failed"), (True, "other.city.example", "tls_failed")],
    ids=["trusted", "unknown authority", "other name"],
)
def test_certificate_is_verified_for_the_name_not_the_address(
    settings, names, certificate, monkeypatch, trusted, host, result
):
    settings.WEBHOOK_INTERNAL_HOSTS = [HOST, "other.city.example"]
    names[HOST] = names["other.city.example"] = ["127.0.0.1"]
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    asked: list[str | None] = []
    server.sni_callback = lambda _sock, name, _context: asked.append(name)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    http_sender.tls_context.cache_clear()
    try:
        with Receiver(tls=server) as receiver:
            url = f"https://{host}:{receiver.port}/"
            answer = http_sender.post(url, b"{}", {}, datetime.now(UTC), 3, only_listed=False)
    finally:
        http_sender.tls_context.cache_clear()
    assert answer.result == result
    assert asked == [host]
    assert len(receiver.calls) == (result == "ok")


@pytest.mark.parametrize(
    ("value", "pause"),
    [
        (None, None),
        ("120", timedelta(minutes=2)),
        ("0", None),
        ("-5", None),
        ("soon", None),
        ("9" * 30, timedelta(hours=24)),
        ("Thu, 16 Apr 2020 16:10:00 GMT", timedelta(minutes=10)),
        ("Thu, 16 Apr 2020 15:00:00 GMT", None),
        ("Thu, 16 Apr 2030 15:00:00 GMT", timedelta(hours=24)),
    ],
)
def test_retry_after_is_a_pause_of_at_most_a_day(value, pause):
    assert parse_retry_after(value, AT) == pause


def test_closed_port_is_not_reached(settings):
    settings.WEBHOOK_INTERNAL_HOSTS, settings.WEBHOOK_ALLOW_HTTP = ["127.0.0.1"], True
    with Receiver() as receiver:
        url = receiver.url
    answer = http_sender.post(url, b"{}", {}, AT, 2, only_listed=False)
    assert (answer.result, answer.status) == ("not_reached", None)
