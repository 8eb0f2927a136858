"""URL of the Today page."""

from django.urls import path

from procurement.dashboard.views import today

urlpatterns = [path("", today, name="today")]
