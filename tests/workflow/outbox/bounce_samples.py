"""Twenty mails as they come to the address for undeliverable mail, written in the forms that mail servers use.

Each returns our mail, or its headers, with the Message-ID of the test.
"""

from textwrap import dedent

ADDRESS = "reader@cast.example"
OUR_ID = "6f0c1a34-8b52-4f0e-9d0a-3c1b5f7e2a10"
RETURNED = f"""\
From: Twinlane <twinlane@city.example>
To: {ADDRESS}
Subject: A question
Message-ID: <{OUR_ID}@kit.city.example>

Can you help?
"""


def report(
    action: str, status: str, diagnostic: str, *, headers_only: bool = False, text: str = "See below."
) -> str:
    """Return a report of RFC 3464."""
    kind = "text/rfc822-headers" if headers_only else "message/rfc822"
    returned = RETURNED.partition("\n\n")[0] + "\n" if headers_only else RETURNED
    return f"""\
From: Mail Delivery System <MAILER-DAEMON@mx.example>
To: bounces@city.example
Subject: Delivery report
Message-ID: <20261130.1@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"

--part
Content-Type: text/plain; charset=utf-8

{text}

--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Mon, 30 Nov 2026 10:00:00 +0000

Final-Recipient: rfc822; {ADDRESS}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {diagnostic}

--part
Content-Type: {kind}

{returned}
--part--
"""


def plain(head: str, text: str) -> str:
    """Return a mail of one text part, with the returned mail below the text."""
    return f"To: bounces@city.example\n{dedent(head)}MIME-Version: 1.0\n\n{dedent(text)}\n{RETURNED}"


QMAIL = f"""\
Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{ADDRESS}>:
192.0.2.7 does not like recipient.
Remote host said: 550 5.1.1 no such user
Giving up on 192.0.2.7.

--- Below this line is a copy of the message.

"""
EXIM = f"""\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {ADDRESS}
    Unrouteable address

------ This is a copy of the message, including all the headers. ------

"""
AWAY = """\
From: reader@cast.example
Subject: Automatic reply: A question
Auto-Submitted: auto-replied
"""

# name: the mail, the outcome ("" for none), and words of the reason
SAMPLES: dict[str, tuple[str, str, str]] = {
    "unknown user": (report("failed", "5.1.1", "550 5.1.1 user unknown"), "bad_address", "user unknown"),
    "unknown user, headers alone": (
        report("failed", "5.1.1", "550 5.1.1 no mailbox here", headers_only=True),
        "bad_address",
        "no mailbox here",
    ),
    "unknown domain": (report("failed", "5.1.2", "host not found"), "bad_address", "host not found"),
    "moved": (report("failed", "5.1.6", "mailbox has moved"), "bad_address", "moved"),
    "no address any more": (report("failed", "5.1.10", "recipient not found"), "bad_address", "not found"),
    "disabled": (report("failed", "5.2.1", "account disabled"), "bad_address", "disabled"),
    "no route to the host": (report("failed", "5.4.4", "no MX for domain"), "bad_address", "no MX"),
    "in capitals": (report("Failed", "5.1.1 (bad)", "550 unknown"), "bad_address", "unknown"),
    "Chinese": (
        report("failed", "5.1.1", "550 invalid user", text="您的邮件无法送达：收件人不存在。"),
        "bad_address",
        "invalid user",
    ),
    "mailbox full": (report("failed", "5.2.2", "552 over quota"), "failed", "over quota"),
    "taken for spam": (report("failed", "5.7.1", "554 message rejected"), "failed", "rejected"),
    "sender refused": (report("failed", "5.1.8", "550 bad sender domain"), "failed", "bad sender"),
    "too long on the way": (report("failed", "4.4.7", "delivery time expired"), "failed", "expired"),
    "delayed": (report("delayed", "4.4.1", "connection timed out"), "", ""),
    "delivered": (report("delivered", "2.1.5", "250 ok"), "delivered", ""),
    "relayed": (report("relayed", "2.1.9", "250 ok"), "delivered", ""),
    "qmail": (
        plain("From: MAILER-DAEMON@mx.example\nSubject: failure notice\n", QMAIL),
        "bad_address",
        "no such user",
    ),
    "Exim": (
        plain(
            f"From: Mailer-Daemon@mx.example\nX-Failed-Recipients: {ADDRESS}\n"
            "Subject: Mail delivery failed: returning message to sender\n",
            EXIM,
        ),
        "bad_address",
        "Unrouteable",
    ),
    "away": (plain(AWAY, "I am away until Monday.\n\n"), "", ""),
    "ordinary reply": (
        plain("From: reader@cast.example\nSubject: Re: A question\n", "Yes, we can.\n\n"),
        "",
        "",
    ),
}
