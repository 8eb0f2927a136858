"""Encryption of mail by STARTTLS or TLS from the first byte, or none; an invalid certificate stops the mail."""

import ssl

import pytest
from django.core.mail import EmailMessage

from tests.smtp import self_signed
from workflow.outbox.errors import ServerUnavailable
from workflow.outbox.smtp import MailTransport

OPTIONS = {
    "starttls": {"use_tls": True, "use_ssl": False},
    "tls": {"use_tls": False, "use_ssl": True},
    "none": {"use_tls": False, "use_ssl": False},
}  # as config/settings.py makes them from SMTP_TLS (tests/config/test_settings.py)


@pytest.fixture
def send(sink, settings, tmp_path, monkeypatch):
    """Return a function that sends one mail; only the certificate of 127.0.0.1 and an ended one are trusted."""
    good, ended = self_signed(tmp_path, "127.0.0.1"), self_signed(tmp_path, "127.0.0.1", days=-1)
    other, unknown = self_signed(tmp_path, "mail.other.example"), self_signed(tmp_path, "127.0.0.1", days=3)
    trusted = tmp_path / "trusted.pem"
    trusted.write_bytes(b"".join(path.read_bytes() for path in (good, ended, other)))
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    files = {"good": good, "ended": ended, "of another host": other, "unknown": unknown}

    def send(way: str, offered: str, shown: str = "good") -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(files[shown])
        if offered != "none":
            setattr(sink, offered, context)
        settings.MAILERS["default"]["OPTIONS"] |= OPTIONS[way]
        with MailTransport() as transport:
            transport.send(EmailMessage("Kit", "Hello", "kit@city.ca", ["to@city.ca"]), lambda: None)

    return send


@pytest.mark.parametrize("way", OPTIONS)
def test_mail_is_sent_with_the_configured_encryption(send, sink, way):
    send(way, way)
    assert sink.encrypted == [way != "none"]
    assert len(sink.got) == 1


@pytest.mark.parametrize("shown", ["ended", "of another host", "unknown"])
@pytest.mark.parametrize("way", ["starttls", "tls"])
def test_mail_is_not_sent_to_a_server_with_an_invalid_certificate(send, sink, way, shown):
    with pytest.raises(ServerUnavailable, match="certificate"):
        send(way, way, shown)
    assert sink.encrypted == sink.got == []


@pytest.mark.parametrize("way", ["starttls", "tls"])
def test_mail_is_not_sent_to_a_server_without_required_encryption(send, sink, way):
    with pytest.raises(ServerUnavailable):
        send(way, "none")
    assert sink.encrypted == sink.got == []
