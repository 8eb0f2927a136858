"""Large tables are loaded before the web server forks, so that its processes share them."""

import gc
import logging

from django.conf import settings

from config.preload import preload_and_freeze
from partners.place_labels import _from_iso, _territories
from procurement.leads.currency_conversion import _bank_history
from workflow.outbox.quiet_hours import holiday_calendar
from workflow.pdf.typefaces import supported_characters
from workflow.search import _simplified
from workflow.templatetags.labels import icon_svg

TABLES = (
    _from_iso,
    _bank_history,
    _simplified,
    _territories,
    icon_svg,
    holiday_calendar,
    supported_characters,
)


def test_large_tables_are_loaded_and_version_is_logged_before_web_server_forks(caplog):
    for table in TABLES:
        table.cache_clear()
    try:
        with caplog.at_level(logging.INFO):
            preload_and_freeze()
        frozen = gc.get_freeze_count()
    finally:
        gc.unfreeze()
    assert frozen > 100_000
    assert f"Twinlane {settings.VERSION} starts" in caplog.text
    assert [table.__name__ for table in TABLES if not table.cache_info().currsize] == []
    assert _territories.cache_info().currsize == 3, "one table for each language"
