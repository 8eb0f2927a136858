"""URLs of the register, of people and roles, and of a contact's own details. The first match wins."""

from django.urls import include, path

MODULES = (
    *(
        "corrections.views",
        "disputes.views.source_claims",
        "disputes.views.disputes",
        "agreements.views.agreements",
        "exchanges.views",
    ),
    *("contacts.views.contacts", "memberships.views.members", "cities.views.cities"),
    *("memberships.views.approvals", "cities.views.city", "register_import.views.files"),
    *("register_import.urls", "contacts.views.self_service", "activity.previews", "activity.views"),
)

urlpatterns = [path("", include(f"partners.{module}")) for module in MODULES]
