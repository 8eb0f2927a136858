"""The customs rules as pages: which papers, as of which day; the book of rules and reliefs; and keeping one by hand."""

from procurement.web.customs_rules import asked, book, keeping

# The book's own addresses come last: `<code>` matches anything.
urlpatterns = [*asked.urlpatterns, *keeping.urlpatterns, *book.urlpatterns]
