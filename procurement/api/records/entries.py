"""entries: what happened to a thing."""

import builtins
from typing import Any

from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, NumberFilter
from rest_framework import serializers

from partners.models.cities import City
from procurement.api.records import addresses
from procurement.api.records.addresses import AboutFilter, name_things
from workflow.doors.api.collections import Collection
from workflow.doors.api.filters import search_in
from workflow.doors.api.reading import OBJECT, TEXT_OR_NONE, Made, Row
from workflow.errors import Refused
from workflow.models.journal import Entry, Place

FEED = "feed"  # the order in which entries are sealed: none is put before one that was handed out
_PLACE = Place.objects.filter(entry=OuterRef("pk")).values("pk")[:1]


class EntryRow(Row):
    """Something that happened: who, what, when, why, and what was before and after. Nothing here is ever changed."""

    about = addresses.about()
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
        method="since",
        help_text="The id of the last entry you know: with ordering=feed, each that came in since, once; with 0 from the first. "
        "An entry is in the feed as soon as it is sealed, within seconds.",
    )

    def since(self, rows: QuerySet[Any], name: str, last: Any) -> QuerySet[Any]:
        """The entries behind one in the feed, all of them behind 0.

        Refuses another order, because an entry that is written late may have a lower id, and an id that the feed does not hold.
        """
        if self.request.query_params.get("ordering") != FEED:
            words = _("Ask for ordering=feed with it: by id, an entry that is written late would be missed.")
            raise Refused("not_in_order", words, parameter="ordering")
        if not last:  # from the beginning
            return rows
        place = Place.objects.filter(entry=int(last)).values_list("pk", flat=True).first()
        if place is None:
            words = _("The feed holds no entry %(id)s. Give the id of the last entry it gave you, or 0.")
            raise Refused("not_in_feed", words % {"id": int(last)}, parameter="after")
        return rows.filter(place__pk__gt=place)

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
    orders = {FEED: Coalesce(Subquery(_PLACE), 0, output_field=BigIntegerField())}

    def get_queryset(self) -> QuerySet[Any]:
        """In the feed only what is sealed."""
        rows = super().get_queryset()
        if self.request.query_params.get("ordering", "").removeprefix("-") == FEED:
            return rows.filter(place__isnull=False)
        return rows

    def finish(self, told: builtins.list[dict[str, Any]]) -> None:
        """With the address of each thing; people of other cities are not named."""
        name_things(told)
        sees, me = self.by.sees, self.by.user_id
        for row in told:
            label, by_id, city_id = row["by"]
            row["by"] = label if by_id in (me, None) or city_id in sees else None
