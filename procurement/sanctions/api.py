"""API collections watchlists, watchlist-entries and watchlist-matches.

The lists are about sanctions and forced labour.
"""

from django_filters import CharFilter, ChoiceFilter

from procurement.sanctions.models import Watchlist, WatchlistEntry, WatchlistMatch
from procurement.sanctions.rules.matches import (
    CONFIRM_MATCH,
    DISMISS,
    PROPOSE_DISMISSAL,
    REJECT_DISMISSAL,
    REOPEN,
)
from procurement.sanctions.rules.watchlist_moves import (
    DISCARD,
    PROPOSE_WITHDRAWAL,
    REJECT_WITHDRAWAL,
    RETRY,
    WITHDRAW,
)
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import reason_field
from workflow.api.filters import SearchFilterSet
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations

REASON_FIELD = reason_field("What was compared, and where it was looked up.")


class WatchlistRowSerializer(RowSerializer):
    """Version of a watchlist, with its source and the hash of its file."""

    replaces = NamedReferenceField(allow_null=True)

    class Meta:
        model = Watchlist
        fields = (
            *("reference", "status", "name", "kind", "publisher", "source", "published_on"),
            *("file_name", "sha256", "shape", "unread", "names", "replaces", "created_at"),
        )


class WatchlistFilter(SearchFilterSet):
    """Filters for watchlists."""

    status = ChoiceFilter(choices=Watchlist.Status.choices)
    kind = ChoiceFilter(choices=Watchlist.Kind.choices)
    sha256 = CharFilter(help_text="Of the file as it came.")


class WatchlistViewSet(CollectionViewSet):
    """Watchlists of sanctions and forced labour.

    They are uploaded on the page, and withdrawn with the agreement of a second person.
    """

    model = Watchlist
    path = "watchlists"
    list_serializer = WatchlistRowSerializer
    filterset_class = WatchlistFilter
    ordering_fields = {"published_on": "published_on"}
    move_actions = move_operations(RETRY, DISCARD, PROPOSE_WITHDRAWAL, REJECT_WITHDRAWAL, WITHDRAW)


class WatchlistEntryRowSerializer(RowSerializer):
    """Person or company on a watchlist, as its file gives them."""

    watchlist = NamedReferenceField()

    class Meta:
        model = WatchlistEntry
        fields = ("id", "watchlist", "row", "name", "aliases", "country", "numbers", "remark")


class WatchlistEntryFilter(SearchFilterSet):
    """Filters for names."""

    watchlist = CharFilter("watchlist__reference", help_text="The watchlist with the entry.")


class WatchlistEntryViewSet(CollectionViewSet):
    """Names on every version of every watchlist."""

    model = WatchlistEntry
    path = "watchlist-entries"
    lookup_field = "id"
    list_serializer = WatchlistEntryRowSerializer
    filterset_class = WatchlistEntryFilter
    ordering_fields = {"name": "name"}


class WatchlistMatchRowSerializer(RowSerializer):
    """Company that may be on a watchlist, and the decision about it."""

    supplier = NamedReferenceField()
    entry = NamedReferenceField("id")
    proposed_by = NamedReferenceField("name", allow_null=True)
    reviewed_by = NamedReferenceField("name", allow_null=True)

    class Meta:
        model = WatchlistMatch
        fields = (
            *("reference", "status", "supplier", "name_source", "name", "entry", "listed_as", "score"),
            *("proposed_by", "proposal", "reviewed_by", "reviewed_at", "review_note", "created_at"),
        )


class WatchlistMatchFilter(SearchFilterSet):
    """Filters for watchlist matches."""

    status = ChoiceFilter(choices=WatchlistMatch.Status.choices)
    supplier = CharFilter("supplier__reference")


class WatchlistMatchViewSet(CollectionViewSet):
    """Possible watchlist matches.

    A match blocks every offer and order of the company until two persons have cleared it in writing.
    """

    model = WatchlistMatch
    path = "watchlist-matches"
    list_serializer = WatchlistMatchRowSerializer
    filterset_class = WatchlistMatchFilter
    ordering_fields = {"score": "score"}
    move_actions = move_operations(
        MoveOperation(PROPOSE_DISMISSAL, reason=REASON_FIELD),
        MoveOperation(DISMISS, reason=REASON_FIELD),
        MoveOperation(REJECT_DISMISSAL, reason=REASON_FIELD),
        MoveOperation(CONFIRM_MATCH, reason=REASON_FIELD),
        MoveOperation(REOPEN, reason=REASON_FIELD),
    )
