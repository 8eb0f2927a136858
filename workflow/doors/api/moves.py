"""`available_moves`: what may be done with a thing now, by this person, and why not where a move is closed."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from workflow import clock
from workflow.actors import Actor
from workflow.doors.api.reading import Row
from workflow.models.tracked import Tracked
from workflow.moves import moves_of


class AvailableMove(serializers.Serializer[Any]):
    """A move that starts where the thing stands. Moves this person may never make are not told."""

    verb = serializers.CharField(help_text="As it stands in the address.")
    label = serializers.CharField(  # type: ignore[assignment]  # a field of this name, not the serializer's own label
        help_text="What a button would say, in the reader's language."
    )
    open = serializers.BooleanField(help_text="Whether it may be made now.")
    code = serializers.CharField(allow_null=True, help_text="Why it is closed, for a program.")
    reason = serializers.CharField(
        allow_null=True, help_text="Why it is closed, and what to do, for a person."
    )


def available_moves(by: Actor, thing: Tracked, addresses: Mapping[str, str]) -> list[dict[str, Any]]:
    """The moves of a thing that have an address, in the order of its life; of several at one address the first that is told."""
    told: dict[str, dict[str, Any]] = {}
    for move, no in moves_of(thing).available(by, thing, clock.now()):
        verb = addresses.get(move.verb)
        if verb is None or verb in told:
            continue
        told[verb] = {
            "verb": verb,
            "label": str(move.label),
            "open": no is None,
            "code": no and no.code,
            "reason": no and str(no.message),
        }
    return list(told.values())


def address(verb: str) -> str:
    """A move's verb as it stands in an address."""
    return verb.replace("_", "-")


class WithMoves:
    """What is told of one thing, with its moves, for the schema."""

    @staticmethod
    def of(row: type[Row], withheld: frozenset[str] = frozenset()) -> type[Row]:
        """The row with `available_moves` as its last field."""
        fields = (*row.Meta.fields, "available_moves")
        meta = type("Meta", (row.Meta,), {"fields": fields})
        name = f"{row.__name__.removesuffix('Row').removesuffix('Detail')}Detail"
        return type(
            name,
            (row,),
            {
                "available_moves": AvailableMove(many=True, read_only=True),
                "Meta": meta,
                "withheld": row.withheld | withheld,
                "__doc__": row.__doc__,
            },
        )
