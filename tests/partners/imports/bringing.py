"""Bringing a list in, as the steps of the wizard do it, and what was kept of it."""

from partners.actions import imports
from partners.actions.imports import match_columns, start_import, withdraw_import
from partners.exchange import headings
from partners.exchange.tables import dump
from partners.exchange.wizard import reading
from partners.exchange.wizard.places.gazetteer import Found
from partners.exchange.wizard.reading import columns_of
from partners.exchange.wizard.work import carry_on
from partners.models.imports import Sheet
from tests.world import NOW

TIES = "City A,Country A,City B,Country B,Kind,Signed"
NANAIMO = Found(6081475, "Nanaimo", "CA", 49.16634, -123.94003, 84905, "America/Vancouver")
KELOWNA = Found(5990579, "Kelowna", "CA", 49.88307, -119.48568, 144576, "America/Vancouver")
KAMLOOPS = Found(5989045, "Kamloops", "CA", 50.66648, -120.3192, 104460, "America/Vancouver")
SUZHOUS = [
    Found(1886760, "Suzhou", "CN", 31.30408, 120.59538, 5345961, "Asia/Shanghai"),
    Found(1886762, "Suzhou", "CN", 33.63611, 116.97889, 205130, "Asia/Shanghai"),
]


def find_few(names):
    """The gazetteer with five places: the real one takes two seconds to read, and is read in test_gazetteer.py."""
    known = {"nanaimo": [NANAIMO], "suzhou": SUZHOUS, "kelowna": [KELOWNA], "kamloops": [KAMLOOPS]}
    return {name: known[name] for name in names if name in known}


def bring(keeper, *lines, table="agreements", only_new=False, **same):
    """A file that was checked, its columns guessed."""
    return checked(keeper, [line.split(",") for line in lines], table=table, only_new=only_new, **same)


def checked(keeper, rows, *, table="agreements", only_new=False, name="list.csv", **same):
    """The same, of rows that are read already."""
    known = headings.guess([str(cell) for cell in rows[0]], columns_of(table))
    columns = {**reading.USUAL[table], **known, **same}
    facts = {"table": table, "name": name, "reason": "our list", "columns": columns}
    batch = imports.upload(rows, **facts, by=keeper, at=NOW)
    match_columns(batch, columns, only_new=only_new, by=keeper, at=NOW)
    return again(batch)


def again(batch):
    """The machine does what it has to do."""
    carry_on(NOW)
    batch.refresh_from_db()
    return batch


def started(batch, keeper):
    """All of it is brought in."""
    start_import(batch, by=keeper, at=NOW)
    return again(batch)


def withdrawn(batch, keeper):
    """All of it is taken back."""
    withdraw_import(batch, reason="by mistake", by=keeper, at=NOW)
    return again(batch)


def faults(batch):
    """Row and column of each."""
    return [(one["row"], one["column"]) for one in Sheet.objects.get(batch=batch).faults]


def whys(batch, language="en"):
    """The sentences."""
    return [one["why"][language] for one in Sheet.objects.get(batch=batch).faults]


def left(batch):
    """What was not taken back, and why."""
    return [(one["name"]["en"], one["why"]["en"]) for one in Sheet.objects.get(batch=batch).left]


def register():
    """The whole register as files."""
    return {table: "".join(dump(table)) for table in reading.SIDES}
