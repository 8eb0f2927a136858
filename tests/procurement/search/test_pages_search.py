"""Tests of the site search: what is found, by whom, and where a reference leads."""

import pytest
from django.test import Client
from django.urls import reverse

from procurement.search.sources import SOURCES
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from tests.worlds.shipments import Journey
from workflow.clock import create_instance

pytestmark = pytest.mark.django_db


@pytest.fixture
def practice(db):
    create_instance("practice", AT)


def search_as(user, text, **headers):
    client = Client()
    client.force_login(user)
    return client.get(reverse("search"), {"q": text}, headers=headers)


@pytest.fixture
def shipment(practice, story: Journey):
    return story.plan(air_waybill="784-11111111")


def test_reference_in_any_case_redirects_to_its_object(shipment, story):
    supplier = shipment.lines.get().order_line.order.supplier
    for thing in (shipment, supplier, shipment.lines.get().order_line.order):
        answer = search_as(story.officer.user, f" {thing.reference.lower()} ")
        assert (answer.status_code, answer.get("location")) == (302, thing.get_absolute_url())


def test_reference_of_an_invisible_object_is_not_found(shipment):
    answer = search_as(Story("markham").officer.user, shipment.reference)
    assert answer.status_code == 200
    assert shipment.get_absolute_url() not in answer.content.decode()


def test_shipment_is_found_by_its_air_waybill(shipment, story):
    for text in ("784-11111111", "7841"):
        assert shipment.get_absolute_url() in search_as(story.officer.user, text).content.decode(), text


def test_chinese_company_is_found_in_both_scripts_and_by_pinyin(practice, story):
    supplier = story.supplier
    supplier.legal_name_local, supplier.name_en = "佛山南海防护用品有限公司", "Nanhai Protective"
    supplier.save()
    for text in ("南海防护", "nanhai prot", "Foshan", "foshannanhai"):
        page = search_as(story.officer.user, text).content.decode()
        assert supplier.get_absolute_url() in page, text


def test_orders_and_shipments_are_named_by_their_goods(shipment, story):
    line = shipment.lines.get()
    product = line.order_line.allocation.lead.product.name
    page = search_as(story.officer.user, line.order_line.order.supplier.name).content.decode()
    assert f"{line.order_line.order.supplier} · {product}, {line.quantity:,} pieces" in page
    page = search_as(story.officer.user, "784-11111111").content.decode()
    assert f"{product.partition(' (')[0]} × {line.quantity:,}, Guangzhou to Vancouver" in page


def test_people_and_cities_are_found(practice, story):
    cities.twinning("burnaby", "zhongshan")
    page = search_as(story.officer.user, str(story.contact)).content.decode()
    assert story.contact.get_absolute_url() in page
    page = search_as(story.officer.user, "zhongshan").content.decode()
    assert story.contact.city.get_absolute_url() in page


def test_search_while_typing_returns_a_fragment_without_redirect(shipment, story):
    answer = search_as(story.officer.user, shipment.reference, hx_request="true")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert shipment.get_absolute_url() in page
    assert "<html" not in page


def test_empty_search_shows_actions_and_recent_work(shipment, story):
    page = search_as(story.officer.user, "").content.decode()
    assert reverse("add_need") in page
    assert shipment.lines.get().order_line.order.get_absolute_url() in page
    assert reverse("add_need") not in search_as(story.contact.user, "").content.decode()


def test_action_is_found_by_the_beginning_of_its_words(practice, story):
    page = search_as(story.officer.user, "pos nee").content.decode()
    assert reverse("add_need") in page
    assert reverse("plan_shipment") not in page


def test_search_without_results_says_so(practice, story):
    assert "Nothing matches." in search_as(story.officer.user, "zzzzqqq").content.decode()


def test_every_type_of_result_has_a_link_and_details_in_few_queries(
    shipment, story, django_assert_max_num_queries
):
    for source in SOURCES:
        for thing in source.rows(story.officer.by)[:3]:
            result = source.result(thing)
            assert result.title
            assert result.url.startswith("/")
            assert all(result.details)
    client = Client()
    client.force_login(story.officer.user)
    client.get(reverse("search"))
    with django_assert_max_num_queries(len(SOURCES) + 9):  # one for each kind, and those of every page
        client.get(reverse("search"), {"q": "a"})
