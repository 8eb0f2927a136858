"""Template tags and filters for icons, badges, figures, dates and names."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from partners.agreements.models import TwinningAgreement
from partners.cities.models import City
from workflow.charts.coverage import CoverageSums
from workflow.charts.price_strips import ComparedPrices, PlottedPrice, PriceAxis
from workflow.http.pagination import Page

AT = datetime(2020, 4, 16, 16, 5, tzinfo=UTC)
ZHONGSHAN = City(
    name_en="Zhongshan", name_zh="中山", name_local="中山市", country="CN", timezone="Asia/Shanghai"
)


def render_template(source, path="/", cookies=None, **context):
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    request.COOKIES.update(cookies or {})
    shell = SimpleNamespace(now=AT, counts={"today": 4}, nonce="abc")
    return Template(source).render(Context({"request": request, "shell": shell, **context}))


def test_icon_is_hidden_from_screen_readers_unless_labelled():
    assert 'aria-hidden="true"' in render_template('{% icon "package" %}')
    alone = render_template('{% icon "lock" "Closed" %}')
    assert 'role="img" aria-label="Closed"' in alone


def test_status_is_shown_with_icon_and_word():
    html = render_template("{% status city_tie %}", city_tie=TwinningAgreement(status="recorded"))
    assert "<svg" in html
    assert "Recorded" in html
    assert "tone-green" in html


def test_badge_shows_its_own_or_a_given_word():
    assert "Overdue" in render_template('{% mark "overdue" %}')
    assert "Late by 2 days" in render_template('{% mark "late" label="Late by 2 days" %}')


def test_badge_escapes_its_word_and_may_be_plain():
    assert "&lt;b&gt;" in render_template('{% mark "late" label=words %}', words="<b>")
    assert "status-plain" not in render_template('{% mark "late" %}')
    assert 'class="status tone-amber status-plain"' in render_template('{% mark "late" plain=True %}')


def test_row_checkbox_is_shown_only_with_a_bulk_action_bar():
    box = render_template("{% row_checkbox thing %}", bulk=True, thing=City(pk=1234, name_en="<b>"))
    assert 'name="row" form="bulk" value="1234"' in box
    assert "Select &lt;b&gt;" in box
    assert render_template("{% row_checkbox thing %}", thing=City(pk=1234)) == ""


def test_template_filters_format_quantity_money_share_and_dates():
    html = render_template(
        '{{ n|quantity }} {{ p|money:"CAD" }} {{ 3|share:4 }} {{ d|day }} {{ d|day:"short" }}',
        n=1234,
        p=Decimal(2),
        d=date(2020, 4, 30),
    )
    assert html == (
        '1,234 CAD\xa02.00 75% <time datetime="2020-04-30">30 April 2020</time> <time datetime="2020-04-30">30 Apr 2020</time>'
    )


@pytest.mark.parametrize("micro", [0, 1, 520_000, 999_999])
def test_datetime_attribute_has_at_most_millisecond_precision(micro):
    at = AT.replace(microsecond=micro)
    html = render_template("{{ at|moment }}{{ at|moment_short }}{{ at|day }}{% relative_time at %}", at=at)
    stamps = re.findall(r'datetime="([^"]*)"', html)
    assert len(stamps) == 4
    assert all(re.fullmatch(r"[0-9T:-]{10,19}(\.[0-9]{1,3})?(\+00:00)?", stamp) for stamp in stamps), stamps


def test_time_element_is_machine_readable():
    html = render_template(
        "{{ at|moment:tz }} {{ at|moment_short }} {{ at|moment_text:tz }}", at=AT, tz="Asia/Shanghai"
    )
    assert html.count('datetime="2020-04-16T16:05:00+00:00"') == 2
    assert html.endswith("17 April 2020, 00:05")


def test_unknown_date_is_shown_as_a_dash():
    assert (
        render_template("{{ n|moment }}{{ n|moment_short }}{{ n|day }}{% relative_time n %}", n=None)
        == "––––"
    )


def test_relative_date_uses_the_practice_clock():
    assert ">tomorrow, 17 Apr</time>" in render_template("{% relative_time d %}", d=date(2020, 4, 17))


def test_name_is_marked_with_its_language():
    assert (
        render_template("{% name_of city %}", city=ZHONGSHAN)
        == 'Zhongshan <span class="local" lang="zh-Hans">中山市</span>'
    )
    assert 'class="local-below"' in render_template("{% name_of city below=True %}", city=ZHONGSHAN)
    assert (
        render_template("{% name_of city local=False %}{{ city|name }}", city=ZHONGSHAN)
        == "ZhongshanZhongshan"
    )
    with translation.override("zh-hans"):
        oakville = City(name_en="Oakville", country="CA")
        assert render_template("{% name_of city %}", city=oakville) == '<span lang="en">Oakville</span>'


def test_typed_text_is_escaped_and_keeps_its_language():
    html = render_template('{% user_text text "zh-Hans" %}{% user_text text inline=True %}', text="<b>请</b>")
    assert '<div class="user-text" lang="zh-Hans" dir="auto">&lt;b&gt;请' in html
    assert '<span class="user-text" dir="auto">' in html


def test_chart_lengths_use_no_localized_separators():
    line = CoverageSums(quantity=500_000, offered=1, allocated=123_456)
    prices = ComparedPrices(
        [PlottedPrice("A", Decimal("1.92")), PlottedPrice("B", Decimal("2.31"))], "CAD", Decimal("2.1")
    )
    with translation.override("fr-ca"):
        html = render_template(
            "{% coverage line %}{% coverage_mini line %}{% price_strip prices %}{% mini_price_strip p prices.price_axis %}"
            "{% evidence_dots 3 6 %}",
            line=line,
            prices=prices,
            p=Decimal("1.92"),
        )
    for name in ("x", "x1", "x2", "y", "y1", "y2", "cx", "cy", "width", "height", "viewBox"):
        for value in html.split(f' {name}="')[1:]:
            assert "," not in value.partition('"')[0]
            assert "\xa0" not in value.partition('"')[0]
    assert "500\xa0000" in html


def test_price_strip_without_a_price_is_empty():
    assert render_template("{% mini_price_strip p scale %}", p=None, scale=PriceAxis(5.0)).strip() == ""


def test_page_links_keep_the_filters():
    html = render_template(
        "{% page_link page %}", path="/needs/?q=n95&cursor=old", page=Page([], next_cursor="abc")
    )
    assert 'href="?q=n95&amp;cursor=abc"' in html
    assert 'rel="prev"' not in html
    assert render_template("{% page_link page %}", page=Page([])).strip() == ""


def test_theme_is_taken_from_a_valid_cookie_only():
    assert (
        render_template("<html{% theme_attribute %}>", cookies={"theme": "dark"})
        == '<html data-bs-theme="dark">'
    )
    assert render_template("<html{% theme_attribute %}>", cookies={"theme": "<x>"}) == "<html>"
    assert Template("{% theme_attribute %}").render(Context()) == ""


def test_breadcrumbs_end_with_the_current_page():
    html = render_template('{% crumbs "Needs" "/needs/" "SR-1" %}')
    assert '<a href="/needs/">Needs</a>' in html
    assert '<li aria-current="page">SR-1</li>' in html


@pytest.mark.parametrize(
    ("tags", "look"),
    [
        (["danger", "delete"], "btn-danger"),
        (["outline", "primary"], "btn-plain"),
        (["prominent"], "btn-primary"),
        (None, "btn-primary"),
    ],
)
def test_sign_in_buttons_get_the_design_system_classes(tags, look):
    assert render_template("{{ tags|button_class }}", tags=tags) == look


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "&lt;b&gt;: x"), ("fr-ca", "&lt;b&gt;\xa0: x"), ("zh-hans", "&lt;b&gt;： x")],
)
def test_colon_is_spaced_as_the_language_requires(language, shown):
    with translation.override(language):
        assert Template("{{ what|colon }} x").render(Context({"what": "<b>"})) == shown


def test_readers_own_time_is_in_the_title_and_for_screen_readers():
    with timezone.override("America/Vancouver"):
        html = render_template("{{ at|moment_short:tz }}", at=AT, tz="Asia/Shanghai")
        assert 'title="16 Apr 2020, 09:05 your time">17 Apr 2020, 00:05 (UTC+8)<span class="visually' in html
        assert "title" not in render_template("{{ at|moment_short:tz }}", at=AT, tz="America/Vancouver")


def test_due_time_shows_the_local_time_beside_the_readers():
    with timezone.override("America/Vancouver"):
        html = render_template("{% due_there at tz place %}", at=AT, tz="Asia/Shanghai", place="Guangzhou")
        assert ">16 Apr 2020, 09:05</time>" in html
        assert '<span class="small quiet">(00:05 on 17 Apr in Guangzhou)</span>' in html
        alone = render_template("{% due_there at tz place %}", at=AT, tz="America/Vancouver", place="Burnaby")
        assert "in Burnaby" not in alone


@pytest.mark.django_db  # the site's clock
def test_utc_offset_of_the_readers_zone_is_in_the_title_and_for_screen_readers():
    with timezone.override("Asia/Shanghai"):
        html = render_template("{% reader_zone %}")
        assert html.startswith(
            '<span title="UTC+8">Shanghai time<span class="visually-hidden"> (UTC+8)</span>'
        )
    with timezone.override("UTC"):
        assert render_template("{% reader_zone %}") == "UTC"
