"""Each form of bounce is read: final failures, dead addresses, delays, deliveries, and mails that are no bounce."""

import uuid

import pytest

from tests.workflow.outbox.bounce_samples import OUR_ID, SAMPLES, report
from workflow.outbox.bounces import DeliveryReport, read_delivery_report


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("name", SAMPLES)
def test_sample_of_each_form_is_read(name, line_end):
    mail, outcome, words = SAMPLES[name]
    found = read_delivery_report(mail.replace("\n", line_end).encode())
    if not outcome:
        assert found is None
        return
    assert found is not None
    assert (found.message_id, found.outcome) == (uuid.UUID(OUR_ID), outcome)
    assert words in found.reason


@pytest.mark.parametrize(
    "replacement", ["", "Message-ID: <1@other.example>", f"Message-ID: <{OUR_ID[:-1]}x@kit>"]
)
def test_report_without_one_of_our_numbers_is_ignored(replacement):
    mail = report("failed", "5.1.1", "unknown").replace(
        f"Message-ID: <{OUR_ID}@kit.city.example>", replacement
    )
    assert read_delivery_report(mail.encode()) is None


def test_number_in_the_head_of_the_report_itself_is_ignored():
    mail = report("failed", "5.1.1", "unknown").replace("20261130.1@mx", f"{uuid.uuid4()}@mx")
    assert read_delivery_report(mail.encode()) == DeliveryReport(uuid.UUID(OUR_ID), "bad_address", "unknown")


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"Content-Type: multipart/report; boundary=\n\n--\n"])
def test_unreadable_mail_is_ignored(raw):
    assert read_delivery_report(raw) is None
