"""Which duties and taxes an importer need not pay for goods, on a day. Plain functions of rows already loaded."""

from collections.abc import Iterable
from datetime import date

from procurement.catalogue.models import DutyRelief, Holds, Unmet, market_of


def unmet(
    row: DutyRelief,
    *,
    destination: str,
    dealing: str | None,
    importer: str,
    numbers: Iterable[str],
    on: date,
    others: Iterable[str] = (),
) -> list[Unmet]:
    """The conditions of a relief that goods do not meet on a day; empty where it may apply.

    `importer` is a kind of organisation, `numbers` are the goods' customs codes, `others` the codes of the reliefs claimed for the
    same goods. A `dealing` (None) or an `importer` ("") that is not known is left open.
    """
    codes = tuple(numbers)
    met = {
        Unmet.COUNTRY: row.country in {destination, market_of(destination)},
        Unmet.DAY: row.holds_on(on) is not Holds.NO,
        Unmet.DEALING: dealing is None or row.dealing in {"", dealing},
        Unmet.IMPORTER: not row.importers or not importer or importer in row.importers,
        Unmet.CODES: not row.hs_numbers or any(code.startswith(tuple(row.hs_numbers)) for code in codes),
        Unmet.OTHER_RELIEF: not set(others) - {row.code},
    }
    return [condition for condition, holds in met.items() if not holds]


def reliefs_for(
    rows: Iterable[DutyRelief],
    *,
    destination: str,
    dealing: str,
    importer: str,
    numbers: Iterable[str],
    on: date,
) -> list[DutyRelief]:
    """The reliefs that may hold on a day for what a kind of organisation imports into a country, by the goods' customs codes.

    An importer that is not known ("") may be any.
    """
    codes = tuple(numbers)
    return [
        row
        for row in rows
        if not unmet(row, destination=destination, dealing=dealing, importer=importer, numbers=codes, on=on)
    ]
