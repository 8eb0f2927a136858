"""All rulebook entries by subject, in reading order."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from procurement.rulebook.certificates import CERTIFICATES
from procurement.rulebook.checks import CHECKS, PAYMENTS
from procurement.rulebook.companies import COMPANIES
from procurement.rulebook.entries import Entry
from procurement.rulebook.prices import ACCOUNTS, PRICES, TERMS
from procurement.rulebook.watchlists import LATER, LISTS
from workflow.errors import Words

SECTIONS: Mapping[str, tuple[Words, tuple[Entry, ...]]] = {
    "companies": (_("Who offers"), COMPANIES),
    "lists": (_("Lists of sanctions and of forced labour"), LISTS),
    "papers": (_("Standards and papers"), CERTIFICATES),
    "prices": (_("Prices"), PRICES),
    "terms": (_("How much there is, and on which terms"), TERMS),
    "accounts": (_("Where they want to be paid"), ACCOUNTS),
    "later": (_("What shows after the offer"), LATER),
    "checks": (_("Which checks are needed"), CHECKS),
    "payments": (_("Orders and payments"), PAYMENTS),
}
ENTRIES: Mapping[str, Entry] = {
    entry.code: entry for _name, entries in SECTIONS.values() for entry in entries
}
