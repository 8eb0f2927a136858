"""Fields for the alternatives of a need line."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.products import Product
from procurement.requests.alternatives.queries import possible_alternatives
from procurement.requests.alternatives.rules import MAX_ALTERNATIVES, Alternative
from procurement.requests.models import goods_name
from workflow.http.edit_forms import EditForm

FEWEST_ALTERNATIVE_FIELDS = 3
ALTERNATIVES_HINT = _(
    "Goods that you would take instead, one for one, in order of preference. They count in full if they meet the standard "
    "named. Goods of a better level are always accepted."
)
ALTERNATIVE_FIELDS = tuple(f"alternative_{number}" for number in range(1, MAX_ALTERNATIVES + 1))


def _alternative_value(one: Alternative) -> str:
    """Return the value of an alternative in a select."""
    return f"{one.product.code}|{one.standard.code}" if one.standard else one.product.code


class AlternativesForm(EditForm):
    """Form with a select for each accepted alternative.

    The alternatives are one answer: their order counts, so that changes by two people are not merged place by place.
    """

    jointly_compared_fields = (frozenset(ALTERNATIVE_FIELDS),)

    def add_alternatives(self, product: Product, on: date, *, after: str) -> None:
        """Add a select for each alternative in `initial`, in order of preference, and empty ones for more.

        They replace a product, one unit for one unit, in standards in force on a day, and follow the field `after`.
        """
        goods = possible_alternatives(product, on)
        self._alternatives_by_value = {
            _alternative_value(one): one
            for other, standards in goods
            for one in (
                *([] if other == product else [Alternative(other)]),
                *(Alternative(other, standard) for standard in standards),
            )
        }
        stored = list(self.initial.get("alternatives", ()))
        self._alternatives_by_value |= {_alternative_value(one): one for one in stored}
        groups: dict[str, list[tuple[str, str]]] = {}
        for value, one in self._alternatives_by_value.items():
            open_standard = gettext("%(product)s, by the standards above") % {"product": one.product.name}
            label = goods_name(one.product, one.standard) if one.standard else open_standard
            groups.setdefault(one.product.name, []).append(
                (value, label)
            )  # a closed select shows the label only
        known = [_alternative_value(one) for one in stored]
        sent = sum(name in self.data for name in ALTERNATIVE_FIELDS)  # others may have shortened the list
        count = max(FEWEST_ALTERNATIVE_FIELDS, len(known) + 1, sent)
        added = ALTERNATIVE_FIELDS[:count] if self._alternatives_by_value else ()
        for number, name in enumerate(added, start=1):
            self.fields[name] = forms.ChoiceField(
                label=gettext("Alternative %(number)s") % {"number": number},
                required=False,
                choices=[("", gettext("none")), *groups.items()],
                initial=known[number - 1] if number <= len(known) else "",
                help_text=ALTERNATIVES_HINT if number == 1 else "",
            )
            self.initial[name] = self.fields[name].initial
        self.initial.pop("alternatives", None)
        others = [name for name in self.fields if name not in added]
        place = others.index(after) + 1
        self.order_fields([*others[:place], *added, *others[place:]])

    def _read(self) -> Mapping[str, Any]:
        """Return the values that the author read; a place that the list did not have yet was empty."""
        read = super()._read()
        return {name: "" for name in self.fields if name in ALTERNATIVE_FIELDS} | dict(read) if read else read

    def clean(self) -> dict[str, Any]:
        """Return the facts; `alternatives` are the chosen ones, in order of preference."""
        facts = super().clean() or {}
        chosen = [facts.pop(name) for name in ALTERNATIVE_FIELDS if name in facts]
        facts["alternatives"] = tuple(self._alternatives_by_value[value] for value in chosen if value)
        if len(set(facts["alternatives"])) < len(facts["alternatives"]):
            self.add_error("alternative_1", _("Enter each alternative only once."))
        return facts
