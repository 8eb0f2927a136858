"""Preloading for a process that forks others, so that they share the loaded code."""

import gc

from django.conf import settings
from django.urls import get_resolver
from django.utils import translation


def preload_and_freeze() -> None:
    """Load all views and the URL table of each language, and keep them from garbage collection.

    The loaded objects stay until the process ends. The collector would scan them every few hundred responses,
    and one reader would wait a fifth of a second for it. Scanned memory is also no longer shared with the
    other processes.
    """
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            _addresses = get_resolver().reverse_dict
    gc.collect()
    gc.freeze()
    gc.enable()
