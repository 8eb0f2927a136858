"""corrections: what somebody proposes to set right in the register, and what became of it."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers

from accounts.models import User
from partners.actions.corrections import (
    accept_correction,
    decline_correction,
    propose_correction,
    reopen_correction,
    withdraw_correction,
)
from partners.models.cities import City
from partners.models.corrections import Correction
from partners.models.ties import Exchange, Twinning
from partners.places import web_address
from workflow.actors import Actor
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import Numbered, Ref, reason, words
from workflow.doors.api.filters import Searched, search_in
from workflow.doors.api.reading import Named, Row
from workflow.doors.api.strict import Strict
from workflow.doors.bounds import LONGEST_WORDS
from workflow.queries import by_moment

ABOUT = ("place", "twinning", "exchange")


class CorrectionRow(Row):
    """A proposal about one fact of a place, an agreement or an exchange. Values are as a file of the register writes them."""

    place = Named("slug", allow_null=True)
    twinning = serializers.IntegerField(source="twinning_id", allow_null=True)
    exchange = serializers.IntegerField(source="exchange_id", allow_null=True)
    author = Named("name")

    class Meta:
        model = Correction
        fields = (
            *("reference", "status", *ABOUT, "fact", "said", "value", "source_url", "why", "author"),
            *("decided_at", "answer", "created_at"),
        )


class NewCorrection(Strict):
    """A proposal: of a place, an agreement or an exchange, which fact, the value it should have, the source, and why."""

    place = Ref(City, "slug", required=False)
    twinning = Numbered(Twinning, required=False)
    exchange = Numbered(Exchange, required=False)
    fact = serializers.CharField(max_length=20)
    value = serializers.CharField(max_length=LONGEST_WORDS, allow_blank=True)
    source_url = serializers.CharField(max_length=600, validators=[web_address])
    why = serializers.CharField(max_length=LONGEST_WORDS)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One thing, no more and no less."""
        if sum(name in attrs for name in ABOUT) != 1:
            raise serializers.ValidationError(
                {"place": [_("Name one place, one agreement or one exchange.")]}
            )
        return attrs


def propose(
    *,
    place: City | None = None,
    twinning: Twinning | None = None,
    exchange: Exchange | None = None,
    fact: str,
    value: str,
    source_url: str,
    why: str,
    author: User,
    by: Actor,
    at: datetime,
) -> Correction:
    """Propose to set one fact of a place, an agreement or an exchange right: its value, where that can be read, and why."""
    thing = next(one for one in (place, twinning, exchange) if one is not None)
    facts = {"fact": fact, "value": value, "source_url": source_url, "why": why}
    return propose_correction(thing, **facts, author=author, by=by, at=at)


class CorrectionFilter(Searched):
    """Which proposals."""

    search = search_in("The reference of a proposal.")
    status = ChoiceFilter(choices=Correction.Status.choices)
    city = CharFilter(method="on_either_side", help_text="The place it is of, or a place on either side.")

    def on_either_side(self, rows: QuerySet[Any], name: str, slug: str) -> QuerySet[Any]:
        """Those of a place, its agreements and its exchanges."""
        return rows.filter(Q(side_a__slug=slug) | Q(side_b__slug=slug))


class Corrections(Collection):
    """What was proposed to set right in the register. Whoever keeps that part of it decides."""

    model = Correction
    path = "corrections"
    row = CorrectionRow
    filterset_class = CorrectionFilter
    orders = {"decided_at": by_moment("decided_at")}
    begin = Verb(propose, body=NewCorrection, me="author")
    verbs = {
        "accept": Verb(accept_correction, me="decided_by", answer=words()),
        "decline": Verb(decline_correction, me="decided_by", reason=reason()),
        "reopen": Verb(reopen_correction, reason=reason()),
        "withdraw": Verb(withdraw_correction, reason=words()),
    }
