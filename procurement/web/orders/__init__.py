"""Orders and gifts: writing one, the list, a page with its moves, and the payments on it. By noun."""

from procurement.web.orders import moves, orders, payments, writing

# `orders/new/` comes first: `<reference>` matches it, too.
urlpatterns = [*writing.urlpatterns, *orders.urlpatterns, *moves.urlpatterns, *payments.urlpatterns]
