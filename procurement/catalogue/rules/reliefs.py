"""Which duties and taxes an importer need not pay for goods, on a day. Plain functions of rows already loaded."""

from collections.abc import Iterable
from datetime import date

from procurement.catalogue.models.customs import DutyRelief, Unmet
from procurement.catalogue.models.facts import Holds, market_of


def unmet(
    row: DutyRelief,
    *,
    destination: str,
    dealing: str | None,
    importers: Iterable[str],
    numbers: Iterable[str],
    on: date,
    others: Iterable[str] = (),
) -> list[Unmet]:
    """The conditions of a relief that goods do not meet on a day; empty where it may apply.

    `importers` are the kinds of organisation the goods are for: the relief has to be for each of them on that day. `numbers` are the
    goods' customs codes, `others` the codes of the reliefs claimed for the same goods. A `dealing` (None), an importer or a code ("")
    that is not known is left open.
    """
    codes = tuple(numbers)
    anyone = not (row.importers or row.later_importers)
    met = {
        Unmet.COUNTRY: row.country in {destination, market_of(destination)},
        Unmet.DAY: row.holds_on(on) is not Holds.NO,
        Unmet.DEALING: dealing is None or row.dealing in {"", dealing},
        Unmet.IMPORTER: anyone or {kind for kind in importers if kind} <= set(row.importers_on(on)),
        Unmet.CODES: not row.hs_numbers
        or "" in codes
        or any(code.startswith(tuple(row.hs_numbers)) for code in codes),
        Unmet.OTHER_RELIEF: not set(others) - {row.code},
    }
    return [condition for condition, holds in met.items() if not holds]


def reliefs_for(
    rows: Iterable[DutyRelief],
    *,
    destination: str,
    dealing: str,
    importers: Iterable[str],
    numbers: Iterable[str],
    on: date,
) -> list[DutyRelief]:
    """The reliefs that may hold on a day for what kinds of organisation import into a country, by the goods' customs codes.

    An importer that is not known ("") may be any.
    """
    codes, kinds = tuple(numbers), tuple(importers)
    return [
        row
        for row in rows
        if not unmet(row, destination=destination, dealing=dealing, importers=kinds, numbers=codes, on=on)
    ]
