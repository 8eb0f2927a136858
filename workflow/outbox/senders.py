"""Sender of each mail: From, the address for undeliverable mail, and who gets replies that no person is named for."""

from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage


def set_senders(mail: EmailMessage) -> None:
    """Set the envelope sender (MAIL_BOUNCES), and MAIL_REPLY_TO if the mail names no one for replies.

    Django takes the envelope sender from `from_email` if the headers name From.
    """
    if settings.MAIL_BOUNCES:
        mail.extra_headers.setdefault("From", mail.from_email)
        mail.from_email = settings.MAIL_BOUNCES
    if settings.MAIL_REPLY_TO and not mail.reply_to:
        mail.reply_to = [settings.MAIL_REPLY_TO]


def sender_domains() -> tuple[str, str]:
    """Return the domain of From and that of the envelope sender."""
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    envelope = settings.MAIL_BOUNCES or sender
    return _domain(sender), _domain(envelope)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()
