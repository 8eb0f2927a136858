"""Comments on any object."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from workflow.base_models import ObjectReferenceQuerySet, assigned_to_reader
from workflow.search import GramsField, contains_each_word

if TYPE_CHECKING:
    from workflow.actors import Reader


class CommentQuerySet(ObjectReferenceQuerySet["Comment"]):
    def visible_to(self, permissions: "Reader") -> Self:
        """Return the comments of the reader's cities, those on objects assigned to the reader, and their own."""
        return self.filter(
            Q(city_id__in=permissions.visible_cities)
            | assigned_to_reader(permissions)
            | Q(by=permissions.user_id)
        )

    def search(self, text: str) -> Self:
        """Return the comments that contain every word of the text."""
        return self.filter(contains_each_word(text, "text"))


class Comment(models.Model):
    """Comment on an object, in its author's own words and language."""

    thing_label = models.CharField(max_length=60)
    thing_id = models.BigIntegerField()
    city_id = models.BigIntegerField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField()
    language = models.CharField(max_length=10)
    at = models.DateTimeField()
    search = GramsField(of=("text",))

    objects = CommentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("thing_label", "thing_id", "id", name="comment_of_thing"),
            models.Index("at", "id", name="comment_in_order"),
            GinIndex(fields=["search"], name="comment_search"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
