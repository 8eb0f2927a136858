"""API collection supplier-changes: proposed changes to a company that other cities deal with."""

import builtins
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers

from accounts.models import ActingUser
from partners.cities.models import City
from procurement.shared_api.object_urls import (
    COLLECTION_BY_LABEL,
    ObjectFilterSet,
    ObjectPathField,
    add_object_paths,
    object_path_field,
)
from procurement.suppliers.actions import changes
from procurement.suppliers.actions.changes import propose_change
from procurement.suppliers.models.changes import SupplierChange
from procurement.suppliers.rules.changes import ACCEPT, DECLINE, REOPEN, WITHDRAW
from workflow.actors import Actor
from workflow.api.available_moves import verb_path
from workflow.api.fast_serializers import OBJECT_LIST_SCHEMA, NamedReferenceField, RowSerializer
from workflow.api.fields import reason_field
from workflow.api.filters import search_filter
from workflow.api.serializers import StrictSerializer
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations
from workflow.base_models import JournaledModel
from workflow.query_expressions import order_by_moment

SLUGS_SCHEMA = {"type": "array", "items": {"type": "string"}}


class SupplierChangeRowSerializer(RowSerializer):
    """Proposal of a change: the move and its object, the changes, the author and the reason.

    `asked` are the cities that decide, `agreed` those that agreed. The verb "count" changes nothing now:
    if it is agreed, records that another city entered count for the offers and orders of the deciding city.
    """

    about = object_path_field()
    supplier = NamedReferenceField()
    author = NamedReferenceField("name")
    proposed_for = NamedReferenceField("slug")
    json_schemas = {"changes": OBJECT_LIST_SCHEMA, "asked": SLUGS_SCHEMA, "agreed": SLUGS_SCHEMA}

    class Meta:
        model = SupplierChange
        fields = (
            *("reference", "status", "supplier", "about", "verb", "changes", "why", "author", "proposed_for"),
            *("asked", "agreed", "decided_at", "answer", "created_at"),
        )


class NewSupplierChangeSerializer(StrictSerializer):
    """Move to propose: its object, its verb, and its body without the reason."""

    thing = ObjectPathField(help_text="Its address: suppliers/SU-2026-0042.")
    verb = serializers.CharField(max_length=30, help_text="As in the address of the move: correct.")
    values = serializers.DictField(required=False, help_text="What the move takes, as its own body.")
    reason = reason_field()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return the values in the form that the move takes."""
        thing, named = attrs["thing"], attrs["verb"]
        collection = COLLECTION_BY_LABEL[thing._meta.label_lower]
        verb = collection.move_actions.get(named)
        if verb is None or verb.move not in changes.PROPOSABLE_MOVES:
            raise serializers.ValidationError({"verb": [_("Other cities do not decide on this.")]})
        context = {**self.context, "thing": thing}
        asks = "reason" in getattr(verb.body(context=context), "fields", ())
        values = {**attrs.get("values", {}), **({"reason": attrs["reason"]} if asks else {})}
        body = verb.body(data=values, context=context)
        if not body.is_valid():
            raise serializers.ValidationError({"values": dict(body.errors)})
        data = {name: value for name, value in body.validated_data.items() if name != "reason"}
        return {**attrs, "verb": verb.moves[0], "values": data}


def propose_change_by_path(
    *,
    thing: JournaledModel,
    verb: str,
    values: dict[str, Any],
    reason: str,
    author: ActingUser,
    by: Actor,
    at: datetime,
) -> SupplierChange:
    """Propose a change to an object that other cities rely on, with its values and the reason.

    The other cities decide.
    """
    return propose_change(thing, verb, values, reason=reason, author=author, by=by, at=at)


class SupplierChangeFilter(ObjectFilterSet):
    """Filters for proposals."""

    search = search_filter("The reference of a proposal.")
    status = ChoiceFilter(choices=SupplierChange.Status.choices)
    supplier = CharFilter("supplier__reference")


class SupplierChangeViewSet(CollectionViewSet):
    """Proposed changes to companies that several cities deal with.

    A change is made once each of the other cities has agreed.
    """

    model = SupplierChange
    path = "supplier-changes"
    list_serializer = SupplierChangeRowSerializer
    filterset_class = SupplierChangeFilter
    ordering_fields = {"decided_at": order_by_moment("decided_at")}
    create_action = MoveOperation(action=propose_change_by_path, body=NewSupplierChangeSerializer)
    move_actions = move_operations(ACCEPT, DECLINE, REOPEN, WITHDRAW)

    def complete_rows(self, values: builtins.list[dict[str, Any]]) -> None:
        """Add the addresses of the objects and the slugs of the cities."""
        add_object_paths(values)
        ids = {pk for row in values for pk in (*row["asked"], *row["agreed"])}
        slugs = dict(City.objects.filter(pk__in=ids).values_list("pk", "slug"))
        for row in values:
            row["verb"] = verb_path(row["verb"])
            for name in ("asked", "agreed"):
                row[name] = [slugs[pk] for pk in row[name]]
