"""Settings of the floor: the product's database and connections, with no middleware and no apps."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.floor.urls"
INSTALLED_APPS: list[str] = []
MIDDLEWARE: list[str] = []
