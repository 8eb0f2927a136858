"""Fields of request bodies that several stages share: other things, parts of the thing itself, reasons, and edits."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import DecimalField, IntegerField, Model, QuerySet, TextField
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from workflow.doors.api.strict import Strict
from workflow.doors.bounds import LONGEST_WORDS, MOST
from workflow.doors.counts import counted

SIGNED = frozenset({"latitude", "longitude"})


@extend_schema_field(OpenApiTypes.STR)
class Ref(serializers.SlugRelatedField[Any]):
    """Another thing, named by what it is quoted with. One that the caller may not see does not exist here either."""

    default_error_messages = {
        "does_not_exist": _("There is no “{value}” here, or none that you may see."),
        "invalid": _("This is not what such a thing is named by."),
    }

    def __init__(self, model: type[Model], key: str = "reference", **kwargs: Any) -> None:
        self.model = model
        super().__init__(slug_field=key, queryset=model._default_manager.none(), **kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        """The things of this kind that the caller sees."""
        rows: QuerySet[Any] = self.model._default_manager.visible_to(self.context["by"])  # type: ignore[attr-defined]
        return rows

    def to_internal_value(self, data: Any) -> Any:
        """The thing. Only a short text names one."""
        if not isinstance(data, str) or not 0 < len(data) <= 100 or "\0" in data:
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field(OpenApiTypes.INT64)
class Numbered(serializers.PrimaryKeyRelatedField[Any]):
    """Another thing that has no public reference, by its number here. One that the caller may not see does not exist."""

    default_error_messages = {
        "does_not_exist": Ref.default_error_messages["does_not_exist"].replace("value", "pk_value")
    }

    def __init__(self, model: type[Model], **kwargs: Any) -> None:
        self.model = model
        super().__init__(queryset=model._default_manager.none(), **kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        """The things of this kind that the caller sees."""
        rows: QuerySet[Any] = self.model._default_manager.visible_to(self.context["by"])  # type: ignore[attr-defined]
        return rows


@extend_schema_field(OpenApiTypes.STR)
class PartOf(Ref):
    """A part of the thing that is moved, such as a line of the order: named by `key`, looked for in its `relation`."""

    def __init__(self, model: type[Model], relation: str, key: str, **kwargs: Any) -> None:
        self.relation = relation
        super().__init__(model, key, **kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        """The parts of this thing."""
        parts: QuerySet[Any] = getattr(self.context["thing"], self.relation).all()
        return parts


@extend_schema_field(
    {
        "oneOf": [
            {"type": "integer", "minimum": 1, "maximum": MOST},
            {"type": "string", "maxLength": 40, "description": "As people write it: 200 boxes of 50."},
        ]
    }
)
class Quantity(serializers.IntegerField):
    """So many pieces, pairs or litres: a whole number, or words such as “200 boxes of 50”."""

    takes_words = True
    default_error_messages = {
        "no_quantity": _("Give a whole number of pieces, or words such as “200 boxes of 50”.")
    }

    def __init__(self, *, min_value: int = 1, **kwargs: Any) -> None:
        super().__init__(min_value=min_value, max_value=MOST, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        """The number of pieces."""
        told = counted(data) if isinstance(data, str) and len(data) <= 40 else data
        if type(told) is not int:
            self.fail("no_quantity")
        return told


class New(Strict, serializers.ModelSerializer[Any]):
    """Facts of a thing to begin. Whether there is one already is for the action to say."""

    def get_validators(self) -> list[Any]:
        """None of the model's own: they would look at rows the caller may not see."""
        return []

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        """As the model has it; free text and counts have an end, and no amount is below nothing."""
        kind, told = super().build_standard_field(field_name, model_field)
        if isinstance(model_field, TextField):
            told.setdefault("max_length", LONGEST_WORDS)
        if isinstance(model_field, DecimalField) and field_name not in SIGNED:
            told.setdefault("min_value", 0)
        if isinstance(model_field, IntegerField):
            told["max_value"] = min(told.get("max_value", MOST), MOST)
        return kind, told


class Edit(New):
    """Facts to change: any of them may be sent, and what is not sent stays as it is. `Meta.always` must be sent all the same."""

    def get_fields(self) -> dict[str, Any]:
        """None is required, and none has a value of its own."""
        fields = dict(super().get_fields())
        for name, field in fields.items():
            field.required = name in getattr(self.Meta, "always", ())
        return fields


class Facts(Strict):
    """Part of a body that an action takes as a value of its own: `Meta.makes` says of what class."""

    def to_internal_value(self, data: Any) -> Any:
        """The value."""
        told: Mapping[str, Any] = super().to_internal_value(data)
        return self.Meta.makes(**told)  # type: ignore[attr-defined]  # every one says what it makes


def reason(help_text: str = "Why, in writing.", **kwargs: Any) -> serializers.CharField:
    """The reason a move asks for."""
    return serializers.CharField(max_length=LONGEST_WORDS, help_text=help_text, **kwargs)


def words(most: int = LONGEST_WORDS, help_text: str = "", **kwargs: Any) -> serializers.CharField:
    """Some words that need not be given."""
    return serializers.CharField(
        required=False, allow_blank=True, max_length=most, help_text=help_text, **kwargs
    )


def tongue(help_text: str, *, allow_blank: bool = True) -> serializers.ChoiceField:
    """The language some words are written in, of those the product speaks; it need not be given."""
    return serializers.ChoiceField(
        settings.LANGUAGES, required=False, allow_blank=allow_blank, help_text=help_text
    )


def moment_or_now(**kwargs: Any) -> serializers.DateTimeField:
    """When something happened, for whoever does not note it at once."""
    return serializers.DateTimeField(required=False, help_text="Now, where nothing is said.", **kwargs)
