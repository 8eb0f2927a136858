"""WSGI entry point for the web server (granian)."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from config.celery import app
from config.preload import preload_and_freeze

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
gc.disable()  # loaded code is not garbage; `preload_and_freeze` exempts it and starts collection
application = get_wsgi_application()
__all__ = ["app", "application"]
preload_and_freeze()
