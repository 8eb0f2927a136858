"""Serializer fields that several collections of the register share."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from partners.partial_dates import Precision, YearOutOfRange, parse_partial_date
from partners.validators import (
    CURRENCY_CODE_ERROR,
    is_country_code,
    is_currency_code,
    normalize_code,
    validate_subdivision_code,
)
from workflow.api.serializers import StrictSerializer


class CurrencyField(serializers.CharField):
    """A currency as its three-letter code of ISO 4217."""

    default_error_messages = {"no_currency": CURRENCY_CODE_ERROR}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=3, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Return the code in capitals. Refuses a code that is not in use for money."""
        code = normalize_code(super().to_internal_value(data))
        if not is_currency_code(code):
            self.fail("no_currency")
        return code


class CountryField(serializers.CharField):
    """A country or region as its two-letter code of ISO 3166."""

    default_error_messages = {
        "no_country": _("Enter the two-letter code of the country or region, such as CA or CN.")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=2, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Return the code in capitals. Refuses an unknown code."""
        code = normalize_code(super().to_internal_value(data))
        if not is_country_code(code):
            self.fail("no_country")
        return code


SOURCE_URL_REQUIRED = {"source_url": {"required": True, "allow_blank": False}}


class PartialDateBodySerializer(StrictSerializer):
    """A date as exactly as its source knows it: 2011, 2015-06 or 2019-01-14.

    The precisions `by_end_of_month` and `from_date` must be given in `precision`.
    """

    day = serializers.CharField(max_length=10)
    precision = serializers.ChoiceField(Precision.choices, required=False)

    def to_internal_value(self, data: Any) -> Any:
        """Return the date with its precision."""
        values = super().to_internal_value(data)
        try:
            return parse_partial_date(values["day"], values.get("precision", ""))
        except YearOutOfRange as error:
            raise serializers.ValidationError({"day": [error.words]}) from error
        except ValueError as error:
            raise serializers.ValidationError(
                {"day": [_("Enter a year, a month or a full date: 2011, 2015-06 or 2019-01-14.")]}
            ) from error


class SubdivisionField(serializers.CharField):
    """A province or state as its code of ISO 3166-2."""

    default_validators = (validate_subdivision_code,)

    def to_internal_value(self, data: Any) -> str:
        """Return the code in capitals."""
        return normalize_code(super().to_internal_value(data))
