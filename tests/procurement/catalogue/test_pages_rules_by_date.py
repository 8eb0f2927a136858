"""Tests that pages of April 2020 show no later kinds of certificates, customs rules or reliefs."""

import csv
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from procurement.catalogue.models.certificates import CertificateType
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.worlds.shipments import Journey
from workflow.clock import advance_clock, clear_instance_cache

pytestmark = pytest.mark.django_db
LATER = re.compile(r"(?<![A-Za-z0-9_/.-])202[1-9](?![A-Za-z0-9_/])")
AFTER = datetime(2024, 11, 4, 16, 0, tzinfo=UTC)


@pytest.fixture
def story() -> Iterator[Journey]:
    one = Journey()
    one.practise()
    yield one
    clear_instance_cache()


@pytest.mark.parametrize("language", ["en", "fr-ca", "zh-hans"])
def test_certificate_type_pages_mention_no_later_year(story: Journey, language: str) -> None:
    browser = Browser(story.officer.user, language=language)
    for kind in CertificateType.objects.order_by("code"):
        page = browser.open(f"/certificate-types/{kind.code}/")
        text = " ".join(page.main.xpath(".//section//text()"))
        assert not LATER.search(text.replace(" – ", "/")), (kind.code, LATER.search(text))


def test_api_mentions_no_later_year_until_that_date(story: Journey) -> None:
    program = Program(story.officer.user)
    places = ("certificate-types", "customs-rules", "duty-reliefs")

    def told() -> str:
        rows = [row for place in places for row in program.all(f"{place}/")]
        texts = ("why", "condition", "proves", "does_not_prove")
        return " ".join(str(row[name]) for row in rows for name in row if name.rpartition("_")[0] in texts)

    assert not LATER.search(told())
    advance_clock(AFTER)
    assert "Announcement 32 of 18 August 2023" in told()


@pytest.mark.parametrize("language", ["en", "fr-ca", "zh-hans"])
def test_required_documents_csv_mentions_no_later_year_until_that_date(story: Journey, language: str) -> None:
    client = Browser(story.officer.user, language=language).client
    text = "/rules/documents/?use=non_medical&product=RESP_KN95&on=2020-04-27&as=csv"

    def why() -> str:
        sheet = b"".join(client.get(text).streaming_content).decode()
        rows = list(csv.reader(sheet.lstrip("\ufeff").splitlines()))
        assert len(rows) > 1
        return " ".join(row[8] for row in rows[1:])

    assert not LATER.search(why())
    advance_clock(AFTER)
    assert LATER.search(why())


@pytest.mark.parametrize(
    ("address", "always", "later"),
    [
        ("/certificate-types/US_EUA/", "Exhibit 1", "the authorization was revoked on 30 June 2021"),
        (
            "/certificate-types/CN_DECL_ANN5/",
            "Required by customs from 1 April 2020",
            "(until 17 August 2023)",
        ),
        (
            "/rules/customs/CN-X-JOINT12/",
            "not be used for medical purposes",
            "Announcement 32 of 18 August 2023",
        ),
        ("/rules/customs/CN-X-DECL5-12/", "with foreign certification", "Announcement 32 of 18 August 2023"),
        ("/rules/customs/CA-I-B3/", "Under the broker", "until 20 October 2024"),
    ],
)
def test_later_information_is_shown_only_after_its_date(
    story: Journey, address: str, always: str, later: str
) -> None:
    page = Browser(story.officer.user).open(address)
    assert (always in page, later in page) == (True, False)
    advance_clock(AFTER)
    page = Browser(story.officer.user).open(address)
    assert (always in page, later in page) == (True, True)
