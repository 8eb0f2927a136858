"""Preloading for a process that forks others, so that they share the loaded code."""

import gc
import logging

from django.conf import settings
from django.urls import get_resolver
from django.utils import translation

from partners.place_labels import country_label, subdivision_label
from procurement.leads.currency_conversion import last_rate_day
from workflow.outbox.quiet_hours import holiday_calendar
from workflow.pdf.typefaces import supported_characters
from workflow.search import to_simplified_chinese
from workflow.templatetags.labels import icon_svg

log = logging.getLogger(__name__)


def preload_and_freeze() -> None:
    """Log the version, load all views, URL tables and large reference tables, and keep them from garbage collection.

    The tables are those that each process would otherwise read for itself: exchange rates, characters of the
    typefaces, holidays, simplified characters, icons, names of countries and their parts.

    The loaded objects stay until the process ends. The collector would scan them every few hundred responses,
    and one reader would wait a fifth of a second for it. Scanned memory is also no longer shared with the
    other processes.
    """
    log.info("Twinlane %s starts", settings.VERSION)
    last_rate_day()  # tables before views: these reuse the memory that reading the files took
    supported_characters()
    holiday_calendar("CA")
    to_simplified_chinese("國")
    icon_svg("sun")
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            _addresses = get_resolver().reverse_dict
            country_label("CA")
            subdivision_label("JP-13")  # Tokyo, from ISO's table: ours has no parts of Japan
    gc.collect()
    gc.freeze()
    gc.enable()
