"""Fields of request bodies that several packages share: references, parts, reasons, and edits."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import DecimalField, IntegerField, Model, QuerySet, TextField
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from workflow.api.serializers import StrictSerializer
from workflow.input_limits import MAX_TEXT_LENGTH, MAX_UNITS
from workflow.quantities import parse_quantity

SIGNED_FIELDS = frozenset({"latitude", "longitude"})


@extend_schema_field(OpenApiTypes.STR)
class VisibleReferenceField(serializers.SlugRelatedField[Any]):
    """Field for another object, named by its public reference or key.

    For the caller, an object that they may not see does not exist.
    """

    default_error_messages = {
        "does_not_exist": _("“{value}” does not exist, or you cannot see it."),
        "invalid": _("This reference is not valid."),
    }

    def __init__(self, model: type[Model], key: str = "reference", **kwargs: Any) -> None:
        self.model = model
        super().__init__(slug_field=key, queryset=model._default_manager.none(), **kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        """Return the objects of this kind that the caller may see."""
        rows: QuerySet[Any] = self.model._default_manager.visible_to(self.context["by"])  # type: ignore[attr-defined]  # of our QuerySets
        return rows

    def to_internal_value(self, data: Any) -> Any:
        """Return the object that a short text names."""
        if not isinstance(data, str) or not 0 < len(data) <= 100 or "\0" in data:
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field(OpenApiTypes.INT64)
class VisiblePrimaryKeyField(serializers.PrimaryKeyRelatedField[Any]):
    """Field for another object that has no public reference, named by its id.

    For the caller, an object that they may not see does not exist.
    """

    default_error_messages = {
        "does_not_exist": VisibleReferenceField.default_error_messages["does_not_exist"].replace(
            "value", "pk_value"
        )
    }

    def __init__(self, model: type[Model], **kwargs: Any) -> None:
        self.model = model
        super().__init__(queryset=model._default_manager.none(), **kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        """Return the objects of this kind that the caller may see."""
        rows: QuerySet[Any] = self.model._default_manager.visible_to(self.context["by"])  # type: ignore[attr-defined]  # of our QuerySets
        return rows


@extend_schema_field(OpenApiTypes.STR)
class ChildReferenceField(VisibleReferenceField):
    """Field for a part of the object on which a move is made, such as a line of an order.

    The part is looked up in the object's `relation` by the field `key`.
    """

    def __init__(self, model: type[Model], relation: str, key: str, **kwargs: Any) -> None:
        self.relation = relation
        super().__init__(model, key, **kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        """Return the parts of this object."""
        parts: QuerySet[Any] = getattr(self.context["thing"], self.relation).all()
        return parts


@extend_schema_field(
    {
        "oneOf": [
            {"type": "integer", "minimum": 1, "maximum": MAX_UNITS},
            {"type": "string", "maxLength": 40, "description": "As people write it: 200 boxes of 50."},
        ]
    }
)
class QuantityField(serializers.IntegerField):
    """Field for a number of pieces, pairs or litres.

    Takes a whole number, or words such as “200 boxes of 50”.
    """

    accepts_text = True
    default_error_messages = {"no_quantity": _("Enter a whole number, or text such as “200 boxes of 50”.")}

    def __init__(self, *, min_value: int = 1, **kwargs: Any) -> None:
        super().__init__(min_value=min_value, max_value=MAX_UNITS, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        """Return the number of pieces."""
        values = parse_quantity(data) if isinstance(data, str) and len(data) <= 40 else data
        if type(values) is not int:
            self.fail("no_quantity")
        return values


class CreateSerializer(StrictSerializer, serializers.ModelSerializer[Any]):
    """Body with the facts of a new object.

    The action checks whether the object exists already.
    """

    def get_validators(self) -> list[Any]:
        """Return no validators of the model, because they would reveal rows that the caller may not see."""
        return []

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        """Return the model's field, with a maximum for free text and counts, and no negative amounts."""
        kind, values = super().build_standard_field(field_name, model_field)
        if isinstance(model_field, TextField):
            values.setdefault("max_length", MAX_TEXT_LENGTH)
        if isinstance(model_field, DecimalField) and field_name not in SIGNED_FIELDS:
            values.setdefault("min_value", 0)
        if isinstance(model_field, IntegerField):
            values["max_value"] = min(values.get("max_value", MAX_UNITS), MAX_UNITS)
        return kind, values


class EditSerializer(CreateSerializer):
    """Body with the facts to change; an omitted field keeps its value.

    Only the fields in `Meta.always` are required.
    """

    def get_fields(self) -> dict[str, Any]:
        """Return the fields; only those in `Meta.always` are required."""
        fields = dict(super().get_fields())
        for name, field in fields.items():
            field.required = name in getattr(self.Meta, "always", ())
        return fields


class FactsSerializer(StrictSerializer):
    """Part of a body that an action takes as one value of the class `Meta.makes`."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the value."""
        values: Mapping[str, Any] = super().to_internal_value(data)
        return self.Meta.makes(**values)  # type: ignore[attr-defined]  # every one says what it makes


def reason_field(help_text: str = "Why, in writing.", **kwargs: Any) -> serializers.CharField:
    """Return a field for the reason that a move demands."""
    return serializers.CharField(max_length=MAX_TEXT_LENGTH, help_text=help_text, **kwargs)


def text_field(most: int = MAX_TEXT_LENGTH, help_text: str = "", **kwargs: Any) -> serializers.CharField:
    """Return an optional text field."""
    return serializers.CharField(
        required=False, allow_blank=True, max_length=most, help_text=help_text, **kwargs
    )


def language_field(help_text: str, *, allow_blank: bool = True) -> serializers.ChoiceField:
    """Return an optional field for the language of a text, with the product's languages as choices.

    With `allow_blank`, it also takes an empty text, for an unknown language.
    """
    return serializers.ChoiceField(
        settings.LANGUAGES, required=False, allow_blank=allow_blank, help_text=help_text
    )


def moment_field(**kwargs: Any) -> serializers.DateTimeField:
    """Return an optional field for the moment of an event that is recorded later; by default it is now."""
    return serializers.DateTimeField(required=False, help_text="By default, now.", **kwargs)
