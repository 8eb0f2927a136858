"""Offers, also side by side, what looks wrong in them, their prices, and the exchange rates these are read at. By noun."""

from procurement.web.leads import compare, findings, offers, price, rates

# `leads/compare/` comes first: `<reference>` matches it, too.
urlpatterns = [
    *compare.urlpatterns,
    *price.urlpatterns,
    *offers.urlpatterns,
    *findings.urlpatterns,
    *rates.urlpatterns,
]
