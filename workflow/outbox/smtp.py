"""SMTP transport that reports exactly how far the sending of a mail got before it failed.

There are four answers: the mail was taken; try later; never (and whether the address is at fault); perhaps
taken, which cannot be known (errors.py). This module writes nothing; delivery decides what follows.
"""

import smtplib
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

from django.core.mail import EmailMessage, mailers
from django.core.mail.backends.smtp import EmailBackend

from workflow.outbox import anymail_errors
from workflow.outbox.errors import DeliveryUncertain, PermanentFailure, ServerUnavailable, TransientFailure


class _SmtpConnection(smtplib.SMTP):
    """SMTP conversation that calls a function right before it sends the content."""

    @staticmethod
    def handing_over() -> None:
        """Do nothing, for a mail that is not in the ledger, such as allauth's mail for a new password."""

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Send the content.

        If the connection is lost from here on, it is uncertain whether the server took the content.
        """
        self.handing_over()
        try:
            return super().data(msg)
        except smtplib.SMTPResponseException:  # the server did answer
            raise
        except OSError as error:  # a closed or silent connection; SMTPServerDisconnected is one
            raise DeliveryUncertain(str(error)) from error


class _SmtpTlsConnection(_SmtpConnection, smtplib.SMTP_SSL):
    """SMTP connection that uses TLS from the first byte."""


class SmtpTransport(EmailBackend):
    """Django's SMTP backend, over connections that report how far the sending of a mail got. MAILERS must name it."""

    @property
    def connection_class(self) -> type[_SmtpConnection]:
        """Class of the connection that `open()` makes."""
        return _SmtpTlsConnection if self.use_ssl else _SmtpConnection

    def set_handover_callback(self, handing_over: Callable[[], None]) -> None:
        """Set the function to call before the next content is sent."""
        conversation: Any = self.connection
        conversation.handing_over = handing_over

    def close_without_quit(self) -> None:
        """Close the connection without QUIT, which a server that hangs would not answer."""
        for name in ("connection", "_partial_connection"):
            conversation = getattr(self, name)
            if conversation is not None:
                conversation.close()
            setattr(self, name, None)


class MailTransport:
    """Connection for one batch of mails, opened with the first mail and kept while it works.

    A context manager, not for several threads.
    """

    def __init__(self) -> None:
        self._mailer: Any = mailers.default

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        with suppress(OSError):
            self._mailer.close()

    def send(self, mail: EmailMessage, handing_over: Callable[[], None]) -> None:
        """Hand over one mail; returning means that the server took it.

        `handing_over` is called right before the content is sent, and may stop it by an exception. Raises
        TransientFailure (ServerUnavailable), PermanentFailure or DeliveryUncertain.
        """
        self._open()
        if isinstance(self._mailer, SmtpTransport):
            self._mailer.set_handover_callback(handing_over)
        else:
            handing_over()
        try:
            self._mailer.send_messages([mail])
        except Exception as error:
            self._drop()
            meaning = _classify(error)
            if meaning is None:
                raise
            raise meaning from error

    def _open(self) -> None:
        try:
            self._mailer.open()
        except OSError as error:  # smtplib's own errors are OSErrors; none is about this mail
            self._drop()
            raise ServerUnavailable(str(error)) from error

    def _drop(self) -> None:
        if isinstance(self._mailer, SmtpTransport):
            self._mailer.close_without_quit()


def _classify(error: Exception) -> TransientFailure | PermanentFailure | DeliveryUncertain | None:
    """Return the meaning of a failed conversation, or None if the error is of another kind.

    If the server refuses the sender, the fault is ours and must not end anyone's mail: try later, until the
    operator has repaired it.
    """
    values = anymail_errors.classify_provider_error(error)
    if values is not None:
        return values
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=answers):
            code, words = next(iter(answers.values()))
            return (
                PermanentFailure(_readable(code, words), bad_address=True)
                if code >= 500
                else TransientFailure(_readable(code, words))
            )
        case smtplib.SMTPDataError(smtp_code=code, smtp_error=words) if code >= 500:
            return PermanentFailure(_readable(code, words), bad_address=False)
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=words):
            return TransientFailure(_readable(code, words))
        case OSError():
            return TransientFailure(str(error) or type(error).__name__)
    return None


def _readable(code: int, words: bytes | str) -> str:
    return f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
