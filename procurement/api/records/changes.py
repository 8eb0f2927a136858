"""company-changes: what a city proposes to change about a company that other cities deal with, and what these decided."""

import builtins
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers

from accounts.models import User
from partners.models.cities import City
from procurement.api.records import addresses
from procurement.api.records.addresses import BY_LABEL, About, AboutFilter, name_things
from procurement.suppliers.actions import changes
from procurement.suppliers.actions.changes import (
    accept_change,
    decline_change,
    propose_change,
    reopen_change,
    withdraw_change,
)
from procurement.suppliers.models.change import CompanyChange
from workflow.actors import Actor
from workflow.doors.api import fields
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import words
from workflow.doors.api.filters import search_in
from workflow.doors.api.moves import address
from workflow.doors.api.reading import OBJECTS, Named, Row
from workflow.doors.api.strict import Strict
from workflow.models.tracked import Tracked
from workflow.queries import by_moment

SLUGS = {"type": "array", "items": {"type": "string"}}


class CompanyChangeRow(Row):
    """A proposal: which move of which thing, what it would change, from whom and why; which cities decide and which agreed.

    The verb `count` changes nothing: what another city entered would count for the offers and orders of the city that is asked.
    """

    about = addresses.about()
    supplier = Named()
    author = Named("name")
    proposed_for = Named("slug")
    shapes = {"changes": OBJECTS, "asked": SLUGS, "agreed": SLUGS}

    class Meta:
        model = CompanyChange
        fields = (
            *("reference", "status", "supplier", "about", "verb", "changes", "why", "author", "proposed_for"),
            *("asked", "agreed", "decided_at", "answer", "created_at"),
        )


class NewCompanyChange(Strict):
    """A move to propose: of which thing, its verb, and the body it would be sent with, less the reason."""

    thing = About(help_text="Its address: suppliers/SU-2026-0042.")
    verb = serializers.CharField(max_length=30, help_text="As in the address of the move: correct.")
    values = serializers.DictField(required=False, help_text="What the move takes, as its own body.")
    reason = fields.reason()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The values as the move itself takes them."""
        thing, named = attrs["thing"], attrs["verb"]
        collection = BY_LABEL[thing._meta.label_lower]
        verb = collection.verbs.get(named)
        if verb is None or (thing._meta.label_lower, verb.moves[0]) not in changes.PROPOSABLE:
            raise serializers.ValidationError({"verb": [_("This is not decided by other cities.")]})
        context = {**self.context, "thing": thing}
        asks = "reason" in getattr(verb.body(context=context), "fields", ())
        values = {**attrs.get("values", {}), **({"reason": attrs["reason"]} if asks else {})}
        body = verb.body(data=values, context=context)
        if not body.is_valid():
            raise serializers.ValidationError({"values": dict(body.errors)})
        told = {name: value for name, value in body.validated_data.items() if name != "reason"}
        return {**attrs, "verb": verb.moves[0], "values": told}


def propose(
    *,
    thing: Tracked,
    verb: str,
    values: dict[str, Any],
    reason: str,
    author: User,
    by: Actor,
    at: datetime,
) -> CompanyChange:
    """Propose a move on what other cities rely on, with the values it takes, and why. They decide."""
    return propose_change(thing, verb, values, reason=reason, author=author, by=by, at=at)


class CompanyChangeFilter(AboutFilter):
    """Which proposals."""

    search = search_in("The reference of a proposal.")
    status = ChoiceFilter(choices=CompanyChange.Status.choices)
    supplier = CharFilter("supplier__reference")


class CompanyChanges(Collection):
    """What a city proposes to change about a company that other cities deal with. It is made once each of these has agreed."""

    model = CompanyChange
    path = "company-changes"
    row = CompanyChangeRow
    filterset_class = CompanyChangeFilter
    orders = {"decided_at": by_moment("decided_at")}
    begin = Verb(propose, body=NewCompanyChange, me="author")
    verbs = {
        "accept": Verb(accept_change, me="decided_by", moves=("accept", "agree"), answer=words()),
        "decline": Verb(decline_change, me="decided_by", reason=fields.reason()),
        "reopen": Verb(reopen_change, reason=fields.reason()),
        "withdraw": Verb(withdraw_change, reason=words()),
    }

    def finish(self, told: builtins.list[dict[str, Any]]) -> None:
        """With the addresses of the things, and the cities by their names in addresses."""
        name_things(told)
        ids = {pk for row in told for pk in (*row["asked"], *row["agreed"])}
        slugs = dict(City.objects.filter(pk__in=ids).values_list("pk", "slug"))
        for row in told:
            row["verb"] = address(row["verb"])
            for name in ("asked", "agreed"):
                row[name] = [slugs[pk] for pk in row[name]]
