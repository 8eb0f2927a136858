"""URLs of comments, files and file previews."""

from django.urls import path

from partners.activity.previews import file_page_picture, signed_file_page_picture
from partners.activity.views import add_comment, add_file, open_file, signed_file_download

urlpatterns = [
    path("files/<slug:key>/", open_file, name="file"),
    path("files/<slug:key>/at/<str:signed>/", signed_file_download, name="file_signed"),
    path("things/<slug:label>/<int:pk>/comment/", add_comment, name="add_comment"),
    path("things/<slug:label>/<int:pk>/file/", add_file, name="add_file"),
    path("files/<slug:key>/pages/<int:number>/<slug:size>.webp", file_page_picture, name="file_page"),
    path(
        "files/<slug:key>/at/<str:signed>/pages/<int:number>/<slug:size>.webp",
        signed_file_page_picture,
        name="file_page_signed",
    ),
]
