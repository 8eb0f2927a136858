"""A list brought into the register: uploaded, its columns and places matched, looked at, brought in, taken back. One file a step."""

from partners.web.imports import batch, columns, found, places

urlpatterns = [*columns.urlpatterns, *places.urlpatterns, *found.urlpatterns, *batch.urlpatterns]
