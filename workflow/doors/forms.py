"""How forms look and read: the project's renderer, and fields that take figures, days and moments as people type them.

For the forms in every door; no field here knows what is being asked.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.core import validators
from django.forms.renderers import TemplatesSetting
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from workflow.doors import words
from workflow.doors.bounds import FIRST_YEAR, LAST_YEAR, MOST
from workflow.doors.counts import counted, plain, priced

# Thousands set apart, all by the same mark, and then a decimal mark that is another one.
GROUPED = re.compile(r"-?[1-9][0-9]{0,2}([ '’_,.])[0-9]{3}(?:\1[0-9]{3})*(?:(?!\1)([.,])[0-9]+)?")
ONE_MARK = re.compile(r"-?[0-9]*[.,][0-9]*")
BY_TEN_THOUSANDS = re.compile(r"-?[1-9][0-9]*,[0-9]{4}")
COUNT = re.compile(r"-?[0-9]*")
NUMBER = re.compile(r"-?[0-9]*\.?[0-9]*")
DAY_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y %m %d", "%Y年%m月%d日", "%Y%m%d"]
MOMENT_FORMATS = [f"{day} {time}" for day in DAY_FORMATS for time in ("%H:%M", "%H h %M", "%Hh%M")] + [
    "%Y-%m-%dT%H:%M"
]
CHECKS = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)
# What Django shows where nothing is chosen yet. Its own catalogues have it in French and not in Chinese, so ours have it too.
gettext_noop("- Select an option -")


class Field(forms.BoundField):
    """A field as the templates show it: its control carries the class its kind needs."""

    @property
    def data(self) -> Any:
        """What was sent. A browser ends the lines of a text box with two signs; what is kept, measured and printed has one."""
        sent = super().data
        return sent.replace("\r\n", "\n") if isinstance(sent, str) else sent

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Django's attributes (required, aria-invalid, aria-describedby) and the class of the control."""
        attrs = super().build_widget_attrs(attrs, widget)
        shown = widget or self.field.widget
        own = shown.attrs.get("class", "")
        attrs["class"] = f"{self._class_of(shown)} {own}".strip()
        return attrs

    @staticmethod
    def _class_of(widget: forms.Widget) -> str:
        if widget.is_hidden:
            return ""
        if isinstance(widget, CHECKS):
            return "form-check-input"
        if getattr(widget, "input_type", "") == "range":
            return "form-range"
        return "form-select" if isinstance(widget, forms.Select) else "form-control"

    @property
    def is_tick(self) -> bool:
        """A single tick box: its label stands beside it, not above."""
        return isinstance(self.field.widget, forms.CheckboxInput)


class Renderer(TemplatesSetting):
    """Label, hint, then error, then the control; "(optional)" instead of asterisks. Templates in templates/forms/."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"
    bound_field_class = Field


class QuantityField(forms.IntegerField):
    """A count of units. Takes 500000, 500 000, 500,000, 2万, “200 boxes of 50” and full-width figures; refuses fractions and more
    than 10^9.
    """

    default_error_messages: ClassVar = {
        "invalid": _("Write a whole number, such as 10,000, 2万 or 200 boxes of 50.")
    }

    def __init__(self, *, min_value: int = 0, max_value: int = MOST, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs={"inputmode": "numeric", "class": "w-number", "autocomplete": "off"}),
        )
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)

    def to_python(self, value: Any) -> int | None:
        """The number typed, whichever way its thousands were set apart."""
        if isinstance(value, str):
            value = plain(value)
            value = _joined(value) if (pieces := counted(value)) is None else pieces
            if not COUNT.fullmatch(str(value)):
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        number: int | None = super().to_python(value)
        return number

    def prepare_value(self, value: Any) -> Any:
        """As the reader's language writes it."""
        return words.quantity(value) if isinstance(value, int) else value


class MoneyField(forms.DecimalField):
    """An amount. Takes a decimal comma or point, spaces between thousands, full-width figures, 1.2万, and beside it the currency that
    the form's own field `currency` names.
    """

    default_error_messages: ClassVar = {
        "invalid": _("Write the amount as a number, such as 1.20."),
        "no_currency": _("Write the amount alone, such as 1.20: the currency is not asked here."),
        "currency_open": _("Choose the currency in its own field too, or write the amount alone."),
        "another_currency": _("You wrote “%(typed)s”, and the currency is %(currency)s. Make both the same."),
    }

    def __init__(
        self, *, min_value: int = 0, max_digits: int = 14, decimal_places: int = 4, **kwargs: Any
    ) -> None:
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs={"inputmode": "decimal", "class": "w-number", "autocomplete": "off"}),
        )
        super().__init__(min_value=min_value, max_digits=max_digits, decimal_places=decimal_places, **kwargs)

    def to_python(self, value: Any) -> Any:
        """The last comma or point is the decimal mark, unless it sets exactly three figures apart from others like it."""
        if not isinstance(value, str):
            return super().to_python(value)
        figure, power, _currencies = priced(value) or (value, 0, None)
        figure = amount(figure)
        if not NUMBER.fullmatch(figure):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        number = super().to_python(figure)
        return number if number is None else number * 10**power

    def _clean_bound_field(self, bound: forms.BoundField) -> Any:
        """The amount. A currency beside it is held against what the form's field `currency` says."""
        typed = bound.data
        found = priced(typed) if isinstance(typed, str) else None
        if found is not None and found[2]:
            self._hold(bound.form, typed, found[2])
        return super()._clean_bound_field(bound)  # type: ignore[misc]  # Django's own, which its stubs leave out

    def _hold(self, form: forms.BaseForm, typed: str, currencies: frozenset[str]) -> None:
        """Refuse a currency beside the amount that is not the form's."""
        if "currency" not in form.fields:
            raise forms.ValidationError(self.error_messages["no_currency"], code="no_currency")
        currency = plain(str(form["currency"].data or "")).upper()
        if not currency:
            raise forms.ValidationError(self.error_messages["currency_open"], code="currency_open")
        if currency not in currencies:
            told = {"typed": typed.strip(), "currency": currency}
            raise forms.ValidationError(
                self.error_messages["another_currency"], code="another_currency", params=told
            )

    def prepare_value(self, value: Any) -> Any:
        """As the reader's language writes it, with two decimals at least."""
        return words.decimals(value) if isinstance(value, int | Decimal) else value


def amount(text: str) -> str:
    """`1 234,50`, `1,234.50`, `1.234,50` and `1,92` as a number a program reads. One mark alone is the decimal mark,
    except a comma before exactly three figures in a language that groups with commas. What two people would read differently stays
    as it is, which is no number.
    """
    text = " ".join(plain(text).split())
    found = GROUPED.fullmatch(text)
    if found and (ONE_MARK.fullmatch(text) is None or (found[1] == "," and words.language() != "fr")):
        return text.replace(found[1], "").replace(",", ".")
    by_ten_thousands = words.language() != "fr" and BY_TEN_THOUSANDS.fullmatch(text) is not None
    return text.replace(",", ".") if ONE_MARK.fullmatch(text) and not by_ten_thousands else text


def _joined(text: str) -> str:
    """A count without the marks between its thousands; as it is where they stand elsewhere."""
    found = GROUPED.fullmatch(" ".join(text.split()))
    return found[0].replace(found[1], "") if found and not found[2] else text


def _of_the_calendar[D: date](field: forms.Field, day: D | None) -> D | None:
    """The day, or the moment, as it is. Refuses a year that is surely a slip, such as 0020 or 9999."""
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise forms.ValidationError(field.error_messages["invalid"], code="invalid")
    return day


class DayInput(forms.DateInput):
    """A text box for a day, with a button for the browser's own calendar where it has one (docs/adr/0021)."""

    template_name = "forms/day.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        defaults = {"inputmode": "numeric", "class": "w-date", "autocomplete": "off", "placeholder": ""}
        super().__init__(attrs=defaults | (attrs or {}), format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day, the year first: 2020-04-30, 2020/4/30, 2020年4月30日. Never day and month in an order a reader must guess."""

    widget = DayInput
    default_error_messages: ClassVar = {
        "invalid": _("Write the day as year-month-day, for example 2020-04-30.")
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Year-month-day, for example 2020-04-30."))
        super().__init__(input_formats=DAY_FORMATS, **kwargs)

    def to_python(self, value: Any) -> date | None:
        """The day typed, full-width figures included."""
        day: date | None = super().to_python(plain(value) if isinstance(value, str) else value)
        return _of_the_calendar(self, day)


class LinesField(forms.CharField):
    """Several short texts, one a line; empty lines are left out. `longest`: characters of a line; `most`: lines."""

    def __init__(self, *, longest: int, most: int = 20, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(**kwargs)
        self.longest, self.most = longest, most

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]  # a list of texts instead of one
        """The lines that say something."""
        lines = value if isinstance(value, list) else (super().to_python(value) or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def validate(self, value: Any) -> None:
        """Not too many, none too long: the first that is stands in the sentence."""
        super().validate(value)
        if len(value) > self.most:
            raise forms.ValidationError(_("At most %(most)s lines."), params={"most": self.most})
        for line in value:
            validators.ProhibitNullCharactersValidator()(line)
            if len(line) > self.longest:
                words = _("At most %(longest)s characters a line: “%(line)s…” is longer.")
                raise forms.ValidationError(words, params={"longest": self.longest, "line": line[:30]})

    def prepare_value(self, value: Any) -> Any:
        """One a line."""
        return "\n".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether other lines are there than before."""
        return (initial or []) != self.to_python(data)


class MomentField(forms.DateTimeField):
    """A moment on the clock of a place: 2020-04-16 23:40. `zone` is the place's; without it the reader's own."""

    default_error_messages: ClassVar = {"invalid": _("Write the moment as 2020-04-16 23:40.")}

    def __init__(self, *, zone: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Year-month-day and a 24-hour clock, for example 2020-04-16 23:40."))
        kwargs.setdefault("widget", forms.TextInput(attrs={"class": "w-date", "autocomplete": "off"}))
        super().__init__(input_formats=MOMENT_FORMATS, **kwargs)
        self.zone = zone

    def to_python(self, value: Any) -> datetime | None:
        """The moment, in UTC terms, that the place's clock showed."""
        with timezone.override(ZoneInfo(self.zone) if self.zone else timezone.get_current_timezone()):
            moment: datetime | None = super().to_python(plain(value) if isinstance(value, str) else value)
            return _of_the_calendar(self, moment)

    def prepare_value(self, value: Any) -> Any:
        """The moment as that clock showed it."""
        if isinstance(value, datetime):
            return words.localised(value, self.zone or None).strftime("%Y-%m-%d %H:%M")
        return value
