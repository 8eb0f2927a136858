"""Help in the search over everything: pages by title and content, terms of the glossary in each language."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from procurement.help.search import MAX_PAGES, MAX_TERMS, help_results
from tests.worlds import cities
from tests.worlds.cities import NOW
from workflow.clock import clear_cache, create_instance


def urls(text):
    return [result.url for result in help_results(text)]


def test_a_guide_is_found_by_the_name_of_its_role_and_comes_first():
    assert urls("approv")[0] == "/help/roles/approver/"


def test_a_guide_is_found_by_what_its_steps_say():
    assert "/help/roles/logistics/" in urls("dock cartons")


def test_a_term_is_found_in_each_language_and_shown_with_its_other_names():
    for text in ("watchlist", "liste de surveillance", "管控名单"):
        (term,) = [result for result in help_results(text) if result.url == "/help/glossary/"][:1]
        assert term.title == "watchlist"
        assert "liste de surveillance" in term.details


def test_chinese_is_found_inside_a_sentence():
    with translation.override("zh-hans"):
        assert "/help/roles/approver/" in urls("审批")


def test_nothing_is_found_for_nothing_and_little_for_a_letter():
    assert help_results("  ") == []
    assert len(help_results("a")) <= MAX_PAGES + MAX_TERMS


@pytest.mark.django_db
def test_the_search_shows_help_below_its_results():
    create_instance("practice", NOW)
    client = Client()
    client.force_login(cities.member("officer", cities.city("burnaby")))
    page = client.get(reverse("search"), {"q": "shortcuts"}).content.decode()
    assert 'href="/help/keys/"' in page[page.index('id="found"') :]
    assert "Nothing matches." not in page
    clear_cache()
