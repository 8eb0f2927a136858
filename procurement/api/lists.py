"""watch-lists, listed-names, list-matches: lists of sanctions and forced labour, and companies that may be on them."""

from django_filters import CharFilter, ChoiceFilter

from procurement.lists.actions import lists, matches
from procurement.lists.actions.lists import propose_withdrawal, try_again
from procurement.lists.actions.matches import propose_clearing, turn_down
from procurement.lists.models.match import ListMatch
from procurement.lists.models.watch_list import ListedName, WatchList
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import reason
from workflow.doors.api.filters import Searched
from workflow.doors.api.reading import Named, Row

WRITTEN = reason("What was compared, and where it was looked up.")


class WatchListRow(Row):
    """One version of a list, with where it comes from and the hash of its file."""

    replaces = Named(allow_null=True)

    class Meta:
        model = WatchList
        fields = (
            *("reference", "status", "name", "kind", "publisher", "source", "published_on"),
            *("file_name", "sha256", "shape", "unread", "names", "replaces", "created_at"),
        )


class WatchListFilter(Searched):
    """Which lists."""

    status = ChoiceFilter(choices=WatchList.Status.choices)
    kind = ChoiceFilter(choices=WatchList.Kind.choices)
    sha256 = CharFilter(help_text="Of the file as it came.")


class WatchLists(Collection):
    """Lists of sanctions and of forced labour. They are uploaded on the page; a second person agrees to withdraw one."""

    model = WatchList
    path = "watch-lists"
    row = WatchListRow
    filterset_class = WatchListFilter
    orders = {"published_on": "published_on"}
    verbs = {
        "try-again": Verb(try_again),
        "drop": Verb(lists.drop, reason=reason()),
        "propose-withdrawal": Verb(propose_withdrawal, me="withdrawn_by", reason=reason()),
        "keep": Verb(lists.keep, reason=reason()),
        "withdraw": Verb(lists.withdraw, reason=reason()),
    }


class ListedNameRow(Row):
    """Somebody on a list, as its file writes them."""

    watch_list = Named()

    class Meta:
        model = ListedName
        fields = ("id", "watch_list", "row", "name", "aliases", "country", "numbers", "remark")


class ListedNameFilter(Searched):
    """Which names."""

    watch_list = CharFilter("watch_list__reference", help_text="The list they stand on.")


class ListedNames(Collection):
    """The names on every version of every list."""

    model = ListedName
    path = "listed-names"
    key = "id"
    row = ListedNameRow
    filterset_class = ListedNameFilter
    orders = {"name": "name"}


class ListMatchRow(Row):
    """A company that may be somebody on a list, and what was judged of it."""

    supplier = Named()
    listed = Named("id")
    proposed_by = Named("name", allow_null=True)
    judged_by = Named("name", allow_null=True)

    class Meta:
        model = ListMatch
        fields = (
            *("reference", "status", "supplier", "borne", "name", "listed", "listed_as", "score"),
            *("proposed_by", "proposal", "judged_by", "judged_at", "judgement", "created_at"),
        )


class ListMatchFilter(Searched):
    """Which matches."""

    status = ChoiceFilter(choices=ListMatch.Status.choices)
    supplier = CharFilter("supplier__reference")


class ListMatches(Collection):
    """Possible matches block every offer and order of the company until two persons cleared them in writing."""

    model = ListMatch
    path = "list-matches"
    row = ListMatchRow
    filterset_class = ListMatchFilter
    orders = {"score": "score"}
    verbs = {
        "propose-clearing": Verb(propose_clearing, me="proposed_by", reason=WRITTEN),
        "clear": Verb(matches.clear, me="judged_by", reason=WRITTEN),
        "turn-down": Verb(turn_down, me="judged_by", reason=WRITTEN),
        "confirm": Verb(matches.confirm, me="judged_by", reason=WRITTEN),
        "reopen": Verb(matches.reopen, reason=WRITTEN),
    }
