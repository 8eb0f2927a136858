"""`python -m benchmarks.network FILE`: how long the network page takes with a whole world of agreements, and how much it draws.

FILE is a CSV with city_a, country_a, lat_a, lng_a and the same for b. It is read into a scratch database that ends with the run; it
is not part of the project.
"""

import argparse
import csv
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.house import scratch

QUERIES = (
    "?of=all",
    "?of=all&country=FR",
    "?of=all&country=CN&state=holds",
    "?of=all&on=1990-01-01",
    "?of=all&cursor=20000",
)


def main() -> int:
    """Load the file, ask for the page a few times, print what it took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.network", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--port", type=int, default=8110)
    parser.add_argument("--times", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="twinlane-bench-") as folder, scratch(Path(folder), asked.port):
        import django  # noqa: PLC0415 - the settings are known only now

        django.setup()
        from benchmarks.running import prepare  # noqa: PLC0415

        prepare()
        print(f"{fill(asked.file):,} agreements in the register, {os.cpu_count()} cores")
        measure(asked.times)
    return 0


def fill(file: Path) -> int:
    """Put the pairs of the file beside what ships with the program, past the actions: only their number matters here."""
    from django.utils.text import slugify  # noqa: PLC0415

    from partners.models.cities import City  # noqa: PLC0415
    from partners.models.ties import Twinning  # noqa: PLC0415
    from workflow.clock import real_now  # noqa: PLC0415

    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    keys: dict[tuple[str, ...], City] = {}
    pairs = {}
    for row in rows:
        ends = []
        for side in ("a", "b"):
            key = tuple(row[f"{name}_{side}"] for name in ("city", "country", "lat", "lng"))
            name, country, lat, lng = key
            slug = f"{slugify(name)[:50] or 'place'}-{len(keys)}"
            facts = {"name_en": name, "country": country, "latitude": lat or None, "longitude": lng or None}
            keys.setdefault(key, City(slug=slug, level="city", **facts))
            ends.append(key)
        if ends[0] != ends[1]:
            pairs.setdefault(frozenset(ends), ends)
    City.objects.bulk_create(keys.values(), batch_size=1000)
    today, at = real_now().date(), real_now()
    Twinning.objects.bulk_create(
        (
            Twinning(
                city_a=keys[a],
                city_b=keys[b],
                kind="sister",
                status="recorded",
                confirmed_a=True,
                confirmed_b=True,
                recorded_on=today,
                created_at=at,
            )
            for a, b in pairs.values()
        ),
        batch_size=1000,
    )
    return Twinning.objects.count()


def measure(times: int) -> None:
    """Ask in this process as an observer, for every tie; the first answer is the one after the web server started."""
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import setup_test_environment  # noqa: PLC0415

    import config.wsgi  # noqa: F401, PLC0415 - what the web server loads before its first answer
    from accounts.actions.people import add  # noqa: PLC0415
    from accounts.actors import CONSOLE  # noqa: PLC0415
    from partners.actions.roles import grant  # noqa: PLC0415
    from partners.models.cities import City  # noqa: PLC0415
    from workflow.clock import real_now  # noqa: PLC0415

    at = real_now()
    person = add(email="bench@example.org", name="Bench", language="en", time_zone="UTC", by=CONSOLE, at=at)
    city = City.objects.get(slug="burnaby-ca")
    grant(person, role="observer", city=city, by=CONSOLE, at=at)
    setup_test_environment()  # so that an answer tells what its template was given
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    for query in QUERIES:
        taken, worked = [], []
        for _time in range(times):
            began, work = time.perf_counter(), time.process_time()
            answer = client.get(f"/network/{query}")
            taken.append(time.perf_counter() - began)
            worked.append(time.process_time() - work)
        assert answer.status_code == 200, answer.status_code
        drawn = answer.context["map"]
        print(
            f"/network/{query}: {answer.context['ties']:,} ties, {len(drawn.places)} marks, {len(drawn.arcs)} lines, "
            f"{len(answer.content) / 1024:.0f} KB; "
            f"first {taken[0]:.2f} s, median {median(taken):.2f} s, most {max(taken):.2f} s; "
            f"of the processor first {worked[0]:.2f} s, median {median(worked):.2f} s"
        )


if __name__ == "__main__":
    sys.exit(main())
