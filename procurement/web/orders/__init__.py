"""Orders and gifts: writing one, the list, a page with its moves, its payments, its memos and papers. By noun."""

from procurement.web.orders import bundles, moves, orders, papers, payments, writing

# `orders/new/` comes first: `<reference>` matches it, too; and an order's papers before its moves.
urlpatterns = [
    *writing.urlpatterns,
    *orders.urlpatterns,
    *papers.urlpatterns,
    *bundles.urlpatterns,
    *moves.urlpatterns,
    *payments.urlpatterns,
]
