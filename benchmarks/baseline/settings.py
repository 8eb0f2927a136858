"""Settings of the baseline server: the product's database and connections, without middleware and apps."""

from config.settings import *  # noqa: F403  # the same database and connections, as settings modules extend one another

ROOT_URLCONF = "benchmarks.baseline.urls"
INSTALLED_APPS: list[str] = []
MIDDLEWARE: list[str] = []
