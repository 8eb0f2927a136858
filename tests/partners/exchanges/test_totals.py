"""Totals of a city's exchanges: different units are never added, and nothing is lost or guessed."""

from dataclasses import dataclass
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from partners.exchanges.models import Exchange
from partners.exchanges.timeline import group_by_year
from partners.exchanges.totals import KINDS_WITH_GOODS, goods_totals, normalize_goods
from partners.partial_dates import PartialDate, Precision

HERE, OTHER = 1, 2


@dataclass(frozen=True)
class DonationStub:
    from_city_id: int = HERE
    kind: str = "ppe_donation"
    items: str = "masks"
    quantity: int | None = None
    unit: str = "piece"


GONE = st.builds(
    DonationStub,
    from_city_id=st.sampled_from((HERE, OTHER)),
    kind=st.sampled_from(Exchange.Kind.values),
    items=st.sampled_from(("masks", "Masks", " masks", "surgical  masks", "gowns", "")),
    quantity=st.none() | st.integers(0, 10**9),
    unit=st.sampled_from(("piece", "Piece", "pair", "set", "CAD", "EUR", "")),
)


@given(st.lists(GONE, max_size=40))
def test_every_donation_is_counted_once_without_mixing_units_or_goods(gone):
    found = goods_totals(gone, HERE)
    goods = [one for one in gone if one.kind in KINDS_WITH_GOODS]
    assert sum(total.given.exchange_count + total.received.exchange_count for total in found) == len(goods)
    for total in found:
        for way, amount in ((True, total.given), (False, total.received)):
            alike = [
                one
                for one in goods
                if (one.from_city_id == HERE) is way
                and one.kind == total.kind
                and normalize_goods(one.items) == normalize_goods(total.items)
            ]
            assert amount.exchange_count == len(alike)
            assert amount.unknown_quantity_count == sum(one.quantity is None for one in alike)
            known = [one for one in alike if one.quantity is not None]
            assert amount.quantity_by_unit == {
                unit: sum(one.quantity for one in known if normalize_goods(one.unit) == unit)
                for unit in {normalize_goods(one.unit) for one in known}
            }
    keys = [(total.kind, normalize_goods(total.items)) for total in found]
    assert len(keys) == len(set(keys))


def test_goods_with_different_descriptions_are_not_merged():
    found = goods_totals(
        [DonationStub(items="masks", quantity=5), DonationStub(items="surgical masks", quantity=7)], HERE
    )
    assert [(total.items, total.given.quantity_by_unit) for total in found] == [
        ("masks", {"piece": 5}),
        ("surgical masks", {"piece": 7}),
    ]


def test_money_keeps_its_currency_and_letters_and_visits_do_not_count():
    gone = [DonationStub(kind="fundraising", items="money", quantity=10, unit="CAD")]
    gone += [DonationStub(kind=kind) for kind in ("letter", "delegation_visit", *Exchange.UNREALIZED_KINDS)]
    (total,) = goods_totals(gone, HERE)
    assert total.given.quantity_by_unit == {"CAD": 10}


@dataclass(frozen=True)
class DatedStub:
    when: PartialDate


WHEN = st.builds(
    PartialDate, st.dates(date(1990, 1, 1), date(2030, 12, 31)), st.sampled_from(Precision.values)
) | st.just(PartialDate())


@given(st.lists(st.builds(DatedStub, WHEN), max_size=40))
def test_years_are_newest_first_and_contain_every_exchange_once(things):
    years = group_by_year(things)
    numbers = [year.year for year in years]
    assert numbers == sorted(set(numbers), reverse=True)
    held = [thing for year in years for thing in (*year.dated, *year.known_only_to_year)]
    assert sorted(map(id, held)) == sorted(id(thing) for thing in things if thing.when)
    for year in years:
        assert year.dated or year.known_only_to_year
        assert (year.when.first_day.year, year.when.precision) == (year.year, "year")
        assert all(thing.when.precision == "year" for thing in year.known_only_to_year)
        assert all(thing.when.precision != "year" for thing in year.dated)
        assert all(
            thing.when.first_day.year == year.year for thing in (*year.dated, *year.known_only_to_year)
        )
        assert year.dated == [
            thing
            for thing in things
            if thing.when.first_day
            and thing.when.first_day.year == year.year
            and thing.when.precision != "year"
        ]
