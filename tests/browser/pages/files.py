"""Files on their way into the register, one at each step: what the pages of an import look like."""

from collections.abc import Iterable
from typing import Any
from unittest.mock import patch

from accounts.models import User
from partners.actions import imports
from partners.actions.imports import match_columns, start_import, withdraw_import
from partners.actions.register import record_exchange
from partners.dates import parse
from partners.exchange import headings
from partners.exchange.wizard import reading
from partners.exchange.wizard.places import gazetteer
from partners.exchange.wizard.reading import columns_of
from partners.exchange.wizard.work import carry_on
from partners.models.cities import City
from partners.models.imports import Import
from partners.rules.powers import powers_of
from tests.partners.imports.bringing import find_few
from tests.procurement.story import AT
from workflow.actors import Actor

TIES = "City,Country A,Partner city,Country B,Type,Signed,Mayor"


def files_brought(keeper: User) -> dict[str, Import]:
    """By the state in which each is left."""
    with patch.object(gazetteer, "find", find_few):
        return _brought_by(keeper)


def _brought_by(keeper: User) -> dict[str, Import]:
    by = powers_of(keeper, via="session")
    kept, twin = "Burnaby,CA,Zhongshan,CN", "Burnaby,CA,Nanaimo,CA"
    bad = [f"{kept},marriage,2011,–", "Burnaby,Utopia,Zhongshan,CN,sister,20x1,–"]
    open_ones = ["Burnaby,CA,Suzhou,CN,sister,2001,–", "Burnaby,CA,Nowhere,CA,sister,2002,–"]
    good = [f"{kept},sister,2012,–", f"{twin},sister,2014,–", "Nanaimo,CA,Burnaby,CA,sister,2014,–"]
    made = {
        "uploaded": upload(by, "from the archive.csv", [TIES, f"{kept},sister,2011-04-18,–"]),
        "unnamed": upload(by, "no headings that say anything.csv", ["A,B", "Burnaby,Zhongshan"]),
        "faulty": brought(by, "list of 2019.csv", [TIES, *bad]),
        "doubtful": brought(by, "Asian partners.xlsx", [TIES, *open_ones]),
        "ready": brought(by, "new ties.csv", [TIES, *good]),
    }
    for name, state in (("done", "Kelowna"), ("withdrawn", "Kamloops")):
        made[name] = brought(by, f"{state}.csv", [TIES, f"Burnaby,CA,{state},CA,sister,2015,–"])
        start_import(made[name], by=by, at=AT)
    made["withdrawn"] = _taken_back(made["withdrawn"], by)
    made["matched"] = upload(by, "waiting.csv", [TIES, "Burnaby,CA,Zhongshan,CN,sister,2011-04-18,–"])
    match_columns(made["matched"], made["matched"].columns, by=by, at=AT)
    for batch in made.values():
        batch.refresh_from_db()
    return {f"import {state}": batch for state, batch in made.items()}


def upload(by: Actor, name: str, lines: Iterable[str]) -> Import:
    """A file with its columns guessed."""
    rows = [line.split(",") for line in lines]
    known: dict[str, Any] = dict(headings.guess(rows[0], columns_of("agreements")))
    columns = {**reading.USUAL["agreements"], **known}
    facts = {"table": "agreements", "name": name, "reason": "The city’s own list", "columns": columns}
    return imports.upload(rows, **facts, by=by, at=AT)


def brought(by: Actor, name: str, lines: Iterable[str]) -> Import:
    """A file that was checked."""
    batch = upload(by, name, lines)
    match_columns(batch, batch.columns, by=by, at=AT)
    carry_on(AT)
    batch.refresh_from_db()
    return batch


def _taken_back(batch: Import, by: Actor) -> Import:
    """One of which a city is used by now."""
    carry_on(AT)
    batch.refresh_from_db()
    kamloops, zhongshan = City.objects.get(name_en="Kamloops"), City.objects.get(slug="zhongshan")
    facts = {"when": parse("2020-02-03"), "kind": "letter", "reason": "seen"}
    record_exchange(from_city=zhongshan, to_city=kamloops, **facts, by=by, at=AT)
    withdraw_import(batch, reason="the list was out of date", by=by, at=AT)
    carry_on(AT)
    return batch
