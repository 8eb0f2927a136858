"""`python -m benchmarks.network FILE`: time the network page with a worldwide list of agreements.

It also prints how much the page draws. FILE is a CSV with city_a, country_a, lat_a, lng_a and the
same for b. It is read into a scratch database that is deleted after the run; it is not part of the
project.
"""

import argparse
import csv
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.scratch_instance import scratch

QUERIES = (
    "?of=all",
    "?of=all&country=FR",
    "?of=all&country=CN&state=holds",
    "?of=all&on=1990-01-01",
    "?of=all&cursor=20000",
)


def main() -> int:
    """Load the file, request the page several times and print the times."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.network", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--port", type=int, default=8110)
    parser.add_argument("--times", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="twinlane-bench-") as folder, scratch(Path(folder), asked.port):
        import django  # noqa: PLC0415 - the settings are known only now

        django.setup()
        from benchmarks.runner import prepare  # noqa: PLC0415

        prepare()
        print(f"{fill(asked.file):,} agreements in the register, {os.cpu_count()} cores")
        measure(asked.times)
    return 0


def fill(file: Path) -> int:
    """Add the file's pairs to the program's own register, without the actions.

    Returns the number of agreements, which alone matters here.
    """
    from django.utils.text import slugify  # noqa: PLC0415

    from partners.agreements.models import TwinningAgreement  # noqa: PLC0415
    from partners.cities.models import City  # noqa: PLC0415
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
    TwinningAgreement.objects.bulk_create(
        (
            TwinningAgreement(
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
    return TwinningAgreement.objects.count()


def measure(times: int) -> None:
    """Request all agreements in this process as an observer, and print the times.

    The first answer is the one after a start of the web server.
    """
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import setup_test_environment  # noqa: PLC0415

    import config.wsgi  # noqa: F401, PLC0415 - what the web server loads before its first answer
    from accounts.actions.people import add_person  # noqa: PLC0415
    from accounts.actors import CONSOLE  # noqa: PLC0415
    from partners.cities.models import City  # noqa: PLC0415
    from partners.memberships.actions import grant_role  # noqa: PLC0415
    from workflow.clock import real_now  # noqa: PLC0415

    at = real_now()
    person = add_person(
        email="bench@example.org", name="Bench", language="en", time_zone="UTC", by=CONSOLE, at=at
    )
    city = City.objects.get(slug="burnaby-ca")
    grant_role(person, role="observer", city=city, by=CONSOLE, at=at)
    setup_test_environment()  # so that a response has its template context
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
