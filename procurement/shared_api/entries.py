"""API collection entries: the journal of each object.

`?ordering=feed` returns the entries as a feed: in the order in which they were sealed, that is, added to the
journal's hash chain. A client that asks for the entries after the last one it knows misses none.
"""

import builtins
from typing import Any

from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, NumberFilter
from rest_framework import serializers

from partners.cities.models import City
from procurement.shared_api.object_urls import ObjectFilterSet, add_object_paths, object_path_field
from workflow.api.fast_serializers import NULLABLE_TEXT_SCHEMA, OBJECT_SCHEMA, ComputedField, RowSerializer
from workflow.api.filters import search_filter
from workflow.api.viewsets import CollectionViewSet
from workflow.errors import Refused
from workflow.journal.models import Entry, FeedPosition

FEED_ORDER = "feed"  # the order of sealing: no entry is added before one that was already returned
_FEED_POSITION = FeedPosition.objects.filter(entry=OuterRef("pk")).values("pk")[:1]


class EntryRowSerializer(RowSerializer):
    """Journal entry: actor, action, time, reason, and the values before and after. Never changed."""

    about = object_path_field()
    kind = serializers.CharField(source="thing_label", help_text="What kind of thing it happened to.")
    by = ComputedField("by_label", "by_id", "city_id", by=lambda *values: values, kind=NULLABLE_TEXT_SCHEMA)
    json_schemas = {"before": OBJECT_SCHEMA, "after": OBJECT_SCHEMA, "facts": OBJECT_SCHEMA}

    class Meta:
        model = Entry
        fields = (
            *("id", "at", "recorded_at", "kind", "about", "reference", "verb", "by", "via", "reason"),
            *("before", "after"),
            "facts",
        )


class EntryFilter(ObjectFilterSet):
    """Filters for journal entries."""

    row_dependent_filters = ObjectFilterSet.row_dependent_filters | {
        "after"
    }  # the place of the entry in the feed

    search = search_filter(
        "The whole reference of the thing it happened to (PO-2020-0042); else how the verb begins: approve."
    )
    city = CharFilter(method="filter_by_city", help_text="The city whose business it was.")
    verb = CharFilter(help_text="What was done, exactly: approve.")
    kind = CharFilter("thing_label", help_text="What kind of thing it happened to: procurement.order.")
    after = NumberFilter(
        method="filter_after_entry",
        help_text="The id of the last entry you know: with ordering=feed, each that came in since, once; with 0 from the first. "
        "An entry is in the feed as soon as it is sealed, within seconds.",
    )

    def filter_after_entry(self, rows: QuerySet[Any], name: str, last: Any) -> QuerySet[Any]:
        """Return the entries that follow the entry with this id in the feed; for 0, all entries.

        Refuses any other order, because an entry that is written late may have a lower id. Refuses an id
        that is not in the feed.
        """
        if self.request.query_params.get("ordering") != FEED_ORDER:
            words = _(
                "Use this parameter with ordering=feed. Sorting by id would miss an entry written late."
            )
            raise Refused("not_in_order", words, parameter="ordering")
        if not last:  # from the start of the feed
            return rows
        place = FeedPosition.objects.filter(entry=int(last)).values_list("pk", flat=True).first()
        if place is None:
            words = _("The feed has no entry %(id)s. Enter the id of the last entry you received, or 0.")
            raise Refused("not_in_feed", words % {"id": int(last)}, parameter="after")
        return rows.filter(place__pk__gt=place)

    def filter_by_city(self, rows: QuerySet[Any], name: str, slug: str) -> QuerySet[Any]:
        """Return the entries that belong to a city."""
        return rows.filter(city_id__in=City.objects.filter(slug=slug).values("pk"))


class EntryViewSet(CollectionViewSet):
    """Journal of your cities and of the shared register, with your own actions."""

    model = Entry
    path = "entries"
    lookup_field = "id"
    list_serializer = EntryRowSerializer
    filterset_class = EntryFilter
    ordering_fields = {FEED_ORDER: Coalesce(Subquery(_FEED_POSITION), 0, output_field=BigIntegerField())}

    def get_queryset(self) -> QuerySet[Any]:
        """Return the visible entries; in the feed, only the sealed ones."""
        rows = super().get_queryset()
        if self.request.query_params.get("ordering", "").removeprefix("-") == FEED_ORDER:
            return rows.filter(place__isnull=False)
        return rows

    def complete_rows(self, values: builtins.list[dict[str, Any]]) -> None:
        """Add the address of each object. People of other cities are not named."""
        add_object_paths(values)
        sees, me = self.by.visible_cities, self.by.user_id
        for row in values:
            label, by_id, city_id = row["by"]
            row["by"] = label if by_id in (me, None) or city_id in sees else None
