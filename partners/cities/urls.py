"""URLs of the list of cities, of the page of a city, and of the forms that add and edit one."""

from django.urls import path

from partners.cities.views.cities import city_list
from partners.cities.views.city import city_page
from partners.cities.views.city_facts import add_city, edit_city

urlpatterns = [
    path("cities/", city_list, name="cities"),
    path("cities/<slug:slug>/", city_page, name="city"),
    path("cities/<slug:slug>/edit/", edit_city, name="edit_city"),
    path("register/cities/add/", add_city, name="add_city"),
]
