"""The frame of a page: navigation, languages, theme and banners, and the error pages."""

from types import SimpleNamespace

import pytest
from django.template import Context
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from tests.worlds import cities
from workflow.clock import create_instance
from workflow.templatetags import frame
from workflow.templatetags.frame import account_items, nav_bar_names, nav_item, nav_items

ERRORS = ("400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html")


def request(path="/"):
    return RequestFactory().get(path)


def test_navigation_item_knows_whether_the_reader_is_there():
    assert nav_item("needs", request("/needs/")).aria_current == "page"
    assert nav_item("needs", request("/needs/SR-2020-0001/")).aria_current == "true"
    assert nav_item("needs", request("/cities/")).aria_current == ""


def test_navigation_item_without_a_page_is_left_out():
    assert nav_item("nowhere", request()) is None
    assert [place.name for place in nav_items(("needs", "nowhere"), request())] == ["needs"]


@pytest.mark.parametrize(
    ("role", "bar"),
    [
        ("officer", ["Today", "Needs", "Offers", "Orders", "Shipments", "Cities"]),
        ("logistics", ["Today", "Shipments", "Lots", "Orders", "Cities"]),
        ("approver", ["Today", "Orders", "Payments", "Needs", "Cities"]),
        ("verifier", ["Today", "Offers", "Checks", "Needs", "Cities"]),
        ("observer", ["Today", "Orders", "Needs", "Shipments", "Cities"]),
        ("coordinator", ["Today", "Needs", "Network", "Cities"]),
    ],
)
def test_navigation_bar_follows_the_role_with_the_rest_under_more(db, role, bar):
    city = None if role == "coordinator" else cities.city()
    names = nav_bar_names(cities.powers_for(cities.member(role, city)))
    assert [str(frame.NAV_ITEMS[name]) for name in names] == bar
    asked = request()
    asked.by = cities.powers_for(cities.member(role, city))
    context = Context({"request": asked, "shell": SimpleNamespace(counts={"today": 3})})
    nav = frame.navigation(context)
    for shown, more in ((nav.desktop_bar, nav.desktop_more), (nav.phone_bar, nav.phone_more)):
        assert {place.name for place in (*shown, *more)} == set(frame.NAV_ITEMS)
        assert len(shown) + len(more) == len(frame.NAV_ITEMS)
    assert len(nav.phone_bar) == 4
    assert all(place.icon for place in nav.phone_bar)


def test_navigation_link_has_label_key_count_and_icon():
    today = nav_item("today", request("/"), {"today": 1200})
    link = frame.nav_links([today])
    assert link == (
        '<li><a href="/" aria-current="page" data-go="t">Today <span class="count count-now">1,200</span></a></li>'
    )
    tab = frame.nav_links([today._replace(aria_current="", number=0)], icons=True)
    assert tab.startswith('<li><a href="/" data-go="t"><span class="tab-icon"><svg')
    assert tab.endswith("</svg></span>Today</a></li>")
    assert frame.nav_links([today._replace(label="<b>")]).count("&lt;b&gt;") == 1


@pytest.mark.parametrize("name", sorted(set(frame.NAV_ITEMS) - {"network"}))
def test_list_has_the_same_name_in_menu_heading_and_title(officer, client, name):
    html = client.get(reverse(name)).content.decode()
    word = str(frame.NAV_ITEMS[name])
    assert f"<h1>{word}</h1>" in html
    assert f"<title>{word} · Twinlane</title>" in html


def test_only_counted_navigation_items_show_a_count(monkeypatch):
    monkeypatch.setattr(frame, "COUNTED_ITEMS", frozenset({"needs"}))
    assert nav_item("needs", request(), {"needs": 4}).number == 4
    assert nav_item("cities", request(), {}).number == 0


def test_account_menu_lists_existing_pages_only(monkeypatch):
    assert [place.name for place in account_items(request())] == [
        "account",
        "mfa_index",
        "usersessions_list",
    ]
    monkeypatch.setitem(frame.ACCOUNT_ITEMS, "nowhere", ("x", "Nowhere"))
    assert "nowhere" not in [place.name for place in account_items(request())]


@pytest.mark.parametrize("template", ERRORS)
def test_error_page_renders_without_context_in_each_language(template):
    for language in ("en", "fr-ca", "zh-hans"):
        with translation.override(language):
            html = render_to_string(template)
        assert f'<html lang="{language}">' in html
        assert html.count("<h1>") == 1


@pytest.fixture
def officer(db, client):
    create_instance("practice", cities.NOW)
    person = cities.member("officer", cities.city())
    client.force_login(person)
    return person


def test_style_guide_is_shown_to_staff_and_404_for_others(officer, client):
    assert client.get("/styleguide/").status_code == 404
    officer.is_staff = True
    officer.save()
    html = client.get("/styleguide/").content.decode()
    assert "Practice: it is 16 April 2020, 09:0" in html
    assert "Two-step sign-in is off." in html
    assert '<html lang="en">' in html
    assert "style=" not in html


def test_style_guide_shows_every_status_and_a_form_with_errors(officer, client):
    officer.is_staff = True
    officer.save()
    html = client.get("/styleguide/?errors").content.decode()
    assert "There is a problem" in html
    assert html.count('class="status tone-') > 100


def test_chosen_theme_is_in_the_page(client, db):
    client.cookies["theme"] = "dark"
    assert '<html lang="en" data-bs-theme="dark">' in client.get("/accounts/login/").content.decode()


def test_latin_font_is_not_loaded_on_a_chinese_page(client, db):
    client.cookies["language"] = "zh-hans"
    html = client.get("/accounts/login/").content.decode()
    assert '<html lang="zh-hans">' in html
    assert "inter-latin" not in html


def test_real_instance_has_no_practice_banner(client, db):
    create_instance("real")
    assert 'class="practice"' not in client.get("/accounts/login/").content.decode()


def test_late_mail_banner_is_shown_to_staff_only():
    shell = SimpleNamespace(practice=False, mail_is_late=True)
    for staff in (True, False):
        html = render_to_string(
            "components/frame/banner.html", {"shell": shell, "user": SimpleNamespace(is_staff=staff)}
        )
        assert ("more than ten minutes" in html) is staff
