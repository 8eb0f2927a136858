"""The whole story in Chromium, by clicking: a need of Burnaby becomes a released lot, in each language."""

import pytest

from tests.browser import steps
from tests.browser.seat import quiet
from tests.browser.town import Town
from tests.workflow import files

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["en", "fr-ca", "zh-hans"])
def test_a_need_of_burnaby_becomes_a_released_lot(chromium, live_server, drawer, tmp_path, language):
    town = Town(chromium, live_server.url, language)
    photo = tmp_path / "certificate.jpg"
    photo.write_bytes(files.picture(size=(2400, 1800)))
    officer, verifier, dock = town.officer, town.verifier, town.dock
    with quiet(town.seats):
        need = steps.post_a_need(town, "12 000" if language == "fr-ca" else "12,000")
        steps.ask_zhongshan(town)

        question = steps.link_about(town, town.product("MASK_SURG"))
        number = steps.answer(town, question, photo)
        steps.covered(officer, need, "Offered, not verified", 20_000)

        town.colleague()
        lead = f"/leads/{number}/"
        assert steps.answer_findings(officer, lead)
        for name, task in steps.open_checks(town, lead).items():
            steps.report(town, steps.link_about(town, name))
            steps.accept(verifier, task)
        steps.verify(verifier, lead)
        steps.covered(officer, need, "Verified and free", 20_000)

        steps.allocate(officer, need, "12000")
        steps.covered(officer, need, "Allocated, not shipped", 12_000)
        shipment = steps.plan(dock, steps.order(town))
        steps.pack(dock)
        steps.bring_papers(dock, shipment, steps.refused(dock, shipment, "Departed"))
        steps.clear_export(dock, shipment)
        steps.note(dock, "Departed")
        steps.covered(officer, need, "On the way", 12_000)

        steps.note(dock, "Arrived in the country")
        steps.hold_and_clear_import(dock, shipment)
        steps.note(dock, "Delivered")
        steps.count(dock, shipment)
        steps.covered(officer, need, "Arrived, not yet inspected", 11_500)
        steps.inspect(dock, shipment)
        dock.goes(shipment)
        dock.presses("Close")

        steps.covered(officer, need, "Inspected and released", 11_500)
        steps.register_gained(town, 11_500)
        steps.what_became_of_it(town, question, number)
