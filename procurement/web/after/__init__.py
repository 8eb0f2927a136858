"""What is still owed once goods are here: the ledger of duty reliefs, and thanks. By noun."""

from procurement.web.after import packs, reliefs

urlpatterns = [*reliefs.urlpatterns, *packs.urlpatterns]
