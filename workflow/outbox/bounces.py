"""Reader of bounces: what a mail says that came to the address for undeliverable mail (RFC 3464).

A report names the mail by its Message-ID, which the reader's server alone knows besides us, so a forged report about
another mail is not believed. Servers that write no report are read by flufl.bounce. All functions are pure.
"""

import email
import email.policy
import re
import uuid
from dataclasses import dataclass
from email.message import EmailMessage, Message
from enum import StrEnum

from flufl.bounce import all_failures

_OUR_ID = re.compile(rb"(?im)^[ \t>|]*Message-ID:\s*<([0-9a-f-]{36})@")
# Enhanced status codes (RFC 3463) of an address that takes no mail: unknown, moved, disabled, no such host.
_DEAD_ADDRESS = re.compile(r"5\.(1\.(?!7|8|9)\d+|2\.1|4\.4)$")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


class DeliveryOutcome(StrEnum):
    """What a report says of the mail."""

    DELIVERED = "delivered"
    BAD_ADDRESS = "bad_address"
    FAILED = "failed"


@dataclass(frozen=True)
class DeliveryReport:
    """Report on one of our mails: the message's number, the outcome, and the server's words."""

    message_id: uuid.UUID
    outcome: DeliveryOutcome
    reason: str


def read_delivery_report(raw: bytes) -> DeliveryReport | None:
    """Return the final report in a mail, or None if it has none: a delay, an automatic reply, or a mail of another kind."""
    number = _number(raw)
    if number is None:
        return None
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    fields = _delivery_status(mail)
    if fields is not None:
        return _from_report(number, fields)
    _temporary, permanent = all_failures(email.message_from_bytes(raw))
    if not permanent:
        return None
    words = _first_words(mail)
    status = _STATUS.search(words)
    dead = status is None or _DEAD_ADDRESS.match(status[1]) is not None
    return DeliveryReport(number, DeliveryOutcome.BAD_ADDRESS if dead else DeliveryOutcome.FAILED, words)


def _number(raw: bytes) -> uuid.UUID | None:
    """Return the number of our message in the returned mail or its headers; our Message-ID never heads the report itself."""
    _head, _blank, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    found = _OUR_ID.search(body)
    try:
        return uuid.UUID(found[1].decode()) if found else None
    except ValueError:
        return None


def _delivery_status(mail: EmailMessage) -> dict[str, str] | None:
    """Return the fields about the recipient in a report of RFC 3464, or None if the mail is no such report."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            groups = part.get_payload()
            if isinstance(groups, list):
                for group in groups:
                    if isinstance(group, Message) and "Action" in group:
                        return {name.lower(): str(value) for name, value in group.items()}
    return None


def _from_report(number: uuid.UUID, fields: dict[str, str]) -> DeliveryReport | None:
    action = fields["action"].strip().lower()
    if action in ("delivered", "relayed", "expanded"):
        return DeliveryReport(number, DeliveryOutcome.DELIVERED, "")
    if action != "failed":
        return None
    status = _STATUS.search(fields.get("status", ""))
    dead = status is not None and _DEAD_ADDRESS.match(status[1]) is not None
    words = fields.get("diagnostic-code", "").partition(";")[2].strip() or fields.get("status", "")
    return DeliveryReport(
        number, DeliveryOutcome.BAD_ADDRESS if dead else DeliveryOutcome.FAILED, " ".join(words.split())
    )


def _first_words(mail: EmailMessage) -> str:
    """Return the text of a report without fields, on one line."""
    part = mail.get_body(("plain", "html"))
    text = part.get_content() if part is not None else ""
    return " ".join(str(text).split())[:300]
