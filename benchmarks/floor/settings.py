"""The product's own settings (the same database, the same connections), with nothing around a view."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.floor.urls"
INSTALLED_APPS: list[str] = []
MIDDLEWARE: list[str] = []
