"""Keys of repeated requests with the answers they got."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class IdempotencyKey(models.Model):
    """Stored answer to a POST, by its key or form nonce; the same request gets the same answer again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    answer_status = models.PositiveSmallIntegerField(null=True)
    answer_headers = models.JSONField(default=dict)
    answer_body = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.key
