"""URL of a person's calendar feed. Its secret token is the only authentication (docs/rules/messages.md)."""

from django.urls import path

from procurement.exports.views import calendar_feed

urlpatterns = [path("calendar/<str:token>.ics", calendar_feed, name="calendar_feed")]
