"""URL of the moves on several rows of any list."""

from django.urls import path

from workflow.http.bulk import bulk

urlpatterns = [path("lists/<slug:name>/selected/", bulk, name="bulk")]
