"""Lookup of the DNS records by which other mail servers recognize our mail: SPF, DKIM, DMARC and MX."""

from collections.abc import Iterator
from dataclasses import dataclass

import dns.exception
import dns.resolver
from checkdmarc.dmarc import check_dmarc
from checkdmarc.spf import check_spf
from checkdmarc.utils import get_base_domain


@dataclass(frozen=True)
class RecordFinding:
    """Result of one lookup: the record's kind and place, whether it is right, and what to do if not."""

    kind: str
    domain: str
    is_correct: bool
    advice: str


def check_records(
    sender: str, envelope: str, selector: str = "", resolver: dns.resolver.Resolver | None = None
) -> Iterator[RecordFinding]:
    """Yield a finding for each record.

    `sender`: domain of From; `envelope`: domain of the envelope sender; `selector`: name of the DKIM key that the mail
    server signs with. Without `resolver` the system's name servers are asked.
    """
    resolver = resolver or dns.resolver.Resolver()
    yield _spf(envelope, resolver)
    yield _dkim(sender, selector, resolver)
    yield _dmarc(sender, envelope, resolver)
    yield _mx(envelope, resolver)


def _spf(domain: str, resolver: dns.resolver.Resolver) -> RecordFinding:
    found = check_spf(domain, resolver=resolver, retries=0)
    if not found["valid"]:
        return RecordFinding(
            "SPF", domain, False, f"{found['error']} Publish which servers send for {domain}."
        )
    last = found["parsed"]["all"]
    if last in ("pass", "neutral", None) and not found["parsed"].get("redirect"):
        return RecordFinding(
            "SPF", domain, False, f"{found['record']} lets every server send. End it with -all or ~all."
        )
    return RecordFinding("SPF", domain, True, found["record"])


def _dkim(domain: str, selector: str, resolver: dns.resolver.Resolver) -> RecordFinding:
    if not selector:
        return RecordFinding(
            "DKIM",
            domain,
            False,
            "No selector was given: add --selector with the name of the mail server's key.",
        )
    place = f"{selector}._domainkey.{domain}"
    try:
        texts = [b"".join(row.strings).decode(errors="replace") for row in resolver.resolve(place, "TXT")]
    except dns.exception.DNSException:
        texts = []
    keys = [text for text in texts if "p=" in text.replace(" ", "")]
    if not keys:
        return RecordFinding("DKIM", place, False, "No key. Publish the key that the mail server signs with.")
    tags = dict(part.strip().partition("=")[::2] for part in keys[0].split(";"))
    if not tags.get("p", "").strip():
        return RecordFinding("DKIM", place, False, "The key is revoked. Publish the one that signs.")
    return RecordFinding("DKIM", place, True, f"{keys[0][:60]}…")


def _dmarc(domain: str, envelope: str, resolver: dns.resolver.Resolver) -> RecordFinding:
    found = check_dmarc(domain, resolver=resolver, retries=0, ignore_unrelated_records=True)
    if not found["valid"]:
        return RecordFinding(
            "DMARC", domain, False, f"{found['error']} Publish v=DMARC1; p=none to begin with."
        )
    strict = found["tags"]["aspf"]["value"] == "s"
    same = domain == envelope if strict else get_base_domain(domain) == get_base_domain(envelope)
    if not same:
        return RecordFinding(
            "DMARC",
            domain,
            False,
            f"SPF does not count: {envelope} is not {domain}. Set MAIL_BOUNCES to an address of it.",
        )
    return RecordFinding("DMARC", domain, True, found["record"])


def _mx(domain: str, resolver: dns.resolver.Resolver) -> RecordFinding:
    try:
        hosts = sorted(str(row.exchange).rstrip(".") for row in resolver.resolve(domain, "MX"))
    except dns.exception.DNSException:
        hosts = []
    if not any(hosts):
        return RecordFinding("MX", domain, False, "No server takes mail, so no bounce comes back.")
    return RecordFinding("MX", domain, True, ", ".join(hosts))
