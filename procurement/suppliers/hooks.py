"""Hooks that `orders` fills: the cities that rely on a company or a bank account (ADR 92).

`procurement/apps.py` registers them in `AppConfig.ready()`.
"""

from collections.abc import Callable

from partners.cities.models import City
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.suppliers import Supplier
from workflow.hooks import Hook

# The cities with an offer of the company or its goods, or an open order, by their ids.
supplier_dependants = Hook[Callable[[Supplier], dict[int, City]]](
    "procurement.suppliers.hooks.supplier_dependants"
)

# The ids of the cities with an open order paid into this account.
account_dependants = Hook[Callable[[BankAccount], frozenset[int]]](
    "procurement.suppliers.hooks.account_dependants"
)
