"""HTTP sessions of people behind the instance's proxy, each with an IP address, and the mails sent to them."""

import email.policy
import re
import time
from email.message import EmailMessage

import requests
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.faults.installed.installation import Installation, eventually
from tests.smtp import Sink

PASSWORD = "four-small-words-for-a-mask"
TIMEOUT = 120  # seconds for a page on a busy machine


def hidden_in(page: requests.Response) -> dict[str, str]:
    """Return the hidden fields in the main part of a page.

    Forms outside, such as the choice of language, are left out.
    """
    return dict(
        re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page.text.partition("<main")[2])
    )


class Person:
    """HTTP session of one person, which sends forms as a browser does."""

    def __init__(self, it: Installation, address: str, number: int) -> None:
        self.it, self.address = it, address
        self.session = requests.Session()
        self.session.trust_env = False  # a browser on this machine uses no proxy
        self.session.headers["X-Forwarded-For"] = f"198.51.100.{number}"  # as the proxy sets it
        self.secret, self.step, self.password = "", 0, PASSWORD

    def get(self, path: str) -> requests.Response:
        """Open a page by its path or URL."""
        self.it.did["requests"] += 1
        return self.session.get(path if path.startswith("http") else self.it.url + path, timeout=TIMEOUT)

    def send(self, page: requests.Response, **facts: str) -> requests.Response:
        """Send the form of an opened page with these values."""
        self.it.did["requests"] += 1
        return self.session.post(page.url, {**hidden_in(page), **facts}, timeout=TIMEOUT)

    def post(self, path: str, **facts: str) -> requests.Response:
        """Open a page and send its form with these values."""
        return self.send(self.get(path), **facts)

    def code(self) -> str:
        """Return an unused code of the authenticator app.

        The server accepts a clock that is one step fast, so two codes in a row need no wait.
        """
        self.step = max(int(time.time()) // 30, self.step + 1)
        while int(time.time()) // 30 + 1 < self.step:
            time.sleep(0.5)
        return format_hotp_value(hotp_value(self.secret, self.step))

    def accept_invitation(self, link: str) -> None:
        """Accept the invitation and set up an authenticator app."""
        answer = self.post(link, name="Ada Lam", language="en", password=self.password)
        assert answer.status_code == 200, answer.text
        page = self.get("/accounts/2fa/totp/activate/")
        (self.secret,) = re.findall(r'<dd class="figure anywhere">([A-Z2-7]+)</dd>', page.text)
        answer = self.send(page, code=self.code())
        assert answer.status_code == 200 and not answer.url.endswith("/activate/"), answer.text

    def sign_in(self) -> None:
        """Sign in with password and code."""
        self.session.cookies.clear()
        answer = self.post("/accounts/login/", login=self.address, password=self.password)
        assert answer.url.endswith("/accounts/2fa/authenticate/"), answer.url
        answer = self.send(answer, code=self.code())
        assert answer.status_code == 200 and "/accounts/" not in answer.url, answer.url


def mail_to(sink: Sink, address: str, number: int = 1) -> tuple[bytes, EmailMessage]:
    """Wait for the mail with this number to an address; return it as bytes and parsed."""

    def got() -> list[bytes]:
        found = [raw for raw in list(sink.raw) if f"\nTo: {address}\r\n".encode() in raw]
        return found if len(found) >= number else []

    found = eventually(got)
    assert found, f"No mail number {number} to {address}"
    return found[-1], email.message_from_bytes(found[-1], policy=email.policy.default)


def addresses_in(mail: EmailMessage) -> list[str]:
    """Return every URL in the text of a mail."""
    found = re.findall(r"https?://[^\s<>]+", mail.get_content())
    assert found, mail.get_content()
    return found
