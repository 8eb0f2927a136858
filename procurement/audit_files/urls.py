"""URLs of the pages of an audit file."""

from django.urls import path

from procurement.audit_files.views import (
    audit_file_download,
    audit_file_download_signed,
    make_audit_file_move,
    new_audit_file,
    redirect_to_audit_file,
)

urlpatterns = [
    path("orders/<slug:reference>/documents/all/", new_audit_file, name="add_audit_file"),
    path("audit-files/<int:pk>/", redirect_to_audit_file, name="audit_file"),
    path("audit-files/<int:pk>/file/", audit_file_download, name="audit_file_download"),
    path(
        "audit-files/<int:pk>/file/at/<str:signed>/",
        audit_file_download_signed,
        name="audit_file_download_signed",
    ),
    path("audit-files/<int:pk>/<slug:verb>/", make_audit_file_move, name="audit_file_move"),
]
