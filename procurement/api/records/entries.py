"""entries: what happened to a thing."""

import builtins
from typing import Any

from django.db.models import QuerySet
from django_filters import CharFilter, NumberFilter
from rest_framework import serializers

from partners.models import City
from procurement.api.records.addresses import AboutFilter, about, name_things
from workflow.doors.api.collections import Collection
from workflow.doors.api.filters import search_in
from workflow.doors.api.reading import OBJECT, TEXT_OR_NONE, Made, Row
from workflow.models import Entry


class EntryRow(Row):
    """Something that happened: who, what, when, why, and what was before and after. Nothing here is ever changed."""

    about = about()
    kind = serializers.CharField(source="thing_label", help_text="What kind of thing it happened to.")
    by = Made("by_label", "by_id", "city_id", by=lambda *told: told, kind=TEXT_OR_NONE)
    shapes = {"before": OBJECT, "after": OBJECT, "facts": OBJECT}

    class Meta:
        model = Entry
        fields = (
            *("id", "at", "recorded_at", "kind", "about", "reference", "verb", "by", "via", "reason"),
            *("before", "after"),
            "facts",
        )


class EntryFilter(AboutFilter):
    """Which entries."""

    search = search_in(
        "The whole reference of the thing it happened to (PO-2020-0042); else how the verb begins: approve."
    )
    city = CharFilter(method="of_city", help_text="The city whose business it was.")
    verb = CharFilter(help_text="What was done, exactly: approve.")
    kind = CharFilter("thing_label", help_text="What kind of thing it happened to: procurement.order.")
    after = NumberFilter(
        "pk",
        "gt",
        help_text="The id of the last entry you know: with ordering=id, all that has happened since.",
    )

    def of_city(self, rows: QuerySet[Any], name: str, slug: str) -> QuerySet[Any]:
        """The entries of a city's own business."""
        return rows.filter(city_id__in=City.objects.filter(slug=slug).values("pk"))


class Entries(Collection):
    """The journal: what happened in one's own cities and in the shared register, and what one did oneself."""

    model = Entry
    path = "entries"
    key = "id"
    row = EntryRow
    filterset_class = EntryFilter

    def finish(self, told: builtins.list[dict[str, Any]]) -> None:
        """With the address of each thing; people of other cities are not named."""
        name_things(told)
        sees, me = self.by.sees, self.by.user_id
        for row in told:
            label, by_id, city_id = row["by"]
            row["by"] = label if by_id in (me, None) or city_id in sees else None
