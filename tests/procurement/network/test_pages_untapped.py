"""Tests of the page, file and API of untapped potential: agreements that were never used, from the shipped register."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from accounts.actors import CONSOLE_ACTOR
from partners.cities.models import City
from partners.register_import.shipped_register import DATA_DIRECTORY, load_register
from procurement.network.views.untapped_potential import COUNT_LABELS, DIFFERENCE_REASONS
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from tests.procurement.api.program import Program, problem
from tests.worlds import cities
from tests.worlds.cities import NOW, Role
from tests.worlds.need_to_order import Story
from workflow.clock import clear_instance_cache, create_instance

pytestmark = pytest.mark.django_db
ARTICLES_DAYS = "?here=CA&there=CN&since=2015-01-01&on=2020-04-30"
THE_SIX = {
    ("zhongshan-cn", "markham-ca"),
    ("guiyang-cn", "burnaby-ca"),
    ("lijiang-cn", "new-westminster-ca"),
    ("anyang-cn", "lethbridge-ca"),
    ("huaian-cn", "oakville-ca"),
    ("jiaozuo-cn", "thunder-bay-ca"),
}


@pytest.fixture
def practice():
    create_instance("practice", NOW)
    yield
    clear_instance_cache()


def client_with_role(role=Role.COORDINATOR, place=None):
    client = Client()
    client.force_login(cities.member(role, place))
    return client


def open_untapped(query="", who=None, status=200):
    answer = (who or client_with_role()).get(f"/network/untapped/{query}")
    assert answer.status_code == status
    return answer


def city_pairs(donations):
    return {(gift.from_city.slug, gift.to_city.slug) for gift in donations}


def shipped_gifts():
    """Return the donations of Chinese places to other countries, from the file itself."""
    countries = dict(City.objects.values_list("slug", "country"))
    with (DATA_DIRECTORY / "exchanges.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "ppe_donation"]
    return [row for row in rows if countries[row["from_city"]] == "CN" and countries[row["to_city"]] != "CN"]


class ShippedRegisterTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        create_instance("practice", NOW)
        load_register(by=CONSOLE_ACTOR, at=NOW)

    def tearDown(self):
        clear_instance_cache()

    def test_documented_donations_and_every_other_donor_are_shown(self):
        answer = open_untapped(ARTICLES_DAYS)
        (_a, here, _o), (_b, tied, _o), (_c, untied, _o), (_d, later, _o) = answer.context["groups"]
        between_cities = {
            pair for pair in city_pairs(here) if pair != ("guangdong-cn", "british-columbia-ca")
        }
        assert between_cities == THE_SIX
        assert ("guangdong-cn", "british-columbia-ca") in city_pairs(here)
        rows = {(row["from_city"], row["to_city"]) for row in shipped_gifts()}
        assert city_pairs(here) | city_pairs(tied) | city_pairs(untied) | city_pairs(later) == rows
        text = " ".join(answer.content.decode().split())
        for gift in (*here, *tied, *untied, *later):
            assert escape(gift.from_city.name) in text
            assert gift.source_url.replace("&", "&amp;") in text
        assert "12,000 pieces" in text
        assert "by the end of April 2020" in text

    def test_counts_are_shown_beside_the_articles_with_reasons_for_differences(self):
        answer = open_untapped(ARTICLES_DAYS)
        lines = {
            str(line.question): (line.city_agreements_count, line.article_count, line.equals_article_count)
            for line in answer.context["lines"]
        }
        assert lines == {
            "Current agreements": (63, 107, False),
            "Cities on this side": (40, 66, False),
            "Cities on the other side": (58, 80, False),
            "Active agreements": (11, 45, False),
            "Partners that donated equipment abroad": (9, 41, False),
            "Of these, partners with an active agreement on this side": (7, 29, False),
            "Partners that donated equipment to cities on this side": (6, 6, True),
        }
        html = answer.content.decode()
        assert "The list behind the article is not public." in html
        assert "No difference." in html
        assert "Rainy Day Connections" in html
        assert "Use the article’s dates" not in html
        assert "Use the article’s dates" in open_untapped("?here=CA&there=CN").content.decode()
        assert set(COUNT_LABELS) == set(DIFFERENCE_REASONS)

    def test_untapped_partners_of_japan_and_china_are_counted_without_newspaper_article(self):
        answer = open_untapped("?here=JP&there=CN&on=2020-04-30")
        assert answer.context["found"].article is None
        assert answer.context["found"].all_agreement_figures.agreement_count == 36
        assert "In the article" not in answer.content.decode()
        turned = open_untapped("?here=CN&there=CA").context["found"]
        assert (
            turned.all_agreement_figures.asking_city_count
            == open_untapped("?here=CA&there=CN").context["found"].all_agreement_figures.partner_city_count
        )

    def test_own_country_is_selected_with_its_most_frequent_partner(self):
        own = (
            open_untapped(who=client_with_role(Role.OBSERVER, City.objects.get(slug="moriguchi-jp")))
            .context["found"]
            .country_pair
        )
        assert (own.first_country, own.second_country, own.reference_date) == ("JP", "CN", NOW.date())

    def test_coordinator_starts_with_a_country_that_has_members(self):
        before = open_untapped().context["found"].country_pair
        assert (before.first_country, before.second_country) == (
            "CN",
            "CA",
        )  # none has any: the most agreements
        for slug in ("moriguchi-jp", "burnaby-ca"):
            cities.member(Role.OFFICER, City.objects.get(slug=slug))
        after = open_untapped().context["found"].country_pair
        assert (after.first_country, after.second_country) == ("CA", "CN")

    def test_donation_is_shown_from_its_date_and_listed_apart_before(self):
        assert ("anyang-cn", "lethbridge-ca") in city_pairs(
            open_untapped("?here=CA&there=CN&on=2020-04-28").context["found"].donations.after_date
        )
        assert ("anyang-cn", "lethbridge-ca") in city_pairs(
            open_untapped("?here=CA&there=CN&on=2020-04-29").context["found"].donations.to_home
        )


def test_register_without_international_agreements_links_to_the_import(practice):
    assert (
        "No agreements between cities in different countries have been recorded yet."
        in open_untapped().content.decode()
    )


# --- contacts asked ---------------------------------------------------------------------------------------------
@pytest.fixture
def story_with_inquiry(practice):
    """Return an example purchase (`Story`) in which Burnaby asked a contact in Zhongshan on 16 April 2020.

    Burnaby has asked no contact in Foshan, and Markham has asked no contact at all.
    """
    story = Story()
    for one, other in (("burnaby", "zhongshan"), ("burnaby", "foshan"), ("markham", "wuhan")):
        cities.twinning(one, other)
    cities.exchange("burnaby", "foshan", "2019-03-01")
    cities.exchange("foshan", "markham", "2020-03-01", kind="ppe_donation", items="masks")
    inquiry = draft_inquiry(
        story.line().supply_request, story.contact, subject="Masks", body="您好", author=story.officer.user,
        by=story.officer.by, at=NOW,
    )  # fmt: skip
    send_inquiry(inquiry, by=story.officer.by, at=NOW)
    return story


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?here=CA&there=CA", "Choose two different countries or regions."),
        ("?here=CA&there=CN&on=soon", "Enter the date as year-month-day"),
        ("?here=CA&there=XX", "Select a valid choice"),
    ],
)
def test_invalid_untapped_query_is_refused_at_its_field(story_with_inquiry, query, words):
    assert words in open_untapped(query, status=422).content.decode()


def place_names(answer):
    return {(row.first_city.slug, row.partner_city.slug) for row in answer.context["never_asked"]}


def test_partners_never_asked_are_named_to_readers_who_see_the_inquiries(story_with_inquiry):
    burnaby = open_untapped(who=client_with_role(Role.OBSERVER, cities.city("burnaby")))
    assert place_names(burnaby) == {("burnaby", "foshan")}
    assert [(row.partner_city.slug, len(reasons)) for row, reasons in burnaby.context["untapped"]] == [
        ("foshan", 2)
    ]
    markham = open_untapped(who=client_with_role(Role.OBSERVER, cities.city("markham")))
    assert place_names(markham) == {("markham", "wuhan")}
    assert [len(reasons) for _row, reasons in markham.context["untapped"]] == [1]
    assert place_names(open_untapped("?here=CA&there=CN")) == {("burnaby", "foshan"), ("markham", "wuhan")}


def test_inquiry_counts_from_the_date_it_was_sent(story_with_inquiry):
    before = (NOW - timedelta(days=1)).date().isoformat()
    assert ("burnaby", "zhongshan") in place_names(open_untapped(f"?here=CA&there=CN&on={before}"))


def test_long_list_of_partners_never_asked_is_paged(story_with_inquiry, monkeypatch):
    for number in range(30):
        cities.twinning("burnaby", cities.city(f"town{number}", country="CN"))
    first = open_untapped("?here=CA&there=CN")
    second = open_untapped("?here=CA&there=CN&cursor=25")
    assert (len(first.context["never_asked"]), len(second.context["never_asked"])) == (25, 7)
    assert "cursor=25" in first.content.decode()
    assert (
        open_untapped("?here=CA&there=CN&cursor=900").context["never_asked"].rows
        == first.context["never_asked"].rows
    )


def test_untapped_query_count_does_not_grow_with_agreements(story_with_inquiry):
    client = client_with_role()

    def count_queries():
        with CaptureQueriesContext(connection) as taken:
            open_untapped("?here=CA&there=CN", who=client)
        return len(taken)

    count_queries()
    few = count_queries()
    for number in range(20):
        cities.twinning("burnaby", cities.city(f"town{number}", country="CN"))
        cities.exchange(cities.city(f"town{number}"), "markham", "2020-03-02", kind="ppe_donation")
    assert count_queries() == few <= 14


# --- as a file --------------------------------------------------------------------------------------------------
def rows_of(query):
    answer = open_untapped(query)
    assert answer["Content-Type"].startswith("text/csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_untapped_agreements_and_donations_download_as_csv(story_with_inquiry):
    heading, *agreements = rows_of("?here=CA&there=CN&as=csv")
    assert heading[:3] == ["City", "Country or region", "Agreement with"]
    by_sides = {(row[0], row[2]): dict(zip(heading, row, strict=True)) for row in agreements}
    assert by_sides["Burnaby", "Foshan"]["Asked"] == "No"
    assert by_sides["Burnaby", "Foshan"]["Active"] == "Yes"
    assert by_sides["Burnaby", "Zhongshan"]["Asked"] == "Yes"
    _heading, *donations = rows_of("?here=CA&there=CN&as=csv&of=donations")
    assert [(row[0], row[1], row[3], row[5]) for row in donations] == [
        ("Foshan", "Markham", "2020-03-01", "masks")
    ]


def test_untapped_csv_gives_reasons_and_the_figures_download_too(story_with_inquiry):
    heading, *agreements = rows_of("?here=CA&there=CN&as=csv")
    why = {row[2]: dict(zip(heading, row, strict=True))["Worth asking"] for row in agreements}
    assert why["Foshan"] == "has donated equipment to other cities, but not to this one; has never been asked"
    heading, *figures = rows_of("?here=CA&there=CN&as=csv&of=figures")
    assert heading == ["Question", "All rows", "Cities only", "In the article", "Reason for the difference"]
    shown = open_untapped("?here=CA&there=CN").context["lines"]
    assert [row[:4] for row in figures] == [
        [
            str(value)
            for value in (
                one.question,
                one.all_agreements_count,
                one.city_agreements_count,
                one.article_count,
            )
        ]
        for one in shown
    ]
    assert rows_of("?here=CN&there=CA&as=csv&of=figures")[0] == ["Question", "All rows", "Cities only"]


# --- as an API resource -----------------------------------------------------------------------------------------
def api_client(place):
    return Program(cities.member(Role.OBSERVER, cities.city(place)), scopes=("read",))


def test_untapped_api_names_a_parameter_without_a_value(story_with_inquiry):
    refusal = problem(api_client("burnaby").ask("get", "untapped/?here=ca&there=CN&on="))
    assert (refusal["status"], refusal["errors"][0]["parameter"]) == (422, "on")


def test_untapped_api_returns_figures_donations_and_the_reasons_of_each_agreement(story_with_inquiry):
    data = api_client("burnaby").get("untapped/?here=ca&there=CN&on=2020-04-30")
    assert (data["here"], data["there"], data["since"], data["on"]) == (
        "CA",
        "CN",
        "2015-01-01",
        "2020-04-30",
    )
    assert data["figures"]["agreement_count"] == data["between_cities"]["agreement_count"] == 3
    assert data["article"]["figures"]["agreement_count"] == 107
    assert [gift["from_city"] for gift in data["donations"]["to_asking_country"]] == ["foshan"]
    agreements = {(agreement["here"], agreement["there"]): agreement for agreement in data["agreements"]}
    assert agreements["burnaby", "foshan"]["reasons"] == ["gives_to_others", "never_asked"]
    assert agreements["burnaby", "zhongshan"]["asked"] is True
    assert agreements["markham", "wuhan"]["asked"] is None


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("there=CN", "here"),
        ("here=CA&there=CA", "there"),
        ("here=CA&there=C1", "there"),
        ("here=CA&there=CN&on=soon", "on"),
        ("here=CA&there=CN&of=donations", "of"),
        ("here=CA&here=CA&there=CN", "here"),
    ],
)
def test_untapped_api_names_an_invalid_parameter(practice, query, parameter):
    answer = api_client("burnaby").ask("get", f"untapped/?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == parameter


def test_untapped_api_dates_are_optional(story_with_inquiry):
    data = api_client("burnaby").get("untapped/?here=CA&there=JP")
    assert (data["on"], data["article"], data["agreements"]) == (NOW.date().isoformat(), None, [])


def test_no_agreement_is_active_before_the_activity_period(story_with_inquiry):
    answer = open_untapped("?here=CA&there=CN&on=2014-01-01")
    assert "The reference date is before that day" in answer.content.decode()
    assert answer.context["found"].all_agreement_figures.active_agreement_count == 0


def test_untapped_countries_may_be_lower_case_and_one_alone_gets_its_usual_partner(story_with_inquiry):
    for query in ("?here=ca&there=cn", "?here=CA", "?there=CN", "?here=cn"):
        sides = open_untapped(query).context["found"].country_pair
        assert {sides.first_country, sides.second_country} == {"CA", "CN"}
        assert sides.first_country == ("CN" if query == "?here=cn" else "CA")
