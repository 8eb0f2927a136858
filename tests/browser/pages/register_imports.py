"""Imports into the register, one in each state, for the pages of an import."""

from collections.abc import Iterable
from typing import Any
from unittest.mock import patch

from accounts.models import User
from partners.cities.models import City
from partners.exchanges.actions import record_exchange
from partners.partial_dates import parse_partial_date
from partners.permissions.permissions import permissions_of
from partners.register_import import reader
from partners.register_import.actions.imports import (
    match_columns,
    request_rollback,
    start_import,
    upload_import,
)
from partners.register_import.formats.headers import guess_columns
from partners.register_import.models import Import
from partners.register_import.places import resolution
from partners.register_import.reader import matchable_columns
from partners.register_import.worker import process_waiting_imports
from tests.worlds.need_to_order import AT
from tests.worlds.register_imports import find_sample_places
from workflow.actors import Actor

AGREEMENT_ROWS = "City,Country A,Partner city,Country B,Type,Signed,Mayor"


def imports_by_state(keeper: User) -> dict[str, Import]:
    """Return one import for each state."""
    with patch.object(resolution, "find_places", find_sample_places):
        return _imports_of(keeper)


def _imports_of(keeper: User) -> dict[str, Import]:
    by = permissions_of(keeper, via="session")
    kept, twin = "Burnaby,CA,Zhongshan,CN", "Burnaby,CA,Nanaimo,CA"
    bad = [f"{kept},marriage,2011,–", "Burnaby,Utopia,Zhongshan,CN,sister,20x1,–"]
    open_ones = ["Burnaby,CA,Suzhou,CN,sister,2001,–", "Burnaby,CA,Nowhere,CA,sister,2002,–"]
    good = [f"{kept},sister,2012,–", f"{twin},sister,2014,–", "Nanaimo,CA,Burnaby,CA,sister,2014,–"]
    made = {
        "uploaded": upload_list(by, "from the archive.csv", [AGREEMENT_ROWS, f"{kept},sister,2011-04-18,–"]),
        "unnamed": upload_list(by, "no headings that say anything.csv", ["A,B", "Burnaby,Zhongshan"]),
        "faulty": checked_import(by, "list of 2019.csv", [AGREEMENT_ROWS, *bad]),
        "doubtful": checked_import(by, "Asian partners.xlsx", [AGREEMENT_ROWS, *open_ones]),
        "ready": checked_import(by, "new ties.csv", [AGREEMENT_ROWS, *good]),
    }
    for name, state in (("done", "Kelowna"), ("withdrawn", "Kamloops")):
        made[name] = checked_import(
            by, f"{state}.csv", [AGREEMENT_ROWS, f"Burnaby,CA,{state},CA,sister,2015,–"]
        )
        start_import(made[name], by=by, at=AT)
    made["withdrawn"] = _withdrawn_import(made["withdrawn"], by)
    made["matched"] = upload_list(
        by, "waiting.csv", [AGREEMENT_ROWS, "Burnaby,CA,Zhongshan,CN,sister,2011-04-18,–"]
    )
    match_columns(made["matched"], made["matched"].columns, by=by, at=AT)
    for batch in made.values():
        batch.refresh_from_db()
    return {f"import {state}": batch for state, batch in made.items()}


def upload_list(by: Actor, name: str, lines: Iterable[str]) -> Import:
    """Upload a file and guess its columns."""
    rows = [line.split(",") for line in lines]
    known: dict[str, Any] = dict(guess_columns(rows[0], matchable_columns("agreements")))
    columns = {**reader.DEFAULT_VALUES["agreements"], **known}
    facts = {"table": "agreements", "name": name, "reason": "The city’s own list", "columns": columns}
    return upload_import(rows, **facts, by=by, at=AT)


def checked_import(by: Actor, name: str, lines: Iterable[str]) -> Import:
    """Upload a file, confirm its columns and let the periodic job check it."""
    batch = upload_list(by, name, lines)
    match_columns(batch, batch.columns, by=by, at=AT)
    process_waiting_imports(AT)
    batch.refresh_from_db()
    return batch


def _withdrawn_import(batch: Import, by: Actor) -> Import:
    """Apply an import, use one of its cities in an exchange, then withdraw the import."""
    process_waiting_imports(AT)
    batch.refresh_from_db()
    kamloops, zhongshan = City.objects.get(name_en="Kamloops"), City.objects.get(slug="zhongshan")
    facts = {"when": parse_partial_date("2020-02-03"), "kind": "letter", "reason": "seen"}
    record_exchange(from_city=zhongshan, to_city=kamloops, **facts, by=by, at=AT)
    request_rollback(batch, reason="the list was out of date", by=by, at=AT)
    process_waiting_imports(AT)
    return batch
