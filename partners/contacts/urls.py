"""URLs of organizations, of contacts, and of a contact’s own pages."""

from django.urls import path

from partners.contacts.views.contacts import add_contact, add_organization, contact_detail, contact_move
from partners.contacts.views.self_service import contact_consent, contact_details, contact_home, export_data

urlpatterns = [
    path("cities/<slug:slug>/offices/add/", add_organization, name="add_organization"),
    path("cities/<slug:slug>/contacts/add/", add_contact, name="add_contact"),
    path("contacts/<int:pk>/", contact_detail, name="contact"),
    path("contacts/<int:pk>/<slug:verb>/", contact_move, name="contact_move"),
    path("me/<int:pk>/", contact_home, name="my_page"),
    path("me/<int:pk>/agree/", contact_consent, name="agree"),
    path("me/<int:pk>/details/", contact_details, name="my_details"),
    path("me/<int:pk>/details/about-me.json", export_data, name="my_data"),
]
