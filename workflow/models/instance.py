"""What this installation is, and how its tick and its repeated requests are doing."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Instance(models.Model):
    """What this installation is: practice or real, fixed when it is created. One row."""

    class Kind(models.TextChoices):
        PRACTICE = "practice", _("Practice")
        REAL = "real", _("Real")

    kind = models.CharField(max_length=10, choices=Kind)
    offset = models.DurationField(
        default=timedelta, help_text="Practice time minus real time; zero on a real instance."
    )
    created_at = models.DateTimeField(db_default=Now())
    ticked_at = models.DateTimeField(
        null=True, help_text="When the tick last ended, by the database's clock."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(models.Value(1), name="instance_is_one"),
            models.CheckConstraint(
                condition=Q(kind="practice") | Q(offset=timedelta(0)), name="instance_real_has_no_offset"
            ),
        ]

    def __str__(self) -> str:
        return str(self.Kind(self.kind).label)


class IdempotencyKey(models.Model):
    """A stored answer to a POST, or a form's nonce: the same request again gets the same answer."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    answer_status = models.PositiveSmallIntegerField(null=True)
    answer_headers = models.JSONField(default=dict)
    answer_body = models.TextField(blank=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.key
