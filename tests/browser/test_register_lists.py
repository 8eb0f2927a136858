"""The register in Chromium, in each language: a list is imported and exported, and an agreement ends."""

import pytest

from partners.agreements.models import TwinningAgreement
from partners.agreements.status import AgreementStatus
from partners.register_import.places import resolution
from tests.browser.scenario_browsers import Town, languages
from tests.browser.steps import agreements, files
from tests.browser.steps.agreements import leads_nowhere, leads_somewhere
from tests.browser.steps.files import bring_in, is_faulty, take_back
from tests.browser.translated_browser import quiet
from tests.worlds.register_imports import find_sample_places

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", languages("fr-ca"))
@pytest.mark.every_way
def test_register_list_is_imported_and_exported_and_twinning_agreement_ended_in_browser(
    chromium, live_server, drawer, monkeypatch, tmp_path, language
):
    monkeypatch.setattr(resolution, "find_places", find_sample_places)
    town = Town(chromium, live_server.url, language)
    keeper, officer = town.keeper, town.officer
    with quiet(town.seats):
        before = files.exported(keeper)
        files.upload(keeper, files.written(keeper, tmp_path, "2015-13-01"))
        town.tick()
        is_faulty(keeper)
        right = files.written(keeper, tmp_path, "2015-06-01")
        files.upload(keeper, right)
        town.tick()
        files.settle(keeper)
        town.tick()
        bring_in(keeper)
        town.tick()
        keeper.reads(("Imported", "a file"))
        brought = {("suzhou-cn", "sister"): "2001", ("zhongshan", "friendship"): "2015-06-01"}
        assert files.exported(keeper) == before | brought
        take_back(keeper, right)
        town.tick()
        keeper.reads(("Import undone", "a file"))
        assert files.exported(keeper) == before

        tie, question = TwinningAgreement.objects.get(), town.asks(town.contact)
        need = question.supply_request.get_absolute_url()
        keeper.goes(tie.get_absolute_url())
        agreements.change(keeper, "Renew", ("Valid until", "2030"))
        keeper.sees("2030")
        agreements.change(keeper, "Suspend", ("Effective date", "2020-04"))
        leads_nowhere(town, tie, AgreementStatus.SUSPENDED, need)
        agreements.change(keeper, "Resume agreement")
        leads_somewhere(town, need)
        ended = ("Terminated", "an agreement")
        agreements.change(keeper, "End agreement", ("Effective date", "2020-04-15"), how=ended)
        leads_nowhere(town, tie, AgreementStatus.TERMINATED, need)
        town.tick()
        officer.goes(question.get_absolute_url())
        officer.reads("Cancelled")
