"""Fields of request bodies: a country, a currency."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from partners.places import NO_CURRENCY, in_capitals, is_country, is_currency


class Currency(serializers.CharField):
    """Money's currency by the three letters of ISO 4217."""

    default_error_messages = {"no_currency": NO_CURRENCY}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=3, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        """The code in capitals, of a currency that money is counted in."""
        code = in_capitals(super().to_internal_value(data))
        if not is_currency(code):
            self.fail("no_currency")
        return code


class Country(serializers.CharField):
    """A country or region by the two letters of ISO 3166."""

    default_error_messages = {
        "no_country": _("Give the country or region by its two letters, such as CA or CN.")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=2, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        """The code in capitals."""
        code = in_capitals(super().to_internal_value(data))
        if not is_country(code):
            self.fail("no_country")
        return code
