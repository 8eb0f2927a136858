"""URLs of the register files and of imports."""

from django.urls import path

from partners.register_import.views.check_results import download_check_results
from partners.register_import.views.columns import match_columns
from partners.register_import.views.files import download_table, download_workbook, register_files
from partners.register_import.views.imports import make_import_move, show_import
from partners.register_import.views.places import answer_places

urlpatterns = [
    path("register/files/", register_files, name="register_files"),
    path("register/files/<slug:table>.csv", download_table, name="register_file"),
    path("register/files/<slug:table>.xlsx", download_workbook, name="register_workbook"),
    path("register/imports/<int:pk>/columns/", match_columns, name="import_columns"),
    path("register/imports/<int:pk>/places/", answer_places, name="import_places"),
    path("register/imports/<int:pk>/<slug:what>.csv", download_check_results, name="import_sheet"),
    path("register/imports/<int:pk>/", show_import, name="import"),
    path("register/imports/<int:pk>/<slug:verb>/", make_import_move, name="import_move"),
]
