"""Duties and taxes that an importer need not pay for goods on a day. Pure functions on loaded rows."""

from collections.abc import Iterable
from datetime import date

from procurement.catalogue.models.customs import DutyRelief, UnmetCondition
from procurement.catalogue.models.reference_rows import Validity, market_of_country


def unmet_conditions(
    row: DutyRelief,
    *,
    destination: str,
    acquisition_type: str | None,
    importers: Iterable[str],
    numbers: Iterable[str],
    on: date,
    others: Iterable[str] = (),
) -> list[UnmetCondition]:
    """Return the conditions of a relief that goods do not meet on a day; empty if it may apply.

    `importers` are the kinds of organization the goods are for; the relief must cover all of these kinds on that
    day. `numbers` are the customs codes of the goods. `others` are the codes of reliefs claimed for the same
    goods. An unknown `acquisition_type` (None), importer or customs code ("") counts as met.
    """
    codes = tuple(numbers)
    anyone = not (row.importers or row.later_importers)
    met = {
        UnmetCondition.COUNTRY: row.country in {destination, market_of_country(destination)},
        UnmetCondition.DAY: row.validity_on(on) is not Validity.NO,
        UnmetCondition.ACQUISITION: acquisition_type is None
        or row.acquisition_type in {"", acquisition_type},
        UnmetCondition.IMPORTER: anyone
        or {kind for kind in importers if kind} <= set(row.importer_types_on(on)),
        UnmetCondition.HS_CODES: not row.hs_numbers
        or "" in codes
        or any(code.startswith(tuple(row.hs_numbers)) for code in codes),
        UnmetCondition.OTHER_RELIEF: not set(others) - {row.code},
    }
    return [condition for condition, holds in met.items() if not holds]


def applicable_reliefs(
    rows: Iterable[DutyRelief],
    *,
    destination: str,
    acquisition_type: str,
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
            row,
            destination=destination,
            acquisition_type=acquisition_type,
            importers=kinds,
            numbers=codes,
            on=on,
        )
    ]
