"""URLs of the pages of one import: its columns, its places, its result, and the import itself."""

from partners.register_import.views import check_results, columns, imports, places

urlpatterns = [*columns.urlpatterns, *places.urlpatterns, *check_results.urlpatterns, *imports.urlpatterns]
