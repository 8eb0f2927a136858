"""Lookup of SPF, DKIM, DMARC and MX, against a name server of the test's own."""

import itertools
import socketserver
import threading
from collections.abc import Iterator

import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest

from workflow.outbox.dns_records import check_records

KEY = "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCB"
NUMBERS = itertools.count(1)  # the library remembers answers, so each test has a domain of its own


class NameServer(socketserver.ThreadingUDPServer):
    """Name server that knows the records in `zone`: by name and type, a list of texts."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Question)
        self.zone: dict[tuple[str, str], list[str]] = {}


class _Question(socketserver.BaseRequestHandler):
    server: NameServer

    def handle(self) -> None:
        data, socket = self.request
        asked = dns.message.from_wire(data)
        question = asked.question[0]
        answer = dns.message.make_response(asked, recursion_available=True)
        name, kind = question.name.to_text().rstrip(".").lower(), dns.rdatatype.to_text(question.rdtype)
        rows = self.server.zone.get((name, kind), [])
        if rows:
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *rows))
        elif not any(name == known for known, _kind in self.server.zone):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        socket.sendto(answer.to_wire(), self.client_address)


@pytest.fixture(scope="module")
def name_server() -> Iterator[NameServer]:
    with NameServer() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def resolver(name_server) -> dns.resolver.Resolver:
    found = dns.resolver.Resolver(configure=False)
    found.nameservers, found.port, found.lifetime = ["127.0.0.1"], name_server.server_address[1], 5
    return found


@pytest.fixture
def domain(name_server) -> str:
    """Return a domain whose records are all right."""
    name = f"city{next(NUMBERS)}.ca"
    name_server.zone = {
        (name, "TXT"): ['"v=spf1 mx -all"'],
        (name, "MX"): [f"10 mail.{name}."],
        (f"mail.{name}", "A"): ["192.0.2.1"],
        (f"key1._domainkey.{name}", "TXT"): [f'"{KEY}"'],
        (f"_dmarc.{name}", "TXT"): ['"v=DMARC1; p=quarantine"'],
    }
    return name


def missing(resolver, domain, envelope="", selector="key1") -> dict[str, str]:
    """Return what to do, by kind of record, for the records that are missing or wrong."""
    findings = check_records(domain, envelope or domain, selector, resolver)
    return {finding.kind: finding.advice for finding in findings if not finding.is_correct}


def test_complete_records_pass(resolver, domain):
    assert missing(resolver, domain) == {}
    assert [found.kind for found in check_records(domain, domain, "key1", resolver)] == [
        "SPF",
        "DKIM",
        "DMARC",
        "MX",
    ]


@pytest.mark.parametrize(
    "record", ["", '"v=spf1 mx +all"', '"v=spf1 mx ?all"', '"v=spf1 mx"', '"v=spf1 mixed -all"']
)
def test_spf_that_is_absent_wrong_or_lets_every_server_send_is_reported(
    resolver, domain, name_server, record
):
    name_server.zone[domain, "TXT"] = [record] if record else []
    assert list(missing(resolver, domain)) == ["SPF"]


def test_spf_of_two_records_is_reported(resolver, domain, name_server):
    name_server.zone[domain, "TXT"] += ['"v=spf1 -all"']
    assert list(missing(resolver, domain)) == ["SPF"]


@pytest.mark.parametrize(
    ("selector", "words"), [("", "--selector"), ("other", "No key"), ("revoked", "revoked")]
)
def test_dkim_without_a_usable_key_is_reported(resolver, domain, name_server, selector, words):
    name_server.zone[f"revoked._domainkey.{domain}", "TXT"] = ['"v=DKIM1; p="']
    found = missing(resolver, domain, selector=selector)
    assert list(found) == ["DKIM"]
    assert words in found["DKIM"]


@pytest.mark.parametrize("record", ["", '"v=DMARC1; p=maybe"', '"p=none"'])
def test_absent_or_wrong_dmarc_is_reported(resolver, domain, name_server, record):
    name_server.zone[f"_dmarc.{domain}", "TXT"] = [record] if record else []
    assert list(missing(resolver, domain)) == ["DMARC"]


@pytest.mark.parametrize(("mode", "aligned"), [("r", True), ("s", False)])
def test_envelope_sender_of_a_subdomain_counts_unless_dmarc_is_strict(
    resolver, domain, name_server, mode, aligned
):
    envelope = f"bounces.{domain}"
    name_server.zone |= {
        (envelope, "TXT"): ['"v=spf1 mx -all"'],
        (envelope, "MX"): [f"10 mail.{domain}."],
        (f"_dmarc.{domain}", "TXT"): [f'"v=DMARC1; p=none; aspf={mode}"'],
    }
    assert list(missing(resolver, domain, envelope)) == ([] if aligned else ["DMARC"])


def test_envelope_sender_of_another_domain_does_not_count(resolver, domain, name_server):
    name_server.zone |= {
        ("provider.example", "TXT"): ['"v=spf1 mx -all"'],
        ("provider.example", "MX"): [f"10 mail.{domain}."],
    }
    assert list(missing(resolver, domain, "provider.example")) == ["DMARC"]


@pytest.mark.parametrize("rows", [[], ["0 ."]])
def test_domain_that_takes_no_mail_is_reported(resolver, domain, name_server, rows):
    name_server.zone[domain, "MX"] = rows
    name_server.zone[domain, "TXT"] = ['"v=spf1 ip4:192.0.2.1 -all"']
    assert list(missing(resolver, domain)) == ["MX"]
