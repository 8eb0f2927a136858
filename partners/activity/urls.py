"""URLs of comments, files and file previews."""

from django.urls import path

from partners.activity.previews import file_page, file_page_signed
from partners.activity.views import add_comment, add_file, file, file_signed

urlpatterns = [
    path("files/<slug:key>/", file, name="file"),
    path("files/<slug:key>/at/<str:signed>/", file_signed, name="file_signed"),
    path("things/<slug:label>/<int:pk>/comment/", add_comment, name="add_comment"),
    path("things/<slug:label>/<int:pk>/file/", add_file, name="add_file"),
    path("files/<slug:key>/pages/<int:number>/<slug:size>.webp", file_page, name="file_page"),
    path(
        "files/<slug:key>/at/<str:signed>/pages/<int:number>/<slug:size>.webp",
        file_page_signed,
        name="file_page_signed",
    ),
]
