"""Offers, offers side by side, what looks wrong in them, and their prices held against each other. By noun."""

from procurement.web.leads import compare, findings, offers

# `leads/compare/` comes first: `<reference>` matches it, too.
urlpatterns = [*compare.urlpatterns, *offers.urlpatterns, *findings.urlpatterns]
