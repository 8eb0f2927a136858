"""Makers that a city knows: by its own and shared offers, live or past, and by confirmed certificates, never by others' offers."""

from datetime import timedelta
from itertools import pairwise

import pytest

from partners.routing.contact_paths import RoutingPlace
from partners.routing.recommendations import routing_place
from procurement.allocations.actions import withdraw_lead
from procurement.catalogue.models.certificates import CertificateType
from procurement.catalogue.models.products import Product
from procurement.leads.actions.decisions import expire_overdue_leads, reject_lead
from procurement.leads.actions.leads import draft_lead, share_lead, submit_lead
from procurement.leads.queries.makers import makers_by_place
from procurement.suppliers.actions.certificates import confirm_certificate, record_shown_certificate
from procurement.suppliers.actions.merging import merge_suppliers
from procurement.suppliers.actions.statuses import set_status
from procurement.suppliers.actions.suppliers import add_supplier
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from tests.worlds.watchlists import clear_match, confirm_listed_company, matched_watchlist_entry

pytestmark = pytest.mark.django_db
MASK, KN95, GLOVE = "MASK_SURG", "RESP_KN95", "GLOVE_EXAM_NITRILE"
FAMILIES = {MASK: "mask", KN95: "respirator", GLOVE: "glove"}
ON = AT.date()


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        assert story.officer and story.second_officer and story.stranger and story.verifier and story.supplier
        yield story


def company(story, place="huaian", role="maker", name="淮安 DEMO"):
    return add_supplier(
        legal_name_local=name, country="CN", role=role, place=place and cities.city(place),
        entered_by=story.officer.user, by=story.officer.by, at=AT,
    )  # fmt: skip


def offer(story, supplier, product=MASK, *, city=None, owner=None, sent=True, **facts):
    by = owner or story.officer
    lead = draft_lead(
        city or story.city, author=by.user, by=by.by, at=AT, supplier=supplier, stock_quantity=500,
        product=Product.objects.get(code=product), kind="sale", **facts,
    )  # fmt: skip
    return submit_lead(lead, by=by.by, at=AT) if sent else lead


def made_at(story, place, families=("mask", "respirator", "glove"), *, city=None, on=ON):
    """Return the families of the makers that a city knows at a place."""
    where = place if isinstance(place, RoutingPlace) else routing_place(cities.city(place))
    return makers_by_place(city or story.city, families, on).get(where, frozenset())


@pytest.mark.parametrize("place", ["huaian", "wuhan"])
@pytest.mark.parametrize("products", [[MASK], [KN95, GLOVE], [GLOVE, GLOVE]])
def test_makers_of_own_offers_are_known_at_their_place_and_in_its_province(story, place, products):
    maker = company(story, place)
    for product in products:
        offer(story, maker, product)
    known = {FAMILIES[product] for product in products}
    assert made_at(story, place) == known
    assert made_at(story, place, ["respirator"]) == known & {"respirator"}
    around = cities.city(place)
    assert made_at(story, RoutingPlace(subdivision=around.subdivision, country="CN")) == known
    assert made_at(story, "zhongshan") == frozenset()
    assert made_at(story, RoutingPlace(country="CN")) == frozenset()


def end_offer(story, lead, how):
    by = {"by": story.officer.by, "at": AT}
    if how == "withdrawn":
        withdraw_lead(lead, reason="sold", **by)
    elif how == "rejected":
        reject_lead(lead, reason="a fake", **by)
    elif how == "expired":
        assert expire_overdue_leads(AT + timedelta(days=30)) == 1


@pytest.mark.parametrize(
    ("how", "known"), [("", {"mask"}), ("withdrawn", {"mask"}), ("expired", {"mask"}), ("rejected", set())]
)
def test_past_offers_count_and_rejected_ones_do_not(story, how, known):
    lead = offer(story, company(story), valid_until=ON + timedelta(days=3))
    end_offer(story, lead, how)
    assert made_at(story, "huaian") == known


def test_draft_offer_makes_no_known_maker(story):
    offer(story, company(story), sent=False)
    assert made_at(story, "huaian") == set()


@pytest.mark.parametrize("role", ["trader", "broker", ""])
def test_seller_who_is_no_maker_counts_by_the_named_manufacturer_alone(story, role):
    seller = company(story, "huaian", role)
    offer(story, seller)
    assert made_at(story, "huaian") == set()
    offer(story, seller, GLOVE, maker=company(story, "wuhan", "", "武汉 DEMO"))
    assert made_at(story, "huaian") == set()
    assert made_at(story, "wuhan") == {"glove"}


def test_maker_without_a_place_is_known_nowhere(story):
    offer(story, company(story, None))
    assert makers_by_place(story.city, ["mask"], ON) == {}


def test_offers_to_another_city_count_only_for_that_city_and_those_it_shares_with(story):
    markham = cities.city("markham")
    theirs = offer(story, company(story), city=markham, owner=story.stranger)
    assert made_at(story, "huaian") == set()
    assert made_at(story, "huaian", city=markham) == {"mask"}
    share_lead(theirs, city=story.city, by=story.stranger.by, at=AT)
    assert made_at(story, "huaian") == {"mask"}
    assert made_at(story, "huaian", city=cities.city("oakville")) == set()


@pytest.mark.parametrize(
    ("status", "known"),
    [("banned", set()), ("suspended", set()), ("on_watch", {"mask"}), ("approved", {"mask"})],
)
def test_maker_that_the_city_distrusts_does_not_count_for_it(story, status, known):
    maker, markham = company(story), cities.city("markham")
    offer(story, maker)
    offer(story, maker, city=markham, owner=story.stranger)
    until = ON + timedelta(days=10)
    set_status(
        maker, story.city, status, reason="late", starts_on=ON, ends_on=until, by=story.officer.by, at=AT
    )
    assert made_at(story, "huaian") == known
    assert made_at(story, "huaian", on=until + timedelta(days=1)) == {"mask"}, "the status has ended"
    assert made_at(story, "huaian", city=markham) == {"mask"}, "another city's status is its own"


@pytest.mark.parametrize(
    ("status", "known"), [("banned", set()), ("suspended", set()), ("approved", {"glove"})]
)
def test_offer_of_a_distrusted_seller_proves_no_maker(story, status, known):
    seller, maker = company(story, "wuhan", "trader"), company(story, "huaian", "maker", "淮安制造 DEMO")
    offer(story, seller, GLOVE, maker=maker)
    set_status(seller, story.city, status, reason="fakes", starts_on=ON, by=story.officer.by, at=AT)
    assert made_at(story, "huaian") == known
    offer(story, maker, KN95)
    assert made_at(story, "huaian") == known | {"respirator"}, "its own offer proves it"


def test_merged_row_counts_at_the_place_of_the_row_that_remains(story):
    old, new = company(story, "huaian"), company(story, "wuhan", "maker", "武汉 DEMO")
    offer(story, old)
    merge_suppliers(old, into=new, reason="one company", by=story.officer.by, at=AT)
    assert made_at(story, "wuhan") == {"mask"}
    assert made_at(story, "huaian") == set()


@pytest.mark.parametrize("banned", [None, 0, 1, 2, 3])
def test_rows_merged_three_times_count_as_the_last_and_a_ban_of_any_row_counts(story, banned):
    places = ("huaian", "zhongshan", "foshan", "wuhan")
    rows = [company(story, place, "maker", f"{place} DEMO") for place in places]
    offer(story, rows[0])
    offer(story, rows[3], GLOVE)
    if banned is not None:
        set_status(
            rows[banned], story.city, "banned", reason="a fake", starts_on=ON, by=story.officer.by, at=AT
        )
    for old, new in pairwise(rows):
        merge_suppliers(old, into=new, reason="one company", by=story.officer.by, at=AT)
    assert made_at(story, "wuhan") == ({"mask", "glove"} if banned is None else set())
    assert all(made_at(story, place) == set() for place in places[:3])


@pytest.mark.parametrize(
    ("decide", "known"),
    [(confirm_listed_company, False), (matched_watchlist_entry, True), (clear_match, True)],
)
def test_maker_confirmed_to_be_on_a_watchlist_does_not_count(story, decide, known):
    offer(story, story.supplier)
    assert makers_by_place(story.city, ["mask"], ON)
    decide(story)
    assert bool(makers_by_place(story.city, ["mask"], ON)) is known


@pytest.mark.parametrize(("role", "known"), [("maker", {"glove"}), ("trader", set())])
def test_maker_with_a_confirmed_certificate_is_known_to_every_city(story, role, known):
    certificate = record_shown_certificate(
        company(story, "huaian", role), CertificateType.objects.get(code="CN_NMPA_REG"), number="粤械注准20162641234",
        products=[Product.objects.get(code=GLOVE)], entered_by=story.officer.user, by=story.officer.by, at=AT,
    )  # fmt: skip
    assert made_at(story, "huaian") == set(), "it is only claimed"
    confirm_certificate(
        certificate, address="https://register.example/", reason="Read in the register.",
        looked_up_by=story.officer.user, by=story.officer.by, at=AT,
    )  # fmt: skip
    assert made_at(story, "huaian") == known
    assert made_at(story, "huaian", city=cities.city("markham")) == known


def test_known_makers_are_read_with_one_query(story, django_assert_num_queries):
    for place in ("huaian", "wuhan", "zhongshan"):
        for product in (MASK, GLOVE):
            offer(story, company(story, place, "maker", f"{place} {product} DEMO"), product)
    with django_assert_num_queries(1):
        assert len(makers_by_place(story.city, ["mask", "glove"], ON)) == 6
