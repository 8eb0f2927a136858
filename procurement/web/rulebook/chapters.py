"""Every rule by subject, in the order a reader should meet them."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from procurement.web.rulebook.checks import CHECKS, PAYMENTS
from procurement.web.rulebook.companies import COMPANIES
from procurement.web.rulebook.entry import Entry
from procurement.web.rulebook.money import ACCOUNTS, PRICES, TERMS
from procurement.web.rulebook.others import LATER, LISTS
from procurement.web.rulebook.papers import PAPERS
from workflow.errors import Words

CHAPTERS: Mapping[str, tuple[Words, tuple[Entry, ...]]] = {
    "companies": (_("Who offers"), COMPANIES),
    "lists": (_("Lists of sanctions and of forced labour"), LISTS),
    "papers": (_("Standards and papers"), PAPERS),
    "prices": (_("Prices"), PRICES),
    "terms": (_("How much there is, and on which terms"), TERMS),
    "accounts": (_("Where they want to be paid"), ACCOUNTS),
    "later": (_("What shows after the offer"), LATER),
    "checks": (_("Which checks are needed"), CHECKS),
    "payments": (_("Orders and payments"), PAYMENTS),
}
ENTRIES: Mapping[str, Entry] = {
    entry.code: entry for _name, entries in CHAPTERS.values() for entry in entries
}
