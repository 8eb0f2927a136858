"""URLs of all packages of partners. Each package names its own; the first match wins.

Corrections and disputes come first: their addresses under an agreement are not verbs of the agreement.
"""

from django.urls import include, path

URL_PACKAGES = (
    *("corrections", "disputes", "agreements", "exchanges", "contacts", "memberships", "cities"),
    *("register_import", "activity", "saved_views"),
)

urlpatterns = [path("", include(f"partners.{package}.urls")) for package in URL_PACKAGES]
