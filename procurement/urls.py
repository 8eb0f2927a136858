"""URLs of all packages of procurement.

Packages are ordered by the stage of procurement they handle (`PACKAGES`). Those of later stages come first,
because the first match wins: the page `shipments/<reference>/dock/` of a later package must be found before
the pattern of moves, `shipments/<reference>/<verb>/`.
"""

from pathlib import Path

from django.urls import include, path

from procurement.apps import PACKAGES

packages_with_urls = {file.parent.name for file in Path(__file__).parent.glob("*/urls.py")}
packages = [
    *sorted(packages_with_urls.difference(PACKAGES)),
    *(one for one in reversed(PACKAGES) if one in packages_with_urls),
]
urlpatterns = [path("", include(f"procurement.{package}.urls")) for package in packages]
