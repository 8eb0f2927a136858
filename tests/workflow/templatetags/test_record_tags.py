"""Template tags for an object: its status changes, history and lists, on rows that actions made."""

from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from django_tables2 import Column

from partners.agreements.actions import suspend_agreement
from partners.agreements.models import TwinningAgreement
from partners.agreements.rules import MOVES
from partners.cities.models import City
from partners.contacts.models import Contact
from procurement.requests.models import SupplyRequest
from tests.worlds import cities
from tests.worlds.cities import own_link
from workflow.http import pagination
from workflow.http.keyset import Cursor
from workflow.http.pagination import ListTable
from workflow.journal.entries import history_of
from workflow.templatetags.history import changes, is_readable_field, readable_value

pytestmark = pytest.mark.django_db


def render_template(source, **context):
    shell = SimpleNamespace(now=cities.NOW, nonce="abc")
    request = RequestFactory().get("/")
    request.by = cities.powers("coordinator")
    return Template(source).render(Context({"request": request, "shell": shell, **context}))


@pytest.fixture
def agreement():
    return cities.twinning("burnaby", "zhongshan")


def test_open_status_changes_are_buttons_and_status_changes_with_a_reason_are_links(agreement):
    by = cities.powers("coordinator")
    html = render_template("{% moves agreement by %}", agreement=agreement, by=by)
    open_ones = [move for move, no in MOVES.available(by, agreement, cities.NOW) if no is None]
    assert open_ones
    for move in open_ones:
        assert f"{agreement.get_absolute_url()}{move.verb}/" in html
    asking = next(move for move in open_ones if move.requires_reason)
    assert '<a class="btn' in html
    assert f'href="{agreement.get_absolute_url()}{asking.verb}/"' in html


def test_page_may_omit_status_changes_or_open_them_as_forms(agreement):
    by = cities.powers("coordinator")
    verbs = " ".join(move.verb for move, _no in MOVES.available(by, agreement, cities.NOW))
    assert "btn" not in render_template(
        "{% moves agreement by leave_out=verbs %}", agreement=agreement, by=by, verbs=verbs
    )
    assert "<form" not in render_template(
        "{% moves agreement by asks=verbs %}", agreement=agreement, by=by, verbs=verbs
    )


def test_status_change_ending_an_object_may_be_kept_from_being_the_primary_button():
    contact = cities.contact("zhongshan", "Li Wei")
    by = own_link(contact)
    assert "btn-primary" in render_template("{% moves contact by asks='stop' %}", contact=contact, by=by)
    assert "btn-primary" not in render_template(
        "{% moves contact by asks='stop' quiet='stop' %}", contact=contact, by=by
    )


def test_observer_of_another_city_sees_no_status_change_button(agreement):
    assert "btn" not in render_template(
        "{% moves agreement by %}", agreement=agreement, by=cities.powers("observer", cities.city("markham"))
    )


def test_history_states_who_what_when_and_why(agreement):
    suspend_agreement(agreement, by=cities.powers("coordinator"), at=cities.NOW, reason="Talks <stopped>")
    html = render_template("{% history agreement %}", agreement=agreement)
    assert "Coordinator of the network" in html
    assert "Talks &lt;stopped&gt;" in html
    assert "Recorded → Suspended" in html
    assert html.index("Suspended") < html.rindex("<li>")


def test_history_names_automatic_and_console_actions_in_the_readers_language(agreement):
    entry = history_of(agreement).latest("pk")
    entry.by_label = "Officer of Burnaby"
    line = (entry, "", [], "")
    with translation.override("zh-hans"):
        for via, said in [
            ("clock", "系统自动"),
            ("command", "服务器控制台"),
            ("session", "Officer of Burnaby"),
        ]:
            entry.via = via
            html = render_template('{% include "components/history.html" %}', lines=[line])
            assert f"<strong>{said}</strong>" in html


def test_history_omits_internal_counters():
    said = {field.name for field in Contact._meta.concrete_fields if is_readable_field(field)}
    assert "languages" in said
    assert not said & {"id", "organization", "open_questions", "answer_hours", "answer_times"}


def test_empty_history_and_another_citys_history_explain_themselves():
    assert "No activity yet." in render_template("{% history thing %}", thing=TwinningAgreement(pk=0))
    assert "Other entries are visible only to the city concerned." in render_template(
        "{% history thing %}", thing=City(pk=0)
    )


def test_history_formats_changed_values_for_the_reader(agreement):
    entry = history_of(agreement).earliest("pk")
    facts = {name: (before, after) for name, before, after in changes(agreement, entry)}
    assert facts["type"] == ("–", "Sister cities")
    assert facts["date signed"][1] == "1 January 2011"
    assert facts["known to be in force"][1] == "yes"
    with translation.override("fr-ca"):
        assert "1er janvier 2011" in {after for _name, _before, after in changes(agreement, entry)}


@pytest.mark.parametrize(
    ("model", "field", "stored", "read"),
    [
        (City, "population", 232755, "232,755"),
        (City, "name_fr", "", "–"),
        (Contact, "consent_at", "2020-04-16T16:05:00Z", "16 Apr 2020, 16:05"),
        (Contact, "languages", ["en", "zh"], "en, zh"),
        (Contact, "status", "active", "Active"),
        (SupplyRequest, "accepts", ["purchase", "donation"], "Purchase, Donation"),
        (TwinningAgreement, "certain", False, "no"),
    ],
)
def test_stored_field_value_is_displayed_as_readable_text(model, field, stored, read):
    assert readable_value(model._meta.get_field(field), stored) == read


@pytest.fixture
def five_cities():
    return [cities.city(f"place-{letter}", name_en=letter.upper()) for letter in "abcde"]


def request_with(query=""):
    return RequestFactory().get(f"/?{query}")


def names(page):
    return [city.name_en for city in page]


def test_list_is_paged_forwards_and_backwards(five_cities):
    rows, orders = City.objects.all(), {"name": "name_en"}
    first = pagination.paginate(request_with(), rows, orders, order="name", size=2)
    assert names(first) == ["A", "B"]
    assert first.previous_cursor == ""
    second = pagination.paginate(
        request_with(f"cursor={first.next_cursor}"), rows, orders, order="name", size=2
    )
    assert names(second) == ["C", "D"]
    last = pagination.paginate(
        request_with(f"cursor={second.next_cursor}"), rows, orders, order="name", size=2
    )
    assert (names(last), last.next_cursor) == (["E"], "")
    back = pagination.paginate(
        request_with(f"cursor={second.previous_cursor}"), rows, orders, order="name", size=2
    )
    assert (names(back), back.previous_cursor) == (["A", "B"], "")
    assert len(back) == 2


@pytest.mark.parametrize(
    "query",
    [
        "cursor=rubbish",
        "order=-nothing",
        f"cursor={Cursor('-name', 'A', 1, False).encode()}",
        f"cursor={Cursor('name', None, 1, False).encode()}",
    ],
)
def test_outdated_cursor_shows_the_first_page(five_cities, query):
    page = pagination.paginate(
        request_with(query), City.objects.all(), {"name": "name_en"}, order="name", size=2
    )
    assert names(page) == ["A", "B"]


def test_empty_list_has_no_neighbouring_pages():
    page = pagination.paginate(request_with(), City.objects.none())
    assert (page.rows, page.next_cursor, page.previous_cursor) == ([], "", "")


class CityTable(ListTable):
    name_en, country, population, timezone, level = (Column() for _ in range(5))
    title_column, fact_columns = "name_en", ("country", "population")
    numeric_columns, caption = ("population",), "Cities"


def test_table_row_is_a_card_on_a_phone(five_cities):
    html = render_template(
        "{% load django_tables2 %}{% render_table table %}", table=CityTable(five_cities[:1])
    )
    assert '<th scope="row" class="title">A</th>' in html
    assert 'class="num"' in html
    assert html.count('class="rest"') == 2
    assert html.count("<details") == 1
    assert html.count("<dt>") == 2
    assert '<caption class="visually-hidden">Cities</caption>' in html


def test_primary_button_is_the_status_change_that_leads_on(agreement):
    by = cities.powers("coordinator")
    asking = [
        move for move, no in MOVES.available(by, agreement, cities.NOW) if no is None and move.requires_reason
    ]
    assert asking, "an agreement can be ended with a reason"
    html = " ".join(render_template("{% moves agreement by %}", agreement=agreement, by=by).split())
    for move in asking:
        assert f'<a class="btn btn-plain" href="{agreement.get_absolute_url()}{move.verb}/"' in html


def test_history_names_people_in_the_readers_script(agreement):
    entry = history_of(agreement).latest("pk")
    entry.by_label, entry.via = "Chen Xiaolan (陈晓岚)", "link"
    include = '{% include "components/history.html" %}'
    html = render_template(include, lines=[(entry, "", [], "")])
    assert '<strong>Chen Xiaolan <span class="local" lang="zh-Hans">(陈晓岚)</span></strong>' in html
    with translation.override("zh-hans"):
        assert "<strong>陈晓岚</strong>" in render_template(include, lines=[(entry, "", [], "")])
