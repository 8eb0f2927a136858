"""The parts of a price landed as a page writes them: their names, what each rests on, what is missing."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from procurement.leads.rules.landed import Basis, Landed, Mode, Name, Part
from workflow.errors import Words

NAMES: dict[Name, Words] = {
    Name.GOODS: _("Goods"),
    Name.ORIGIN: _("To the carrier, export clearance"),
    Name.FREIGHT: _("Freight"),
    Name.INSURANCE: _("Insurance"),
    Name.DUTY: _("Duty"),
    Name.INSPECTION: pgettext_lazy("a part of the price", "Inspection"),
}
BASES: dict[Basis, Words] = {
    Basis.OFFERED: _("as offered"),
    Basis.INSIDE: _("inside the price"),
    Basis.ANCHOR: _("a printed freight rate"),
    Basis.ASSUMED: _("assumed, no figure was offered"),
    Basis.TARIFF: _("customs tariff"),
    Basis.RELIEF: _("relief from duty, if its conditions are met"),
    Basis.GIFT: _("a gift"),
    Basis.UNKNOWN: _("not known"),
}
WHY: dict[str, Words] = {
    "no_price": _("The offer names no price."),
    "no_incoterm": _("No known Incoterm is named: nothing else is taken to be in the price."),
    "no_origin": _("By this Incoterm the buyer fetches the goods and clears them for export."),
    "by_sea": _("By this Incoterm the price goes by sea."),
    "no_freight": _("No freight is offered, and none is printed for these days."),
    "no_pallet": _("Say how many pieces a carton and how many cartons a pallet hold."),
    "no_carton": _("Say how many pieces a carton holds, its weight and its volume."),
    "half_carton": _("Weight or volume of the carton is missing: it may be more."),
    "catalogue_carton": _("Reckoned with a usual carton of such goods."),
    "carried": _("The last rate that was printed."),
    "no_value": _("It is a share of the value, which is not known."),
    "no_tariff": _("No duty rate is known for these goods here. It is not nothing."),
    "no_inspection": _("What the inspection costs is not entered."),
    "no_pieces": _("Over how many pieces it is spread is not known."),
}


class Cell(NamedTuple):
    """One part by one mode."""

    part: Part
    basis: Words
    why: Words


class Row(NamedTuple):
    """One part of the price, by every mode."""

    name: Words
    cells: list[Cell]


def table(ways: Mapping[Mode, Landed]) -> list[Row]:
    """The parts as rows, the modes as columns."""
    lists = [way.parts for way in ways.values()]
    return [
        Row(NAMES[parts[0].name], [Cell(part, BASES[part.basis], WHY.get(part.why, "")) for part in parts])
        for parts in zip(*lists, strict=True)
    ]
