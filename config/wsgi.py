"""The entry of the web server (granian)."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from config.celery import app as celery  # a page's nudge to the worker goes to this application's broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
__all__ = ["application", "celery"]

# What is loaded by now, the pages included, stays to the end. The collector would look through all of it every few hundred answers,
# and one reader would wait a fifth of a second for it.
_pages = get_resolver().url_patterns
gc.collect()
gc.freeze()
