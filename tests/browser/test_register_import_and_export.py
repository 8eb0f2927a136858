"""The register in Chromium, in each language: a list is imported and exported, and an agreement ends."""

import pytest

from partners.agreements.models import TwinningAgreement
from partners.agreements.status import AgreementStatus
from partners.register_import.places import resolution
from tests.browser.city_browsers import Cities, languages
from tests.browser.steps import agreements, register_imports
from tests.browser.steps.agreements import check_contact_not_suggested, check_contact_suggested
from tests.browser.steps.register_imports import check_error_shown, import_list, withdraw_import
from tests.browser.translated_browser import quiet
from tests.worlds.register_imports import find_sample_places

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", languages("fr-ca"))
@pytest.mark.every_way
def test_register_list_is_imported_and_exported_and_twinning_agreement_ended_in_browser(
    chromium, live_server, mail_folder, monkeypatch, tmp_path, language
):
    monkeypatch.setattr(resolution, "find_places", find_sample_places)
    town = Cities(chromium, live_server.url, language)
    keeper, officer = town.keeper, town.officer
    with quiet(town.seats):
        before = register_imports.export_agreements(keeper)
        register_imports.upload(keeper, register_imports.write_list(keeper, tmp_path, "2015-13-01"))
        town.tick()
        check_error_shown(keeper)
        right = register_imports.write_list(keeper, tmp_path, "2015-06-01")
        register_imports.upload(keeper, right)
        town.tick()
        register_imports.choose_place(keeper)
        town.tick()
        import_list(keeper)
        town.tick()
        keeper.reads(("Imported", "a file"))
        brought = {("suzhou-cn", "sister"): "2001", ("zhongshan", "friendship"): "2015-06-01"}
        assert register_imports.export_agreements(keeper) == before | brought
        withdraw_import(keeper, right)
        town.tick()
        keeper.reads(("Import undone", "a file"))
        assert register_imports.export_agreements(keeper) == before

        agreement, question = TwinningAgreement.objects.get(), town.asks(town.contact)
        need = question.supply_request.get_absolute_url()
        keeper.goes(agreement.get_absolute_url())
        agreements.press_move(keeper, "Renew agreement", ("Valid until", "2030"))
        keeper.sees("2030")
        agreements.press_move(keeper, "Suspend agreement", ("Effective date", "2020-04"))
        check_contact_not_suggested(town, agreement, AgreementStatus.SUSPENDED, need)
        agreements.press_move(keeper, "Resume agreement")
        check_contact_suggested(town, need)
        ended = ("Terminated", "an agreement")
        agreements.press_move(keeper, "End agreement", ("Effective date", "2020-04-15"), how=ended)
        check_contact_not_suggested(town, agreement, AgreementStatus.TERMINATED, need)
        town.tick()
        officer.goes(question.get_absolute_url())
        officer.reads("Cancelled")
