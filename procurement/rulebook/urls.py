"""URL of the page of all rules."""

from django.urls import path

from procurement.rulebook.views import rulebook

urlpatterns = [path("rules/", rulebook, name="rules")]
