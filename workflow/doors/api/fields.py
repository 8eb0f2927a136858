"""Fields of request bodies that several stages share."""

from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class Ref(serializers.SlugRelatedField):  # type: ignore[type-arg]  # the model differs for each field
    """Another thing, named by what it is quoted with. One that the caller may not see does not exist here either."""

    default_error_messages = {
        "does_not_exist": _("There is no “{value}” here, or none that you may see."),
        "invalid": _("This is not what such a thing is named by."),
    }

    def __init__(self, model: type[Model], key: str = "reference", **kwargs: Any) -> None:
        self.model = model
        super().__init__(slug_field=key, queryset=model._default_manager.all(), **kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        """The things of this kind that the caller sees."""
        rows: QuerySet[Any] = self.model._default_manager.visible_to(self.context["by"])  # type: ignore[attr-defined]
        return rows

    def to_internal_value(self, data: Any) -> Model:
        """The thing. Only plain text or a whole number names one."""
        if not isinstance(data, str | int) or isinstance(data, bool) or "\0" in str(data):
            self.fail("invalid")
        found: Model = super().to_internal_value(data)
        return found


def reason(help_text: str = "Why, in writing.", **kwargs: Any) -> serializers.CharField:
    """The reason a move asks for."""
    return serializers.CharField(max_length=2000, help_text=help_text, **kwargs)
