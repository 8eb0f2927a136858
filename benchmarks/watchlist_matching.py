"""Benchmark of watchlist matching: a whole new watchlist, and one company that a person saves.

A coordinator uploads the list, and an officer enters the company, which is compared with the list and with all
other companies. `python -m benchmarks.watchlist_matching` measures both in a scratch installation. The names
are generated from syllables, characters and words, the same every time. One supplier in a hundred has a listed
name with a typing error.
"""

import argparse
import os
import random
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from benchmarks.scratch_instance import scratch_installation

# About five hundred syllables and three thousand characters, as in real names. With fewer, thousands of random names
# would be similar by chance, and the benchmark would measure the decisions about matches.
_FIRST = "b p m f d t n l g k h j q x zh ch sh r z c s y w"
_LAST = "a ai an ang ao e en eng i ia ian iang ie in ing iu o ong ou u ua uan un"
LATIN_SYLLABLES = [first + last for first in _FIRST.split() for last in _LAST.split()]
CHINESE_CHARACTERS = [chr(0x4E00 + 7 * number) for number in range(2_900)]
INDUSTRY_WORDS = ("Medical", "Textile", "Protective Products", "Trading", "Technology", "Import and Export")
INDUSTRY_WORDS_ZH = ("医疗器械", "纺织", "防护用品", "贸易", "科技", "进出口")
PLACE_NAMES = (
    ("Zhongshan", "中山"),
    ("Wuhan", "武汉"),
    ("Anyang", "安阳"),
    ("Foshan", "佛山"),
    ("Huzhou", "湖州"),
)
BENCHMARK_TIME = datetime(2020, 4, 16, 16, tzinfo=UTC)
TYPING_ERROR_ONE_IN = 100  # one supplier in this many has a listed name with a typing error
SINGLE_COMPARISONS = 200  # suppliers compared one by one


def main() -> None:
    """Read the options, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.watchlist_matching", description=__doc__)
    parser.add_argument("--listed", type=int, default=50_000)
    parser.add_argument("--companies", type=int, default=100_000)
    parser.add_argument("--port", type=int, default=8142)
    values = parser.parse_args()
    with scratch_installation(values.port):  # the settings are known only now
        from django.core.management import call_command  # noqa: PLC0415 - needs settings

        call_command("migrate", verbosity=0)
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        _measure(*random_names(values.listed, values.companies))


def random_names(listed: int, companies: int) -> tuple[list[str], list[tuple[str, str]]]:
    """Return this many listed names, and this many suppliers' names in Chinese and English.

    The result is the same for the same numbers.
    """
    chance = random.Random(7)
    values = [one for _number in range(listed) for one in [chance.choice(_random_company_name(chance))]]
    company_names = [_random_company_name(chance) for _number in range(companies)]
    for number in range(0, companies, TYPING_ERROR_ONE_IN):
        company_names[number] = (company_names[number][0], _with_typing_error(chance, chance.choice(values)))
    return values, company_names


def _random_company_name(chance: random.Random) -> tuple[str, str]:
    place, trade = chance.choice(PLACE_NAMES), chance.randrange(len(INDUSTRY_WORDS))
    core = "".join(chance.choices(CHINESE_CHARACTERS, k=chance.randint(2, 4)))
    latin = "".join(chance.choices(LATIN_SYLLABLES, k=chance.randint(2, 3))).title()
    second = "".join(chance.choices(LATIN_SYLLABLES, k=2)).title()
    return (
        f"{place[1]}市{core}{INDUSTRY_WORDS_ZH[trade]}有限公司",
        f"{place[0]} {latin} {second} {INDUSTRY_WORDS[trade]} Co., Ltd.",
    )


def _with_typing_error(chance: random.Random, name: str) -> str:
    at = chance.randrange(len(name) // 2)
    return name[:at] + name[at + 1 :]


def _measure(listed: list[str], companies: list[tuple[str, str]]) -> None:
    from procurement.sanctions.actions.matches import screen_supplier  # noqa: PLC0415 - needs settings
    from procurement.sanctions.actions.periodic import activate_next_watchlist  # noqa: PLC0415 - needs settings
    from procurement.sanctions.actions.watchlists import upload_watchlist  # noqa: PLC0415 - needs settings
    from procurement.sanctions.models import ScreenedName, WatchlistMatch  # noqa: PLC0415 - needs settings
    from procurement.sanctions.parsers import ListedEntity  # noqa: PLC0415 - needs settings
    from procurement.suppliers.actions.duplicate_search import find_duplicates  # noqa: PLC0415 - needs settings
    from procurement.suppliers.models.suppliers import Supplier  # noqa: PLC0415 - needs settings

    uploader, by = _uploader_and_actor()
    rows = [
        Supplier(
            reference=f"SU-2020-{number:06}",
            status="listed",
            created_at=BENCHMARK_TIME,
            legal_name_local=chinese,
            name_en=english,
            name_key=chinese,
            country="CN",
            entered_by=uploader,
        )
        for number, (chinese, english) in enumerate(companies, start=1)
    ]
    Supplier.objects.bulk_create(rows, batch_size=5000)
    known = [
        ScreenedName(supplier=row, name_source=name_source, name=name)
        for row in rows
        for name_source, name in (("legal", row.legal_name_local), ("english", row.name_en))
    ]
    ScreenedName.objects.bulk_create(known, batch_size=5000)
    began = time.perf_counter()
    upload_watchlist(
        [ListedEntity(number, name) for number, name in enumerate(listed, start=2)],
        name="Practice list",
        kind="sanctions",
        publisher="Practice office",
        source="https://lists.example/list.csv",
        published_on=date(2020, 4, 1),
        file_name="list.csv",
        sha256="a" * 64,
        shape="table",
        uploaded_by=uploader,
        by=by,
        at=BENCHMARK_TIME,
    )
    taken = time.perf_counter()
    assert activate_next_watchlist(BENCHMARK_TIME) == 1
    done = time.perf_counter()
    print(f"{len(listed):,} names taken in: {taken - began:.1f} s")
    print(
        f"compared with {len(known):,} names of {len(rows):,} companies, and in force: {done - taken:.1f} s, "
        f"{WatchlistMatch.objects.count():,} possible matches"
    )
    print(f"suppliers due for screening again: {Supplier.objects.filter(changed_at__isnull=False).count():,}")
    ScreenedName.objects.filter(supplier__in=rows[:SINGLE_COMPARISONS]).update(turn=0)
    _single("the list", rows[:SINGLE_COMPARISONS], lambda row: screen_supplier(row, at=BENCHMARK_TIME))
    new = [
        Supplier(legal_name_local=one[:-1], name_en=two[:-1], country="CN")
        for one, two in companies[:SINGLE_COMPARISONS]
    ]
    _single("all other companies", new, find_duplicates)


def _single(what: str, rows: list[Any], compare: Callable[[Any], Any]) -> None:
    took = []
    for row in rows:
        began = time.perf_counter()
        compare(row)
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    print(
        f"one company compared with {what}: median {took[len(took) // 2]:.1f} ms, at worst {took[-1]:.1f} ms"
    )


def _uploader_and_actor() -> tuple[Any, Any]:
    from accounts.models import User  # noqa: PLC0415 - needs settings
    from partners.memberships.models import Membership  # noqa: PLC0415 - needs settings
    from partners.permissions.permissions import permissions_of  # noqa: PLC0415 - needs settings

    user = User.objects.create(email="keeper@bench.example", name="Keeper", created_at=BENCHMARK_TIME)
    Membership.objects.create(user=user, role="coordinator", status="active", created_at=BENCHMARK_TIME)
    return user, permissions_of(user, via="session")


if __name__ == "__main__":
    main()
