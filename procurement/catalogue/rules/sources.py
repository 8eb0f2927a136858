"""Reliability of the sources of catalogue rows, which decides whether a row may block."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.reference_rows import ReferenceRow, Validity
from workflow.errors import LazyText

# Hosts of ministries, customs and other public authorities: texts there count as official.
OFFICIAL_DOMAINS = ("canada.ca", "gc.ca", "gov.cn", "europa.eu", "go.jp", "gov")
MIN_INDEPENDENT_SOURCES = 2  # number of sources for the same fact, each on its own host
# An address with or without its scheme, because people copy both.
WEB_ADDRESS_PATTERN = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://)?(?:[^/?#@\s]*@)?(?P<host>[\w-]+(?:\.[\w-]+)+)\.?(?::\d+)?(?:[/?#]\S*)?",
    re.IGNORECASE,
)


# Hosts of customs brokers and freight forwarders who describe the rules of customs on their pages.
BROKER_DOMAINS = (
    "acj2002.co.jp", "buckland.com", "ddp-cn.com", "delmarcargo.com", "expeditors.com",
    "globaletrade.services", "welke.com",
)  # fmt: skip
# Authorities by host, from the narrowest to the widest.
PUBLISHER_BY_DOMAIN: dict[str, LazyText] = {
    "cbsa-asfc.gc.ca": _("Canada Border Services Agency"),
    "canada.ca": _("Government of Canada"),
    "gc.ca": _("Government of Canada"),
    "mofcom.gov.cn": _("Ministry of Commerce of China"),
    "commerce.shandong.gov.cn": _("Department of Commerce of Shandong"),
    "wh.gov.cn": _("City of Wuhan"),
    "gov.cn": _("Chinese authority"),
    "europa.eu": _("European Union"),
    "customs.go.jp": _("Japan Customs"),
    "go.jp": _("Japanese authority"),
    "house.gov": _("United States House of Representatives"),
    "gov": _("United States authority"),
}


class SourceRating(models.TextChoices):
    """Reliability of a source, from the best to the worst, in the words of the pages."""

    OFFICIAL = "official", _("Official text")
    BROKER = "broker", _("Broker’s web page")
    OTHER = "other", _("Other web page: confirm with your broker")
    MEMORY = "memory", _("From memory: ask your broker")


@dataclass(frozen=True)
class RatedSource:
    """Source of a rule for display: its address or words, its publisher, and its grade."""

    source: str
    publisher: LazyText
    grade: SourceRating

    @property
    def url(self) -> str:
        """Address to link to; "" for a source in words."""
        return self.source if self.source.startswith(("http://", "https://")) else ""


class ReliabilityReason(StrEnum):
    """Reason why a row may be firm, which means reliable enough to block."""

    OFFICIAL_SOURCE = "official"
    INDEPENDENT_SOURCES = "independent"
    NONE = ""


def reliability_reason(row: ReferenceRow) -> ReliabilityReason:
    """Return the reason why a row may be firm: an official source, several independent ones, or no reason."""
    hosts = {_host(source) for source in row.source_urls}
    if any(_is_in_domain(host, OFFICIAL_DOMAINS) for host in hosts):
        return ReliabilityReason.OFFICIAL_SOURCE
    return (
        ReliabilityReason.INDEPENDENT_SOURCES
        if len(hosts) >= MIN_INDEPENDENT_SOURCES
        else ReliabilityReason.NONE
    )


def rated_sources(sources: Iterable[str]) -> list[RatedSource]:
    """Return the sources of a rule with publisher and grade, official ones first.

    A rule without a source is from memory: the list then has one entry without an address.
    """
    found = [_rated(source) for source in sort_official_first(sources)]
    return found or [RatedSource("", "", SourceRating.MEMORY)]


def sort_official_first(sources: Iterable[str]) -> list[str]:
    """Return the sources by grade, the best first. Sources of one grade keep their order."""
    order = [*SourceRating]
    return sorted((source for source in sources if source), key=lambda one: order.index(_rated(one).grade))


def has_official_source(sources: Iterable[str]) -> bool:
    """Return True if one of the sources is an official text."""
    return any(_is_in_domain(_host(source), OFFICIAL_DOMAINS) for source in sources)


def _rated(source: str) -> RatedSource:
    host = _host(source)
    if _is_in_domain(host, OFFICIAL_DOMAINS):
        publisher = next(name for end, name in PUBLISHER_BY_DOMAIN.items() if _is_in_domain(host, (end,)))
        return RatedSource(source, publisher, SourceRating.OFFICIAL)
    grade = SourceRating.BROKER if _is_in_domain(host, BROKER_DOMAINS) else SourceRating.OTHER
    return RatedSource(source, host if WEB_ADDRESS_PATTERN.fullmatch(source.strip()) else source, grade)


def _is_in_domain(host: str, domains: Iterable[str]) -> bool:
    return any(host == end or host.endswith(f".{end}") for end in domains)


def _host(source: str) -> str:
    """Return the host of an address, or the folded name of a document, for comparing sources."""
    address = WEB_ADDRESS_PATTERN.fullmatch(source.strip())
    return address["host"].casefold().removeprefix("www.") if address else " ".join(source.casefold().split())


@dataclass(frozen=True)
class SourceConfidence:
    """Confidence in a row by its sources: the row's code, the sources, and `is_reliable` if the row may block."""

    code: str
    sources: tuple[str, ...]
    is_reliable: bool

    @classmethod
    def from_row(cls, row: ReferenceRow, on: date | None, *columns: str) -> Self:
        """Return how well the sources support the given columns of a row on a day.

        Not firm if one of the columns is from memory, or if the row may have ended.
        """
        surely = on is None or row.validity_on(on) is Validity.YES
        remembered = any(row.is_unsourced(column) for column in ("valid_from", "valid_to", *columns))
        return cls(row.code, tuple(row.source_urls), row.is_reliable and surely and not remembered)
