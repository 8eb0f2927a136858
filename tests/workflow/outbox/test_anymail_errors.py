"""Mail through a provider's API: it carries the message id, and each failure has one of four outcomes."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from json import loads
from socket import socket

import pytest
import requests

from tests.workflow.outbox.test_delivery import deliver, only_message
from workflow.outbox.anymail_errors import classify_provider_error
from workflow.outbox.errors import ServerUnavailable
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db
INACTIVE = (
    b'{"ErrorCode": 406, "Message": "You tried to send to a recipient that has been marked as inactive. '
    b'Found inactive addresses: {to}. Inactive recipients are ones that have generated a hard bounce."}'
)


class Provider(BaseHTTPRequestHandler):
    """A local server with the part of Postmark's sending API that the product uses."""

    status, answer, got = 200, b"", []

    def do_POST(self):
        self.got.append(loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *words):
        pass


@contextmanager
def provider(settings, status=200, answer=b""):
    kind = type("Provider", (Provider,), {"status": status, "answer": answer, "got": []})
    with HTTPServer(("127.0.0.1", 0), kind) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        send_by_provider(settings, server.server_port)
        yield kind
        server.shutdown()


def send_by_provider(settings, port):
    backend = "anymail.backends.postmark.EmailBackend"
    options = {"api_url": f"http://127.0.0.1:{port}/", "server_token": "token"}
    settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": options}}


def accepted_answer(to):
    return b'[{"ErrorCode": 0, "Message": "OK", "MessageID": "of-the-provider", "To": "%s"}]' % to.encode()


def test_provider_mail_carries_the_message_number_and_no_tracking(settings, plan, office):
    message = plan()
    with provider(settings, answer=accepted_answer(message.address)) as there:
        assert deliver(office).sent_count == 1
    (sent,) = there.got
    assert sent["Metadata"]["message"] == str(message.pk)
    assert sent["TrackOpens"] is False
    assert sent["TrackLinks"] == "None"
    assert only_message().state == Message.State.SENT


@pytest.mark.parametrize(
    ("status", "answer", "state", "doubts"),
    [
        (401, b"{}", Message.State.PLANNED, 0),  # a wrong key is a local error: tried later
        (429, b"{}", Message.State.PLANNED, 0),
        (503, b"{}", Message.State.PLANNED, 0),
        (500, b"{}", Message.State.PLANNED, 1),  # perhaps taken: tried once more
        (422, INACTIVE, Message.State.FAILED, 0),
    ],
)  # fmt: skip
def test_each_provider_response_leads_to_one_of_four_outcomes(
    settings, plan, office, status, answer, state, doubts
):
    to = plan().address
    with provider(settings, status, answer.replace(b"{to}", to.encode())):
        assert deliver(office).sent_count == 0
    message = only_message()
    assert message.state == state
    assert message.result
    if state == Message.State.PLANNED:
        assert message.doubts == doubts
    else:
        assert office.bounced == [message]
        assert message.bounced_at is not None


def test_unreachable_provider_ends_the_round_without_doubt(settings, plan, office):
    plan()
    plan()
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        send_by_provider(settings, free.getsockname()[1])
        assert deliver(office).sent_count == 0
    assert sorted(Message.objects.values_list("state", "doubts", "attempts")) == [
        ("planned", 0, 0),
        ("planned", 0, 1),
    ]


def test_provider_connect_timeout_counts_as_unavailable():
    assert isinstance(classify_provider_error(requests.ConnectTimeout("no answer")), ServerUnavailable)
