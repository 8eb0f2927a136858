"""disputes: where sources disagree about a fact of the register, what each says, and how it was settled."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers

from partners.actions import disputes
from partners.actions.disputes import reopen_dispute
from partners.models.disputes import Claim, Dispute
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import Numbered, reason
from workflow.doors.api.filters import Searched, search_in
from workflow.doors.api.reading import Named, Row
from workflow.queries import by_moment


class DisputeRow(Row):
    """A fact about which sources disagree, as a list tells it."""

    place = Named("slug", allow_null=True)
    twinning = serializers.IntegerField(source="twinning_id", allow_null=True)
    exchange = serializers.IntegerField(source="exchange_id", allow_null=True)

    class Meta:
        model = Dispute
        fields = (
            *("id", "status", "place", "twinning", "exchange", "fact", "settled_for", "settled_at"),
            *("because", "created_at"),
        )


class ClaimRow(Row):
    """What one source says."""

    class Meta:
        model = Claim
        fields = ("id", "value", "source", "source_url", "said_on", "said_precision")


class DisputeDetail(DisputeRow):
    """A disagreement, whole: with what each source says."""

    claims = ClaimRow(many=True)

    class Meta:
        model = Dispute
        fields = (*DisputeRow.Meta.fields, "claims")


class DisputeFilter(Searched):
    """Which disagreements."""

    search = search_in("Words of a source's name or of what it says.")
    status = ChoiceFilter(choices=Dispute.Status.choices)
    city = CharFilter(method="on_either_side", help_text="The place it is of, or a place on either side.")

    def on_either_side(self, rows: QuerySet[Any], name: str, slug: str) -> QuerySet[Any]:
        """Those of a place, its agreements and its exchanges."""
        return rows.filter(Q(side_a__slug=slug) | Q(side_b__slug=slug))


class AClaim(Numbered):
    """What one source says, by its number here."""

    def get_queryset(self) -> QuerySet[Any]:
        """Every claim: the register is open."""
        return Claim.objects.all()


class Disputes(Collection):
    """Where sources disagree. Who keeps that part of the register settles it; all that was said stays."""

    model = Dispute
    path = "disputes"
    key = "id"
    row = DisputeRow
    whole = DisputeDetail
    filterset_class = DisputeFilter
    orders = {"settled_at": by_moment("settled_at")}
    verbs = {
        "settle": Verb(disputes.settle, me="settled_by", claim=AClaim(Claim), reason=reason()),
        "reopen": Verb(reopen_dispute, reason=reason()),
    }

    def for_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With its claims, the oldest first."""
        claims = Prefetch("claims", Claim.objects.order_by("said_on", "pk"))
        return super().for_detail(rows).prefetch_related(claims)
