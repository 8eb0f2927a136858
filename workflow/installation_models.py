"""Kind of this installation (practice or real), and the state of its periodic job."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Instance(models.Model):
    """Kind of this installation: practice or real, fixed when it is created.

    The table has one row.
    """

    class Kind(models.TextChoices):
        PRACTICE = "practice", _("Practice")
        REAL = "real", _("Live")

    kind = models.CharField(max_length=10, choices=Kind)
    offset = models.DurationField(
        default=timedelta, help_text="Practice time minus real time; zero on a real instance."
    )
    created_at = models.DateTimeField(db_default=Now())
    ticked_at = models.DateTimeField(
        null=True, help_text="When the periodic job last ended, in the database's time."
    )

    backed_up_at = models.DateTimeField(
        null=True, help_text="When `manage.py backup` last wrote a backup, in the database's time."
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
