"""URL of the search over everything."""

from django.urls import path

from procurement.search.views import search

urlpatterns = [path("search/", search, name="search")]
