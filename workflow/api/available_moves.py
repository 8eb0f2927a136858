"""`available_moves`: the moves that a person may make on an object now, and why others are closed."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from workflow import clock
from workflow.actors import Actor
from workflow.api.fast_serializers import RowSerializer
from workflow.base_models import JournaledModel
from workflow.moves import moves_of


class AvailableMoveSerializer(serializers.Serializer[Any]):
    """Move that starts at the object's current status.

    Moves that this person may never make are left out.
    """

    verb = serializers.CharField(help_text="The name in the URL.")
    label = serializers.CharField(  # type: ignore[assignment]  # a field of this name, not the serializer's own label
        help_text="What a button would say, in the reader's language."
    )
    open = serializers.BooleanField(help_text="Whether it may be made now.")
    code = serializers.CharField(allow_null=True, help_text="Why it is closed, for a program.")
    reason = serializers.CharField(
        allow_null=True, help_text="Why it is closed, and what to do, for a person."
    )


def available_moves(by: Actor, thing: JournaledModel, addresses: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the moves of an object that have an address, in the order of its life cycle.

    If several moves share an address, only the first available one is returned.
    """
    values: dict[str, dict[str, Any]] = {}
    for move, no in moves_of(thing).available(by, thing, clock.now()):
        verb = addresses.get(move.verb)
        if verb is None or verb in values:
            continue
        values[verb] = {
            "verb": verb,
            "label": str(move.label),
            "open": no is None,
            "code": no and no.code,
            "reason": no and str(no.message),
        }
    return list(values.values())


def verb_path(verb: str) -> str:
    """Return the verb of a move as written in an address."""
    return verb.replace("_", "-")


class MovesSerializerMixin:
    """Adds the available moves to the serializer of one object, for the answer and the schema."""

    @staticmethod
    def with_available_moves(
        row: type[RowSerializer], withheld: frozenset[str] = frozenset()
    ) -> type[RowSerializer]:
        """Return a subclass of the serializer `row` with `available_moves` as its last field."""
        fields = (*row.Meta.fields, "available_moves")
        meta = type("Meta", (row.Meta,), {"fields": fields})
        name = (
            f"{row.__name__.removesuffix('RowSerializer').removesuffix('DetailSerializer')}DetailSerializer"
        )
        return type(
            name,
            (row,),
            {
                "available_moves": AvailableMoveSerializer(many=True, read_only=True),
                "Meta": meta,
                "withheld_fields": row.withheld_fields | withheld,
                "__doc__": row.__doc__,
            },
        )
