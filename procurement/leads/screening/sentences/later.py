"""What later stages find, in words: they judge it and clear it, screening leaves it alone."""

from django.utils.translation import gettext_lazy as _

from workflow.errors import Words

SENTENCES: dict[str, Words] = {
    "customs_doubt": _("Customs may stop %(shipment)s: %(what)s. %(why)s"),
    "paper_old": _(
        "%(what)s, a paper of %(shipment)s, rests on %(certificate)s, %(old_for)s. Look it up again before it is handed in."
    ),
    "declared_otherwise": _(
        "%(shipment)s is declared to customs under %(codes)s; none of the goods offered is known under such a code."
    ),
    "no_hand_over": _(
        "%(shipment)s is said to have left on %(departed)s, but no carrier has confirmed it took the goods."
    ),
    "parcels_short": _(
        "%(parcels)s parcels of %(shipment)s were handed to the carrier and have not arrived."
    ),
    "reported_no": _("The report on “%(check)s” (%(task)s) answers no to: %(questions)s"),
    "account_after_contract": _(
        "%(order)s was placed on %(placed)s, and another account was named since: %(account)s. Nothing is paid until a second person "
        "has called the company back on a number that a contact confirmed, and the account has cooled for two days."
    ),
    "payment_urgent": _(
        "For %(order)s, %(amount)s was asked for on %(asked)s, shortly after another payment and before its goods had moved. "
        "Advances are lost like this: nothing is paid until a second person has called the company back, and its "
        "account has cooled for two days."
    ),
    "came_short": _(
        "Of %(shipment)s, %(missing)s pieces were missing and %(rejected)s were rejected at the door."
    ),
}
