"""URLs of the help section."""

from django.urls import path

from procurement.help.views import (
    contact_guide,
    glossary,
    help_index,
    keyboard_shortcuts,
    role_guide,
    role_permissions,
    webhooks_guide,
)

urlpatterns = [
    path("help/", help_index, name="help"),
    path("help/glossary/", glossary, name="help_glossary"),
    path("help/webhooks/", webhooks_guide, name="help_webhooks"),
    path("help/keys/", keyboard_shortcuts, name="help_keys"),
    path("help/who-can/", role_permissions, name="help_who_can"),
    path("help/contact/", contact_guide, name="help_contact"),
    path("help/roles/<slug:role>/", role_guide, name="help_role"),
]
