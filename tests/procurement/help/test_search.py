"""Tests of help results in the site search: guides by title and content, glossary terms in each language."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from procurement.help.search import MAX_PAGE_RESULTS, MAX_TERM_RESULTS, help_results
from tests.worlds import cities
from tests.worlds.cities import NOW
from workflow.clock import clear_instance_cache, create_instance


def result_urls(text):
    return [result.url for result in help_results(text)]


def test_guide_is_found_first_by_the_name_of_its_role():
    assert result_urls("approv")[0] == "/help/roles/approver/"


def test_guide_is_found_by_the_text_of_its_steps():
    assert "/help/roles/logistics/" in result_urls("dock cartons")


def test_glossary_term_is_found_in_each_language_with_its_translations():
    for text in ("watchlist", "liste de surveillance", "管控名单"):
        (term,) = [result for result in help_results(text) if result.url == "/help/glossary/"][:1]
        assert term.title == "watchlist"
        assert "liste de surveillance" in term.details


def test_chinese_search_finds_help_inside_a_sentence():
    with translation.override("zh-hans"):
        assert "/help/roles/approver/" in result_urls("审批")


def test_empty_help_search_finds_nothing_and_a_letter_few():
    assert help_results("  ") == []
    assert len(help_results("a")) <= MAX_PAGE_RESULTS + MAX_TERM_RESULTS


@pytest.mark.django_db
def test_site_search_lists_help_results():
    create_instance("practice", NOW)
    client = Client()
    client.force_login(cities.member("officer", cities.city("burnaby")))
    page = client.get(reverse("search"), {"q": "shortcuts"}).content.decode()
    assert 'href="/help/keys/"' in page[page.index('id="found"') :]
    assert "Nothing matches." not in page
    clear_instance_cache()
