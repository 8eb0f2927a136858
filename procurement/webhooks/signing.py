"""Secrets of webhooks, and the headers that sign an event, by the Standard Webhooks specification."""

import base64
import secrets
import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from cryptography.fernet import InvalidToken
from standardwebhooks import Webhook

from procurement.webhooks.models import WebhookEndpoint
from workflow.secret_encryption import cipher

PURPOSE = "procurement.webhooks"  # of the key that encrypts the secrets
SECRET_PREFIX = "whsec_"  # noqa: S105 - a prefix that the specification prescribes, no secret
SECRET_BYTES = 32


def new_secret() -> str:
    """Return a new secret: `whsec_` and 32 random bytes in base64."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def encrypt_secret(secret: str) -> str:
    """Return a secret as it is stored."""
    return cipher(PURPOSE).encrypt(secret.encode()).decode()


def decrypt_secret(stored: str) -> str:
    """Return a stored secret. Raises InvalidToken if neither SECRET_KEY nor SECRET_KEY_FALLBACKS can read it."""
    return cipher(PURPOSE).decrypt(stored.encode()).decode()


def is_previous_valid(endpoint: WebhookEndpoint, real_at: datetime) -> bool:
    """Return True while events are also signed with the previous secret."""
    return endpoint.previous_secret_until is not None and real_at < endpoint.previous_secret_until


def signing_secrets(endpoint: WebhookEndpoint, real_at: datetime) -> list[str]:
    """Return the secrets that are valid now: the current one, and the previous one while both are.

    Raises InvalidToken if the current one cannot be read. A previous one that cannot be read is left out.
    """
    found = [decrypt_secret(endpoint.secret)]
    if is_previous_valid(endpoint, real_at):
        with suppress(InvalidToken):
            found.append(decrypt_secret(endpoint.previous_secret))
    return found


def webhook_id(message_id: uuid.UUID) -> str:
    """Return the `webhook-id` of an event. It is the same at each attempt, so that receivers can drop repetitions."""
    return f"msg_{message_id.hex}"


def signed_headers(
    message_id: str, body: str, valid_secrets: Iterable[str], real_at: datetime
) -> dict[str, str]:
    """Return the headers `webhook-id`, `webhook-timestamp` and `webhook-signature` of an event.

    The signature header holds one signature for each valid secret, separated by spaces.
    """
    signatures = [Webhook(secret).sign(message_id, real_at, body) for secret in valid_secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(real_at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
