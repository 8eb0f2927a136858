"""Notices about suppliers, their certificates and accounts: who is notified of which event, and how.

They go to the cities whose offers and orders depend on them.
"""

from django.utils.translation import gettext_lazy as _

from procurement.notifications import audiences
from procurement.notifications.audiences import officers_of_dependent_cities, officers_of_undecided_cities
from procurement.notifications.conditions.offers_and_checks import (
    concerns_another_city,
    is_end_date_unchanged,
    must_other_cities_decide,
)
from procurement.notifications.notices import NotificationRule, staff_notice

SUPPLIER_CHANGED_NOTICE = staff_notice(
    officers_of_dependent_cities,
    _("Supplier information you rely on was changed"),
    _(
        "%(who)s of %(city_of)s changed %(thing)s. One of your offers or orders depends on it. "
        "%(changes)s. %(reason)s"
    ),
    send_if=concerns_another_city,
    no_end=True,
)
SUPPLIER_CHANGE_VERBS = {
    "supplier": ("correct", "merge", "unmerge"),
    "certificate": ("amend", "confirm", "mark_unconfirmable", "mark_altered", "mark_wrong_scope"),
    "bankaccount": ("retire",),
}
COMPANY_NOTICES: dict[tuple[str, str], tuple[NotificationRule, ...]] = {
    **{
        (f"procurement.{thing}", verb): (SUPPLIER_CHANGED_NOTICE,)
        for thing, verbs in SUPPLIER_CHANGE_VERBS.items()
        for verb in verbs
    },
    ("procurement.certificate", "announce_end"): (
        staff_notice(
            officers_of_dependent_cities,
            _("A certificate expires soon"),
            _(
                "%(thing)s of %(company)s is valid until %(valid_until)s. One of your offers or orders depends on it. "
                "Ask for the new certificate."
            ),
            valid_if=is_end_date_unchanged,
        ),
    ),
    ("procurement.watchlist", "activate"): (
        staff_notice(
            audiences.watchlist_uploader,
            _("A watchlist is now in force"),
            _("%(thing)s is now in force. Suppliers are compared with this watchlist from now on."),
            "active",
        ),
    ),
    ("procurement.watchlist", "fail"): (
        staff_notice(
            audiences.watchlist_uploader,
            _("A watchlist could not be read"),
            _("%(thing)s could not be processed. Its page shows the reason."),
            "failed",
        ),
    ),
    ("procurement.supplierchange", "propose"): (
        staff_notice(
            officers_of_undecided_cities,
            _("A change to a supplier was proposed"),
            _(
                "%(who)s of %(city_of)s proposed a change to the details of %(company)s. "
                "One of your offers or orders depends on this supplier. %(proposed)s. "
                "%(reason)s Accept the change, or decline it with a reason."
            ),
            "proposed",
        ),
    ),
    ("procurement.supplierchange", "agree"): (
        staff_notice(
            officers_of_undecided_cities,
            _("A change to a supplier was proposed"),
            _(
                "%(who)s of %(city_of)s agreed to a change to the details of %(company)s. "
                "One of your offers or orders now depends on this supplier. %(proposed)s. "
                "%(why)s Accept the change, or decline it with a reason."
            ),
            "proposed",
            send_if=must_other_cities_decide,
        ),
    ),
    ("procurement.supplierchange", "reopen"): (
        staff_notice(
            officers_of_undecided_cities,
            _("A change to a supplier needs a new decision"),
            _(
                "%(who)s of %(city_of)s reopened a proposal about %(company)s. %(proposed)s. "
                "Accept it, or decline it with a reason."
            ),
            "proposed",
        ),
    ),
    ("procurement.supplierchange", "accept"): (
        staff_notice(
            audiences.change_proposer,
            _("Your proposal about a supplier was accepted"),
            _("%(who)s of %(city_of)s accepted your proposal about %(company)s. %(proposed)s."),
            "accepted",
        ),
    ),
    ("procurement.supplierchange", "decline"): (
        staff_notice(
            audiences.change_proposer,
            _("Your proposal about a supplier was declined"),
            _("%(who)s of %(city_of)s declined your proposal about %(company)s: %(reason)s"),
            "declined",
        ),
    ),
    ("procurement.bankaccount", "propose"): (
        staff_notice(
            officers_of_dependent_cities,
            _("A second bank account was entered for a supplier you pay"),
            _(
                "%(who)s of %(city_of)s entered another account for a supplier with which you have an open "
                "order: %(thing)s. Your payments continue. Phone the supplier at a number confirmed by a "
                "contact, and ask whether this account is the supplier’s own."
            ),
            send_if=concerns_another_city,
            no_end=True,
        ),
    ),
}
