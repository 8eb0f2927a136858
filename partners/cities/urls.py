"""URLs of the list of cities and of the page of a city."""

from django.urls import path

from partners.cities.views.cities import cities
from partners.cities.views.city import city_page

urlpatterns = [
    path("cities/", cities, name="cities"),
    path("cities/<slug:slug>/", city_page, name="city"),
]
