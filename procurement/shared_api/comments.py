"""API collection comments, on any object."""

import builtins
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import get_language
from rest_framework import serializers

from partners.cities.models import City
from procurement.shared_api.object_urls import (
    CITY_HELP_TEXT,
    ObjectFilterSet,
    ObjectPathField,
    add_object_paths,
    object_path_field,
)
from workflow.actors import Actor
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import VisibleReferenceField, language_field
from workflow.api.filters import search_filter
from workflow.api.viewsets import CollectionViewSet, MoveOperation
from workflow.comments_and_files import actions
from workflow.comments_and_files.models import Comment


class CommentRowSerializer(RowSerializer):
    """Comment on an object, in the author's own words and language."""

    about = object_path_field()
    by = NamedReferenceField("name")

    class Meta:
        model = Comment
        fields = ("id", "about", "by", "text", "language", "at")


def add_comment(
    *, thing: Model, text: str, by: Actor, at: datetime, language: str = "", city: City | None = None
) -> Comment:
    """Comment on an object. Refuses a caller who may not comment on it."""
    return actions.add_comment(
        thing,
        text,
        by=by,
        at=at,
        language=language or get_language() or "en",
        city_id=city.pk if city else None,
    )


class CommentFilter(ObjectFilterSet):
    """Filters for comments."""

    search = search_filter("Words in the text, as they are written.")


class CommentViewSet(CollectionViewSet):
    """Comments in your cities, and your own comments."""

    model = Comment
    path = "comments"
    lookup_field = "id"
    list_serializer = CommentRowSerializer
    filterset_class = CommentFilter
    ordering_fields = {"at": "at"}
    create_action = MoveOperation(
        action=add_comment,
        thing=ObjectPathField(help_text="Its address: supply-requests/SR-2026-0042."),
        text=serializers.CharField(max_length=actions.MAX_COMMENT_LENGTH),
        language=language_field("Of the words."),
        city=VisibleReferenceField(City, "slug", required=False, help_text=CITY_HELP_TEXT),
    )

    def complete_rows(self, values: builtins.list[dict[str, Any]]) -> None:
        """Add the address of each object."""
        add_object_paths(values)
