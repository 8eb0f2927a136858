"""URLs that belong to no single kind of object: the moves on rows of any list, and the contact for security reports."""

from django.urls import path

from workflow.http.bulk_actions import bulk_action
from workflow.http.row_edits import edit_row
from workflow.http.security_txt import security_txt

urlpatterns = [
    path("lists/<slug:name>/selected/", bulk_action, name="bulk"),
    path("rows/<slug:reference>/<slug:name>/<slug:verb>/", edit_row, name="edit_row"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
]
