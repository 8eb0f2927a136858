"""notices: what the caller was told, as it stands under the bell; marked as read and as unread."""

import builtins
from typing import Any

from django.db.models import Q, QuerySet
from django_filters import BooleanFilter, ChoiceFilter, NumberFilter
from rest_framework import serializers

from procurement.api.records import addresses
from procurement.api.records.addresses import BY_LABEL, AboutFilter
from procurement.notices.kinds import Kind
from procurement.notices.telling import Told, tell_all
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.filters import search_in
from workflow.doors.api.reading import TEXT_OR_NONE, Made, Row
from workflow.models.bell import InAppNotice
from workflow.outbox import bell


class NoticeRow(Row):
    """One thing that happened, in the caller's language. Of a thing they may no longer see `about` is null and nothing is said."""

    about = addresses.about()
    kind = serializers.ChoiceField(choices=Kind.choices)
    subject = Made("id", by=lambda pk: pk, kind=TEXT_OR_NONE)
    says = Made("id", by=lambda pk: pk, kind=TEXT_OR_NONE)
    settled = Made("id", by=lambda pk: pk, kind=TEXT_OR_NONE)

    class Meta:
        model = InAppNotice
        fields = ("id", "at", "kind", "about", "subject", "says", "settled", "read_at")


class NoticeFilter(AboutFilter):
    """Which notices."""

    search = search_in("The whole reference of the thing it is about: PO-2020-0042.")
    kind = ChoiceFilter(choices=Kind.choices)
    unread = BooleanFilter(
        method="still_unread",
        help_text="Those that are unread and wait for something, or those that were read or settled themselves.",
    )
    after = NumberFilter(
        "pk",
        "gt",
        help_text="The id of the last notice you know: with ordering=id, all that has come since.",
    )

    def still_unread(
        self, rows: QuerySet[Any], name: str, wanted: bool
    ) -> QuerySet[Any]:  # django-filter's way
        """As the figure at the bell counts them."""
        waiting = Q(read_at=None, settled_by=None)
        return rows.filter(waiting if wanted else ~waiting)


class Notices(Collection):
    """One's own notices. Marking one changes nothing but this list and the figure at the bell."""

    model = InAppNotice
    path = "notices"
    key = "id"
    row = NoticeRow
    filterset_class = NoticeFilter
    verbs = {"read": Verb(bell.read), "unread": Verb(bell.unread)}

    def finish(self, told: builtins.list[dict[str, Any]]) -> None:
        """With the words, and the address of each thing that the caller sees."""
        rows = InAppNotice.objects.filter(pk__in=[row["id"] for row in told]).select_related(
            "entry", "settled_by"
        )
        words = {one.notice.pk: one for one in tell_all(rows, self.by)}
        for row in told:
            one = words[row["id"]]
            row["subject"], row["says"] = str(one.subject), str(one.says)
            row["settled"] = str(one.settled) or None
            row["about"] = _address(one)


def _address(told: Told) -> str | None:
    collection = BY_LABEL.get(told.notice.thing_label)
    if collection is None or told.seen is None:
        return None
    return f"{collection.path}/{getattr(told.seen, collection.key)}"
