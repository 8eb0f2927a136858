"""What is noticed about who offers, in words."""

from django.utils.translation import gettext_lazy as _

from workflow.errors import Words

SENTENCES: dict[str, Words] = {
    "uscc_malformed": _("The company number %(number)s cannot be real: %(fault)s."),
    "uscc_missing": _("No company number is given."),
    "free_mail": _("The company writes from a free address (%(domain)s)."),
    "duplicate_company": _("The company looks like %(others)s. Both have the same %(same)s."),
    "company_young": _("The company was founded on %(founded)s, less than half a year before the offer."),
    "chain_long": _("The offer came through %(links)s hands: %(chain)s."),
}
