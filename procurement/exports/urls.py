"""URL of a person's calendar feed, which only the calendar program knows (docs/rules/messages.md)."""

from django.urls import path

from procurement.exports.views import calendar_feed

urlpatterns = [path("calendar/<str:token>.ics", calendar_feed, name="calendar_feed")]
