"""`manage.py check_mail` sends a mail, and names each record that is missing."""

import io

import pytest
from django.core.management import CommandError, call_command

from workflow.management.commands import check_mail
from workflow.outbox.dns_records import RecordFinding


@pytest.fixture(autouse=True)
def sender(settings):
    settings.DEFAULT_FROM_EMAIL, settings.MAIL_BOUNCES = (
        "Twinlane <kit@city.example>",
        "bounces@mail.city.example",
    )


def check(monkeypatch, *findings) -> tuple[str, list[tuple[str, str, str]]]:
    """Run the command, whose lookups find this; return what it says and what it asked for."""
    asked = []
    monkeypatch.setattr(check_mail, "check_records", lambda *facts: asked.append(facts) or findings)
    output = io.StringIO()
    try:
        call_command("check_mail", "--to", "me@city.example", "--selector", "key1", stdout=output)
    except CommandError as error:
        output.write(str(error))
    return output.getvalue(), asked


def test_mail_is_sent_and_complete_records_pass(sink, monkeypatch):
    said, asked = check(monkeypatch, RecordFinding("SPF", "city.example", True, "v=spf1 -all"))
    assert asked == [("city.example", "mail.city.example", "key1")]
    assert "mail to me@city.example: sent" in said
    assert "SPF city.example: ok. v=spf1 -all" in said
    assert "Correct first" not in said
    assert sink.got[-1]["To"] == "me@city.example"
    assert sink.senders == ["bounces@mail.city.example"]


def test_missing_records_are_named_with_what_to_do(sink, monkeypatch):
    said, _asked = check(
        monkeypatch,
        RecordFinding("SPF", "city.example", True, "v=spf1 -all"),
        RecordFinding("DKIM", "key1._domainkey.city.example", False, "No key."),
    )
    assert "DKIM key1._domainkey.city.example: MISSING. No key." in said
    assert said.endswith("Correct these first: DKIM.")


def test_mail_that_the_server_refuses_is_reported(sink, monkeypatch):
    sink.refuse_sender = "550 no"
    said, _asked = check(monkeypatch)
    assert "NOT SENT. 550 no" in said
    assert said.endswith("Correct these first: the mail server.")
