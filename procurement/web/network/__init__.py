"""The network on pages: its ties on a map and in a table, and what could still be asked of them.

Stands here and not in partners because only the story knows who was asked.
"""

from procurement.web.network import between, page, untapped

urlpatterns = [*between.urlpatterns, *untapped.urlpatterns, *page.urlpatterns]
