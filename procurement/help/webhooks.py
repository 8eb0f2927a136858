"""Facts of the help page on webhooks: an example event, code that verifies one, and the types of events."""

import json

from procurement.webhooks.events import EVENT_OBJECTS
from procurement.webhooks.models import EventKind
from workflow.errors import LazyText
from workflow.moves import Moves

EXAMPLE_EVENT = json.dumps(
    {
        "type": "order.approve",
        "timestamp": "2020-04-16T16:00:00Z",
        "data": {
            "id": 12,
            "reference": "PO-2020-0012",
            "status": "approved",
            "city": "burnaby",
            "entry": 4711,
            "url": "https://twinlane.city.example/api/v1/orders/PO-2020-0012/",
        },
    },
    indent=2,
)

# Runs as it is: tests/procurement/webhooks runs it against signed events.
VERIFICATION_CODE = '''\
import base64, hashlib, hmac, time

def is_genuine(secret, headers, body):
    """Return True if an event comes from Twinlane.

    `headers` has lower-case names; `body` is the body as bytes, unchanged.
    """
    key = base64.b64decode(secret.removeprefix("whsec_"))
    sent_at = headers["webhook-timestamp"]
    signed = f"{headers['webhook-id']}.{sent_at}.".encode() + body
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    expected = "v1," + base64.b64encode(digest).decode()
    signatures = headers["webhook-signature"].split()
    is_recent = abs(time.time() - int(sent_at)) < 300
    return is_recent and any(hmac.compare_digest(expected, one) for one in signatures)
'''


def event_types() -> list[tuple[LazyText, list[tuple[str, LazyText]]]]:
    """Return the types of events with their words in the history, by the label of their kind."""
    return [
        (
            kind.label,
            [(f"{kind}.{move.verb}", move.past_tense) for move in Moves.registry[EVENT_OBJECTS[kind].label]],
        )
        for kind in EventKind
    ]
