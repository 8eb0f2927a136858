"""Duties and taxes that an importer need not pay for goods on a day. Pure functions on loaded rows."""

from collections.abc import Iterable
from datetime import date

from procurement.catalogue.models.customs import DutyRelief, Unmet
from procurement.catalogue.models.reference_rows import Validity, market_of


def unmet_conditions(
    row: DutyRelief,
    *,
    destination: str,
    dealing: str | None,
    importers: Iterable[str],
    numbers: Iterable[str],
    on: date,
    others: Iterable[str] = (),
) -> list[Unmet]:
    """Return the conditions of a relief that goods do not meet on a day; empty if it may apply.

    `importers` are the kinds of organization the goods are for; the relief must cover all of these kinds on that
    day. `numbers` are the customs codes of the goods. `others` are the codes of reliefs claimed for the same
    goods. An unknown `dealing` (None), importer or customs code ("") counts as met.
    """
    codes = tuple(numbers)
    anyone = not (row.importers or row.later_importers)
    met = {
        Unmet.COUNTRY: row.country in {destination, market_of(destination)},
        Unmet.DAY: row.holds_on(on) is not Validity.NO,
        Unmet.DEALING: dealing is None or row.dealing in {"", dealing},
        Unmet.IMPORTER: anyone or {kind for kind in importers if kind} <= set(row.importers_on(on)),
        Unmet.CODES: not row.hs_numbers
        or "" in codes
        or any(code.startswith(tuple(row.hs_numbers)) for code in codes),
        Unmet.OTHER_RELIEF: not set(others) - {row.code},
    }
    return [condition for condition, holds in met.items() if not holds]


def applicable_reliefs(
    rows: Iterable[DutyRelief],
    *,
    destination: str,
    dealing: str,
    importers: Iterable[str],
    numbers: Iterable[str],
    on: date,
) -> list[DutyRelief]:
    """Return the reliefs that may apply to goods on a day, by importer, country and customs codes.

    An unknown importer ("") matches any relief.
    """
    codes, kinds = tuple(numbers), tuple(importers)
    return [
        row
        for row in rows
        if not unmet_conditions(
            row, destination=destination, dealing=dealing, importers=kinds, numbers=codes, on=on
        )
    ]
