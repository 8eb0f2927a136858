"""What a process that forks others does first: load what they all need, once, so that they share it."""

import gc

from django.conf import settings
from django.urls import get_resolver
from django.utils import translation


def stays() -> None:
    """Load every page and the table of their addresses in each language, and put all that is loaded out of the collector's way.

    It stays to the end. The collector would look through all of it every few hundred answers, and one reader would wait a fifth of a
    second for it; and what it looks through is no longer shared with the other processes.
    """
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            _addresses = get_resolver().reverse_dict
    gc.collect()
    gc.freeze()
    gc.enable()
