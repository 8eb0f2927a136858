"""The addresses of the product, and two of an API that test_authentication.py asks."""

from django.urls import include, path

from tests.accounts.test_authentication import public, who

urlpatterns = [path("api/who/", who), path("api/public/", public), path("", include("config.urls"))]
