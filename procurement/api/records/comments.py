"""comments: what was said about a thing."""

import builtins
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import get_language
from rest_framework import serializers

from partners.models.cities import City
from procurement.api.records import addresses
from procurement.api.records.addresses import FOR, About, AboutFilter, name_things
from workflow import actions
from workflow.actors import Actor
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import Ref, tongue
from workflow.doors.api.filters import search_in
from workflow.doors.api.reading import Named, Row
from workflow.models.evidence import Comment


class CommentRow(Row):
    """What somebody wrote about a thing, in their own words and language."""

    about = addresses.about()
    by = Named("name")

    class Meta:
        model = Comment
        fields = ("id", "about", "by", "text", "language", "at")


def say(
    *, thing: Model, text: str, by: Actor, at: datetime, language: str = "", city: City | None = None
) -> Comment:
    """Say something about a thing, in one's own words. Refuses who may not comment on it."""
    tongue = language or get_language() or "en"
    return actions.comment(thing, text, by=by, at=at, language=tongue, city_id=city.pk if city else None)


class CommentFilter(AboutFilter):
    """Which comments."""

    search = search_in("Words in the text, as they are written.")


class Comments(Collection):
    """What was said in one's own cities, and one's own words."""

    model = Comment
    path = "comments"
    key = "id"
    row = CommentRow
    filterset_class = CommentFilter
    orders = {"at": "at"}
    begin = Verb(
        say,
        thing=About(help_text="Its address: supply-requests/SR-2026-0042."),
        text=serializers.CharField(max_length=actions.LONGEST),
        language=tongue("Of the words."),
        city=Ref(City, "slug", required=False, help_text=FOR),
    )

    def finish(self, told: builtins.list[dict[str, Any]]) -> None:
        """With the address of each thing."""
        name_things(told)
