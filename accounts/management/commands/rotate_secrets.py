"""`manage.py rotate_secrets`: re-encrypt the secrets in the database under a new SECRET_KEY.

It prints when the old key may be removed.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.authenticator_secrets import rotate_secrets
from accounts.hooks import secret_rotations
from workflow.clock import real_now

MAX_SIGNED_VALUE_LIFETIME = max(
    timedelta(seconds=settings.SESSION_COOKIE_AGE), timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
)


class Command(BaseCommand):
    """Command to run when every process has the new SECRET_KEY, and the old one in SECRET_KEY_FALLBACKS."""

    help = (
        "Encrypt the secrets of authenticator apps, recovery codes and webhooks with SECRET_KEY; report when to remove "
        "older keys."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Re-encrypt the secrets and print how many remain. Raises CommandError if some cannot be read."""
        result = rotate_secrets()
        for rotate in secret_rotations.get().values():
            result += rotate()
        self.stdout.write(
            f"Re-encrypted with the new SECRET_KEY: {result.reencrypted}. Already using it: {result.already_current}. "
            f"Encrypted with other keys: {result.unreadable}."
        )
        if result.unreadable:
            raise CommandError(
                f"{result.unreadable} cannot be read with SECRET_KEY or SECRET_KEY_FALLBACKS. Add the key "
                f"they were "
                "encrypted with to SECRET_KEY_FALLBACKS, and run this again. Do not remove any key before then."
            )
        removable_at = real_now() + MAX_SIGNED_VALUE_LIFETIME
        self.stdout.write(
            f"No secret needs SECRET_KEY_FALLBACKS now. Remove them after {removable_at:%Y-%m-%d %H:%M} UTC, "
            f"when the "
            "sessions and password resets that they signed have expired."
        )
