"""Which duties and taxes an importer need not pay for goods, on a day. Plain functions of rows already loaded."""

from collections.abc import Iterable
from datetime import date

from procurement.catalogue.models import DutyRelief, Holds, market_of


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
        if row.country in {destination, market_of(destination)}
        and row.holds_on(on) is not Holds.NO
        and row.dealing in {"", dealing}
        and (not row.importers or not importer or importer in row.importers)
        and (not row.hs_numbers or any(code.startswith(tuple(row.hs_numbers)) for code in codes))
    ]
