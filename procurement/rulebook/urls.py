"""URLs of the index of all rules, and of each rule."""

from django.urls import path

from procurement.rulebook.views import rule_page, rulebook

urlpatterns = [
    path("rules/", rulebook, name="rules"),
    path("rules/rule/<slug:code>/", rule_page, name="rule"),
]
