"""Settings of the benchmark servers in tests: static files keep their names, so none must be collected."""

from config.settings import *  # noqa: F403 - they are these settings, except for what follows

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
