"""Handing a mail to the mail server, and saying exactly how far it got. Writes nothing; delivery decides what follows.

Four answers: it was taken; try later; never (and whether the address is at fault); perhaps taken, nobody knows (answers.py).
"""

import smtplib
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

from django.core.mail import EmailMessage, mailers
from django.core.mail.backends.smtp import EmailBackend

from workflow.outbox import provider
from workflow.outbox.answers import Never, PerhapsTaken, ServerAway, TryLater


class _Conversation(smtplib.SMTP):
    """An SMTP conversation that says when it is about to hand over the content."""

    @staticmethod
    def handing_over() -> None:
        """Nothing, for a mail that the ledger does not know: allauth sends the one with a new password itself."""

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand over the content. A connection lost from here on leaves it open whether the server took it."""
        self.handing_over()
        try:
            return super().data(msg)
        except smtplib.SMTPResponseException:  # the server did answer
            raise
        except OSError as error:  # a closed or silent connection; SMTPServerDisconnected is one
            raise PerhapsTaken(str(error)) from error


class _TlsConversation(_Conversation, smtplib.SMTP_SSL):
    """The same, over TLS from the first byte."""


class Smtp(EmailBackend):
    """Django's SMTP backend with our conversation: the one to name in MAILERS."""

    @property
    def connection_class(self) -> type[_Conversation]:
        """What `open()` makes."""
        return _TlsConversation if self.use_ssl else _Conversation

    def expect(self, handing_over: Callable[[], None]) -> None:
        """What to call before the next content goes."""
        conversation: Any = self.connection
        conversation.handing_over = handing_over

    def drop(self) -> None:
        """Close without a farewell, which a hung server would not answer."""
        for name in ("connection", "_partial_connection"):
            conversation = getattr(self, name)
            if conversation is not None:
                conversation.close()
            setattr(self, name, None)


class Post:
    """The way out for one batch of mails: one connection, opened with the first mail and kept while it works.

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
        """Hand over one mail; `handing_over` is called right before its content goes, and may stop it by an exception.

        Raises TryLater (ServerAway), Never or PerhapsTaken. Returning means that the server took it.
        """
        self._open()
        if isinstance(self._mailer, Smtp):
            self._mailer.expect(handing_over)
        else:
            handing_over()
        try:
            self._mailer.send_messages([mail])
        except Exception as error:
            self._drop()
            meaning = _meaning(error)
            if meaning is None:
                raise
            raise meaning from error

    def _open(self) -> None:
        try:
            self._mailer.open()
        except OSError as error:  # smtplib's own errors are OSErrors; none of them is about this mail
            self._drop()
            raise ServerAway(str(error)) from error

    def _drop(self) -> None:
        if isinstance(self._mailer, Smtp):
            self._mailer.drop()


def _meaning(error: Exception) -> TryLater | Never | PerhapsTaken | None:
    """What a failed conversation means, or None if it was no failure of the conversation.

    A sender the server refuses is our own fault and must kill nobody's mail: try later, and somebody will repair it.
    """
    told = provider.meaning(error)
    if told is not None:
        return told
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=answers):
            code, words = next(iter(answers.values()))
            return (
                Never(_readable(code, words), bad_address=True)
                if code >= 500
                else TryLater(_readable(code, words))
            )
        case smtplib.SMTPDataError(smtp_code=code, smtp_error=words) if code >= 500:
            return Never(_readable(code, words), bad_address=False)
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=words):
            return TryLater(_readable(code, words))
        case OSError():
            return TryLater(str(error) or type(error).__name__)
    return None


def _readable(code: int, words: bytes | str) -> str:
    return f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
