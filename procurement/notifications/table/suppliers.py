"""Rows of the notification table about suppliers, their certificates and accounts.

They go to the cities whose offers and orders depend on them.
"""

from django.utils.translation import gettext_lazy as _

from procurement.notifications import audiences
from procurement.notifications.audiences import relying_officers, undecided_cities
from procurement.notifications.conditions import has_more_cities_to_ask, is_of_another_city
from procurement.notifications.notices import Notice, staff_notice

CHANGED = staff_notice(
    relying_officers,
    _("A company you rely on was changed"),
    _(
        "%(who)s of %(city_of)s changed %(thing)s, on which an offer or order of yours rests. %(changes)s. %(reason)s"
    ),
    holds=is_of_another_city,
    stays=True,
)
VERBS = {
    "supplier": ("correct", "merge", "unmerge"),
    "certificate": ("amend", "confirm", "mark_unconfirmable", "mark_altered", "mark_wrong_scope"),
    "bankaccount": ("retire",),
}
ABOUT_COMPANIES: dict[tuple[str, str], tuple[Notice, ...]] = {
    **{(f"procurement.{thing}", verb): (CHANGED,) for thing, verbs in VERBS.items() for verb in verbs},
    ("procurement.watchlist", "activate"): (
        staff_notice(
            audiences.uploader,
            _("A list is in force"),
            _("%(thing)s is in force: companies are compared with it from now on."),
            "active",
        ),
    ),
    ("procurement.watchlist", "fail"): (
        staff_notice(
            audiences.uploader,
            _("A list could not be read"),
            _("%(thing)s failed. Its page says why."),
            "failed",
        ),
    ),
    ("procurement.supplierchange", "propose"): (
        staff_notice(
            undecided_cities,
            _("A change about a company is proposed"),
            _(
                "%(who)s of %(city_of)s proposes a change about %(company)s, on which an offer or order of yours rests. %(proposed)s. "
                "%(reason)s Accept it, or decline it and say why."
            ),
            "proposed",
        ),
    ),
    ("procurement.supplierchange", "agree"): (
        staff_notice(
            undecided_cities,
            _("A change about a company is proposed"),
            _(
                "%(who)s of %(city_of)s agreed to a change about %(company)s, on which an offer or order of yours rests by now. "
                "%(proposed)s. %(why)s Accept it, or decline it and say why."
            ),
            "proposed",
            holds=has_more_cities_to_ask,
        ),
    ),
    ("procurement.supplierchange", "reopen"): (
        staff_notice(
            undecided_cities,
            _("A change about a company is to be decided again"),
            _(
                "%(who)s of %(city_of)s reopened a proposal about %(company)s. %(proposed)s. Accept it, or decline it and say why."
            ),
            "proposed",
        ),
    ),
    ("procurement.supplierchange", "accept"): (
        staff_notice(
            audiences.proposer,
            _("Your proposal about a company is accepted"),
            _("%(who)s of %(city_of)s accepted what you proposed about %(company)s. %(proposed)s."),
            "accepted",
        ),
    ),
    ("procurement.supplierchange", "decline"): (
        staff_notice(
            audiences.proposer,
            _("Your proposal about a company is declined"),
            _("%(who)s of %(city_of)s declined what you proposed about %(company)s: %(reason)s"),
            "declined",
        ),
    ),
    ("procurement.bankaccount", "propose"): (
        staff_notice(
            relying_officers,
            _("A second bank account was entered for a company you pay"),
            _(
                "%(who)s of %(city_of)s entered another account of a company to which an order of yours is open: %(thing)s. "
                "Your payments go on. Ask the company by a number that a contact confirmed whether the account is theirs."
            ),
            holds=is_of_another_city,
            stays=True,
        ),
    ),
}
