"""URLs of all packages of procurement.

The first match wins, so the packages of later stages come first.

What a later stage adds below an earlier object (`shipments/<reference>/dock/`) would else be taken for a
move of that object (`shipments/<reference>/<verb>/`).
"""

from pathlib import Path

from django.urls import include, path

from procurement.apps import PACKAGES

with_urls = {file.parent.name for file in Path(__file__).parent.glob("*/urls.py")}
packages = [*sorted(with_urls.difference(PACKAGES)), *(one for one in reversed(PACKAGES) if one in with_urls)]
urlpatterns = [path("", include(f"procurement.{package}.urls")) for package in packages]
