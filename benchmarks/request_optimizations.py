"""Benchmark of two optimizations of every request: the SQL cache and the permission query.

It shows developers what plain Django would cost. The two optimizations are the SQL of lists that is
compiled once (`workflow/api/sql_cache.py`) and the permissions that one statement loads
(`partners/permissions/permissions.py`). `python -m benchmarks.request_optimizations` sends the same requests in
turn with both, with SQL compiled each time, and with permissions read by the ORM, in one process without
a network. Times are the elapsed time of the fastest tenth (other load on the machine is left out) and, in
brackets, the median processor time of Python.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from benchmarks.measurements import percentile
from benchmarks.scratch_instance import scratch_installation

if TYPE_CHECKING:
    from partners.permissions.permissions import Grants

REQUEST_PATHS = {
    "API: needs": "/api/v1/supply-requests/",
    "API: needs of a status": "/api/v1/supply-requests/?status=open",
    "API: a search": "/api/v1/supply-requests/?search=harbour+clinic",
    "API: offers": "/api/v1/supplier-leads/",
    "API: shipments": "/api/v1/shipments/",
    "page: needs": "/needs/",
    "page: Today": "/",
}
TABLE_HEAD = (
    "| request | statements | ms | ms, SQL compiled each time | longer by | ms, permissions by the ORM | "
    "longer by "
    "| statements |\n| --- | --: | --: | --: | --: | --: | --: | --: |"
)


def main() -> int:
    """Fill the database, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.request_optimizations", description=__doc__)
    parser.add_argument("--needs", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--port", type=int, default=8150)
    options = parser.parse_args()
    with scratch_installation(options.port):  # the settings are known only now
        from benchmarks.fill.fill_database import fill_to_size  # noqa: PLC0415 - needs settings
        from benchmarks.fill.people import create_people  # noqa: PLC0415 - needs settings
        from benchmarks.fill.random_stories import StorySource  # noqa: PLC0415 - needs settings
        from benchmarks.runner import prepare_database  # noqa: PLC0415 - needs settings
        from workflow.clock import real_now  # noqa: PLC0415 - needs settings

        prepare_database()
        at = real_now()
        readers = create_people(at)[:5]
        fill_to_size(options.needs, StorySource.load(at))
        print(
            f"{options.needs:,} needs, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n\n{TABLE_HEAD}"
        )
        for line in optimization_table_rows(readers, options.times):
            print(line, flush=True)
    return 0


def optimization_table_rows(readers: list[Any], times: int) -> Iterator[str]:
    """Yield a table row for each address, requested `times` times with and without each optimization."""
    from django.test import Client  # noqa: PLC0415 - needs settings

    ways = _ways()
    for what, address in REQUEST_PATHS.items():
        took: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
        sent: dict[str, int] = {}
        clients = [Client() for _reader in readers]  # each loads the middleware once
        for turn in range(times + len(readers)):
            person = readers[turn % len(readers)]
            headers = person.api_headers if what.startswith("API") else person.page_headers
            for way, patches in ways.items():
                with ExitStack() as stack:
                    for one in patches:
                        stack.enter_context(one)
                    *spent, sent[way] = _asked(clients[turn % len(readers)], address, headers)
                if turn >= len(readers):  # the first turn of each reader fills the caches
                    took[way].append((spent[0], spent[1]))
        now, compiled, orm = (
            [percentile(each, part) for each, part in zip(zip(*known, strict=True), (10, 50), strict=True)]
            for known in took.values()
        )
        yield (
            f"| {what} | {sent['now']} | {_ms(now)} | {_ms(compiled)} | {_longer(compiled, now)} "
            f"| {_ms(orm)} | {_longer(orm, now)} | {sent['orm']} |"
        )


def _ms(known: list[float]) -> str:
    return f"{known[0]:.1f} ({known[1]:.1f})"


def _longer(known: list[float], than: list[float]) -> str:
    return f"{known[0] / than[0] - 1:.0%} ({known[1] / than[1] - 1:.0%})"


def _ways() -> dict[str, list[Any]]:
    """Return the patches that switch off each optimization."""
    from workflow.api.sql_cache import compiled_query  # noqa: PLC0415 - needs settings

    def compile_each_time(key: Any, position: Any, build: Any) -> Any:
        return compiled_query(None, position, build)

    users = ("workflow.api.viewsets", "procurement.dashboard.views")
    return {
        "now": [],
        "compiled": [patch(f"{module}.compiled_query", compile_each_time) for module in users],
        "orm": [patch("partners.permissions.permissions.load_grants", grants_by_orm)],
    }


def _asked(client: Any, address: str, headers: Any) -> tuple[float, float, int]:
    """Return the milliseconds of one request, elapsed and of the processor, and its statements."""
    from django.db import connection  # noqa: PLC0415 - needs settings

    count = [0]

    def counting(execute: Any, *values: Any) -> Any:
        count[0] += 1
        return execute(*values)

    with connection.execute_wrapper(counting):
        began, worked = time.perf_counter(), time.process_time()
        answer = client.get(address, headers=headers)
        spent, work = (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000
    assert answer.status_code == 200, answer.content
    return spent, work, count[0]


def grants_by_orm(user_id: int) -> "Grants":
    """Return the same grants as `load_grants`, read with the ORM: one query for each model."""
    from django.db.models import Q  # noqa: PLC0415 - needs settings

    from partners.agreements.models import TwinningAgreement  # noqa: PLC0415 - needs settings
    from partners.agreements.status import is_in_force  # noqa: PLC0415 - needs settings
    from partners.cities.models import City  # noqa: PLC0415 - needs settings
    from partners.contacts.models import Contact  # noqa: PLC0415 - needs settings
    from partners.memberships.models import Delegation, Membership  # noqa: PLC0415 - needs settings
    from partners.permissions.permissions import NO_CITIES, ActiveDelegation, GrantedRole, Grants  # noqa: PLC0415 - needs settings
    from workflow.clock import now  # noqa: PLC0415 - needs settings

    at = now()
    memberships = list(Membership.objects.active().filter(user=user_id).values_list("role", "city"))
    places = dict(
        Contact.objects.filter(user=user_id, status=Contact.Status.ACTIVE).values_list("pk", "city")
    )
    own_cities = {city for _role, city in memberships if city} | set(places.values())
    agreements = TwinningAgreement.objects.not_ended_or_suspended().filter(
        Q(city_a__in=own_cities) | Q(city_b__in=own_cities)
    )
    city_pairs = []
    for agreement in agreements.select_related("city_a", "city_b") if own_cities else ():
        a, b = agreement.city_a, agreement.city_b
        for one, other in ((a, b), (b, a)):
            day = one.day_at(at)
            if one.pk in own_cities and agreement.is_confirmed(day) and is_in_force(agreement, day):
                city_pairs.append((one.pk, other.pk))
    working = {city for role, city in memberships if role != Membership.Role.BROKER and city}
    delegations = Delegation.objects.not_revoked().filter(deputy=user_id, city__in=working)
    approving = Membership.objects.active().filter(role=Membership.Role.APPROVER)
    active_delegations = [
        ActiveDelegation(one.pk, one.city_id, one.delegator_id, one.delegator.name, one.ends_on)
        for one in (delegations.select_related("city", "delegator") if working else ())
        if one.starts_on <= one.city.day_at(at) <= one.ends_on
        and approving.filter(user=one.delegator_id, city=one.city_id).exists()
    ]
    own = {city for role, city in memberships if role == Membership.Role.COORDINATOR and city}
    inside = City.objects.none()
    provinces = City.objects.filter(pk__in=own, level__in=City.WHOLE_SUBDIVISION_LEVELS).exclude(
        subdivision=""
    )
    if own:
        inside = City.objects.filter(subdivision__in=provinces.values("subdivision"))
    watched = frozenset(own | set(inside.values_list("pk", flat=True))) if own else NO_CITIES
    roles = tuple(GrantedRole(*one) for one in memberships)
    return Grants(roles, places, tuple(city_pairs), watched, tuple(sorted(active_delegations)))


if __name__ == "__main__":
    sys.exit(main())
