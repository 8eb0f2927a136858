"""A city asks a contact of a partner city in Chromium, in each language: network, letter, answer, and a correction."""

from datetime import date

import pytest

from tests.browser.city_browsers import Cities, languages
from tests.browser.steps import inquiries, needs, register
from tests.browser.translated_browser import quiet

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
THEIRS = {"en": "zh-hans", "fr-ca": "zh-hans", "zh-hans": "en"}


@pytest.mark.parametrize("language", languages("en"))
def test_city_asks_contacts_and_sees_result_of_each_inquiry_in_browser(
    chromium, live_server, mail_folder, language
):
    town = Cities(chromium, live_server.url, language, THEIRS[language])
    officer = town.officer
    with quiet(town.seats):
        inquiries.show_network_on(officer, date(2010, 6, 1))
        officer.reads("No agreements found.")
        inquiries.show_network_on(officer, date(2012, 6, 1))
        officer.sees(town.zhongshan)
        assert inquiries.move_the_slider(officer, 3) == "2012-03-31"
        officer.sees(town.zhongshan)
        inquiries.check_unused_partner(town)

        need = needs.post_a_need(town, "12 000" if language == "fr-ca" else "12,000")
        question = inquiries.write_inquiry(town, "No. 4949/")
        inquiries.read_the_letter(town, question)
        inquiries.copy_and_record_answer(town, need)
        register.correct_population(town, "3312000")
