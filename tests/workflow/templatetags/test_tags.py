"""The template tags as templates use them."""

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
from workflow.charts.prices import ComparedPrices, PlottedPrice, PriceAxis
from workflow.http.pagination import Page

AT = datetime(2020, 4, 16, 16, 5, tzinfo=UTC)
ZHONGSHAN = City(
    name_en="Zhongshan", name_zh="中山", name_local="中山市", country="CN", timezone="Asia/Shanghai"
)


def rendered(source, path="/", cookies=None, **context):
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    request.COOKIES.update(cookies or {})
    shell = SimpleNamespace(now=AT, counts={"today": 4}, nonce="abc")
    return Template(source).render(Context({"request": request, "shell": shell, **context}))


def test_an_icon_is_silent_unless_it_stands_alone():
    assert 'aria-hidden="true"' in rendered('{% icon "package" %}')
    alone = rendered('{% icon "lock" "Closed" %}')
    assert 'role="img" aria-label="Closed"' in alone


def test_a_status_is_an_icon_and_a_word():
    html = rendered("{% status city_tie %}", city_tie=TwinningAgreement(status="recorded"))
    assert "<svg" in html
    assert "Recorded" in html
    assert "tone-green" in html


def test_a_mark_has_its_word_or_the_one_given():
    assert "Overdue" in rendered('{% mark "overdue" %}')
    assert "Late by 2 days" in rendered('{% mark "late" label="Late by 2 days" %}')


def test_a_badge_writes_its_word_as_text_and_is_quiet_where_asked():
    assert "&lt;b&gt;" in rendered('{% mark "late" label=words %}', words="<b>")
    assert "status-plain" not in rendered('{% mark "late" %}')
    assert 'class="status tone-amber status-plain"' in rendered('{% mark "late" plain=True %}')


def test_a_row_has_a_box_only_above_a_bar():
    box = rendered("{% tick thing %}", bulk=True, thing=City(pk=1234, name_en="<b>"))
    assert 'name="row" form="bulk" value="1234"' in box
    assert "Select &lt;b&gt;" in box
    assert rendered("{% tick thing %}", thing=City(pk=1234)) == ""


def test_figures_and_days_in_a_page():
    html = rendered(
        '{{ n|quantity }} {{ p|money:"CAD" }} {{ 3|share:4 }} {{ d|day }} {{ d|day:"short" }}',
        n=1234,
        p=Decimal(2),
        d=date(2020, 4, 30),
    )
    assert html == (
        '1,234 CAD\xa02.00 75% <time datetime="2020-04-30">30 April 2020</time> <time datetime="2020-04-30">30 Apr 2020</time>'
    )


@pytest.mark.parametrize("micro", [0, 1, 520_000, 999_999])
def test_a_moment_for_machines_has_no_more_digits_than_html_takes(micro):
    at = AT.replace(microsecond=micro)
    html = rendered("{{ at|moment }}{{ at|moment_short }}{{ at|day }}{% relative at %}", at=at)
    stamps = re.findall(r'datetime="([^"]*)"', html)
    assert len(stamps) == 4
    assert all(re.fullmatch(r"[0-9T:-]{10,19}(\.[0-9]{1,3})?(\+00:00)?", stamp) for stamp in stamps), stamps


def test_a_moment_in_a_page_is_machine_readable():
    html = rendered(
        "{{ at|moment:tz }} {{ at|moment_short }} {{ at|moment_text:tz }}", at=AT, tz="Asia/Shanghai"
    )
    assert html.count('datetime="2020-04-16T16:05:00+00:00"') == 2
    assert html.endswith("17 April 2020, 00:05")


def test_what_is_not_known_is_a_dash():
    assert rendered("{{ n|moment }}{{ n|moment_short }}{{ n|day }}{% relative n %}", n=None) == "––––"


def test_days_are_relative_to_the_storys_clock():
    assert ">tomorrow, 17 Apr</time>" in rendered("{% relative d %}", d=date(2020, 4, 17))


def test_a_name_is_marked_with_its_language():
    assert (
        rendered("{% name_of city %}", city=ZHONGSHAN)
        == 'Zhongshan <span class="local" lang="zh-Hans">中山市</span>'
    )
    assert 'class="local-below"' in rendered("{% name_of city below=True %}", city=ZHONGSHAN)
    assert rendered("{% name_of city local=False %}{{ city|name }}", city=ZHONGSHAN) == "ZhongshanZhongshan"
    with translation.override("zh-hans"):
        oakville = City(name_en="Oakville", country="CA")
        assert rendered("{% name_of city %}", city=oakville) == '<span lang="en">Oakville</span>'


def test_what_a_person_typed_is_escaped_and_keeps_its_language():
    html = rendered('{% user_text text "zh-Hans" %}{% user_text text inline=True %}', text="<b>请</b>")
    assert '<div class="user-text" lang="zh-Hans" dir="auto">&lt;b&gt;请' in html
    assert '<span class="user-text" dir="auto">' in html


def test_the_bar_and_its_strip_carry_no_comma_in_their_lengths():
    line = CoverageSums(quantity=500_000, offered=1, allocated=123_456)
    prices = ComparedPrices(
        [PlottedPrice("A", Decimal("1.92")), PlottedPrice("B", Decimal("2.31"))], "CAD", Decimal("2.1")
    )
    with translation.override("fr-ca"):
        html = rendered(
            "{% coverage line %}{% coverage_mini line %}{% price_strip prices %}{% strip p prices.scale %}"
            "{% evidence 3 6 %}",
            line=line,
            prices=prices,
            p=Decimal("1.92"),
        )
    for name in ("x", "x1", "x2", "y", "y1", "y2", "cx", "cy", "width", "height", "viewBox"):
        for value in html.split(f' {name}="')[1:]:
            assert "," not in value.partition('"')[0]
            assert "\xa0" not in value.partition('"')[0]
    assert "500\xa0000" in html


def test_a_strip_without_a_price_is_nothing():
    assert rendered("{% strip p scale %}", p=None, scale=PriceAxis(5.0)).strip() == ""


def test_pages_keep_the_filters_of_the_address():
    html = rendered("{% page_link page %}", path="/needs/?q=n95&cursor=old", page=Page([], next="abc"))
    assert 'href="?q=n95&amp;cursor=abc"' in html
    assert 'rel="prev"' not in html
    assert rendered("{% page_link page %}", page=Page([])).strip() == ""


def test_the_theme_is_the_readers_or_the_systems():
    assert rendered("<html{% theme_attribute %}>", cookies={"theme": "dark"}) == '<html data-bs-theme="dark">'
    assert rendered("<html{% theme_attribute %}>", cookies={"theme": "<x>"}) == "<html>"
    assert Template("{% theme_attribute %}").render(Context()) == ""


def test_crumbs_end_with_this_page():
    html = rendered('{% crumbs "Needs" "/needs/" "SR-1" %}')
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
def test_buttons_of_the_sign_in_pages_look_like_ours(tags, look):
    assert rendered("{{ tags|button_class }}", tags=tags) == look


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "&lt;b&gt;: x"), ("fr-ca", "&lt;b&gt;\xa0: x"), ("zh-hans", "&lt;b&gt;： x")],
)
def test_a_colon_stands_as_the_language_sets_it(language, shown):
    with translation.override(language):
        assert Template("{{ what|colon }} x").render(Context({"what": "<b>"})) == shown


def test_the_readers_own_time_is_on_hover_and_read_aloud():
    with timezone.override("America/Vancouver"):
        html = rendered("{{ at|moment_short:tz }}", at=AT, tz="Asia/Shanghai")
        assert 'title="16 Apr 2020, 09:05 your time">17 Apr 2020, 00:05 (UTC+8)<span class="visually' in html
        assert "title" not in rendered("{{ at|moment_short:tz }}", at=AT, tz="America/Vancouver")


def test_who_has_to_act_sees_their_own_clock_beside_the_readers():
    with timezone.override("America/Vancouver"):
        html = rendered("{% due_there at tz place %}", at=AT, tz="Asia/Shanghai", place="Guangzhou")
        assert ">16 Apr 2020, 09:05</time>" in html
        assert '<span class="small quiet">(00:05 on 17 Apr in Guangzhou)</span>' in html
        alone = rendered("{% due_there at tz place %}", at=AT, tz="America/Vancouver", place="Burnaby")
        assert "in Burnaby" not in alone


@pytest.mark.django_db  # the site's clock
def test_the_offset_of_the_readers_zone_is_on_hover_and_read_aloud():
    with timezone.override("Asia/Shanghai"):
        html = rendered("{% reader_zone %}")
        assert html.startswith(
            '<span title="UTC+8">Shanghai time<span class="visually-hidden"> (UTC+8)</span>'
        )
    with timezone.override("UTC"):
        assert rendered("{% reader_zone %}") == "UTC"
