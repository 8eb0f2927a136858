"""The entry of the web server (granian)."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from config import loaded
from config.celery import app  # a page's nudge to the worker goes to this application's broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
gc.disable()  # what is loaded is no garbage; `loaded.stays` puts it out of the way and begins to collect
application = get_wsgi_application()
__all__ = ["app", "application"]
loaded.stays()
