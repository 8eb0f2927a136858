"""The notices about companies, their papers and their accounts: to the cities whose offers and orders rest on them."""

from django.utils.translation import gettext_lazy as _

from procurement.notices import audiences as to
from procurement.notices.notice import Notice, is_suggested, of_another_city, staff

CHANGED = staff(
    to.relying,
    _("A company you rely on was changed"),
    _(
        "%(who)s of %(city_of)s changed %(thing)s, on which an offer or order of yours rests. %(changes)s. %(reason)s"
    ),
    holds=of_another_city,
    stays=True,
)
VERBS = {
    "supplier": ("correct", "merge", "part"),
    "certificate": ("amend", "confirm", "mark_unconfirmable", "mark_altered", "mark_wrong_scope"),
    "bankaccount": ("retire",),
}
ABOUT_COMPANIES: dict[tuple[str, str], tuple[Notice, ...]] = {
    **{(f"procurement.{thing}", verb): (CHANGED,) for thing, verbs in VERBS.items() for verb in verbs},
    ("procurement.supplier", "suggest_change"): (
        staff(
            to.relying,
            _("A change of a company is suggested"),
            _(
                "%(who)s of %(city_of)s suggests a change of %(thing)s, on which an offer or order of yours rests: %(reason)s "
                "Make the change, or leave it as it is and say why."
            ),
            holds=of_another_city,
            still=is_suggested,
        ),
    ),
    ("procurement.supplier", "decline_change"): (
        staff(
            to.suggesters,
            _("A company stays as it is"),
            _("%(who)s of %(city_of)s leaves %(thing)s as it is: %(reason)s"),
            stays=True,
        ),
    ),
    ("procurement.bankaccount", "propose"): (
        staff(
            to.relying,
            _("Another account of a company you pay"),
            _(
                "%(who)s of %(city_of)s entered another account of a company to which an order of yours is open: %(thing)s. "
                "Your payments go on. Ask the company by a number that a contact confirmed whether the account is theirs."
            ),
            holds=of_another_city,
            stays=True,
        ),
    ),
}
