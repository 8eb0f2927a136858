"""What is noticed about who offers, in words."""

from django.utils.translation import gettext_lazy as _

from workflow.errors import Words

SENTENCES: dict[str, Words] = {
    "uscc_malformed": _("The company number %(number)s cannot be real: %(fault)s."),
    "number_malformed": _("The company number %(number)s does not have the form of a %(number_kind)s."),
    "uscc_region": _(
        "The company number %(number)s was given in %(region)s, and the factory is said to be in %(place)s. "
        "Ask for the factory’s own business licence."
    ),
    "uscc_no_business": _(
        "The company number %(number)s does not begin with 9: it is not that of a business. "
        "Ask who sells the goods, and for that company’s licence."
    ),
    "mark_other_country": _(
        "Only makers in %(country)s can have this mark, as far as we remember, and this maker is in another country. "
        "Look its approval up with the authority there."
    ),
    "words_of_no_paper": _(
        "The offer or a paper says “%(said)s”. %(flaw)s Ask for the paper itself, and look it up."
    ),
    "uscc_missing": _("No company number is given."),
    "free_mail": _("The company writes from a free address (%(domain)s)."),
    "duplicate_company": _("The company looks like %(others)s. Both have the same %(same)s."),
    "company_young": _("The company was founded on %(founded)s, less than half a year before the offer."),
    "chain_long": _("The offer came through %(links)s hands: %(chain)s."),
    "maker_unconfirmed": _(
        "The offer came through %(links)s hands, and nobody has asked the maker whether it knows the seller."
    ),
    "company_unregistered": _(
        "%(company)s, %(whom)s: no such company stands in the register (%(look_up)s, %(day)s)."
    ),
    "company_struck_off": _(
        "%(company)s, %(whom)s: the registration ended on %(since)s (%(look_up)s, %(day)s)."
    ),
    "company_debts": _(
        "%(company)s, %(whom)s: debts before a court (%(look_up)s, %(day)s). Pay nothing in advance."
    ),
    "company_insolvent": _(
        "%(company)s, %(whom)s: insolvent, as the insolvency register says (%(look_up)s, %(day)s)."
    ),
    "maker_unlicensed": _(
        "%(company)s has no licence to make these goods (%(look_up)s, %(day)s). A foreign mark is none."
    ),
    "licence_ended": _(
        "The licence of %(company)s to make these goods ended on %(since)s (%(look_up)s, %(day)s)."
    ),
    "not_on_list": _("The goods of %(company)s are not on the authority’s list (%(look_up)s, %(day)s)."),
    "cut_from_list": _(
        "The goods of %(company)s were cut from the authority’s list on %(since)s (%(look_up)s, %(day)s)."
    ),
    "distributor_unknown": _(
        "The maker knows no such distributor: %(company)s (%(look_up)s, %(day)s). "
        "Order nothing until the maker confirms the seller."
    ),
    "lot_unknown": _(
        "The maker says the lot that %(company)s offers is not its own (%(look_up)s, %(day)s). "
        "Order nothing until the maker confirms the lot."
    ),
    "made_fewer": _(
        "%(stock)s pieces are offered, but the maker says only %(count)s exist (%(look_up)s, %(day)s)."
    ),
    "domain_young": _(
        "The web domain of %(company)s was registered on %(since)s only, less than half a year before it was looked up "
        "(%(look_up)s, %(day)s). Whoever clones a site needs a new domain."
    ),
    "domain_owner": _(
        "The web domain of %(company)s is registered to somebody else (%(look_up)s, %(day)s). Call a number from the register."
    ),
    "looked_up_long_ago": _(
        "%(what)s: what was said of %(company)s is of %(day)s, more than %(days)s days ago (%(look_up)s). Look it up again."
    ),
    "no_staff": _("%(company)s, %(whom)s: no staff and no activity were found (%(look_up)s, %(day)s)."),
    "other_goods": _("%(company)s has dealt in other goods only (%(look_up)s, %(day)s)."),
    "no_trade": _("No trade of %(company)s was found at all (%(look_up)s, %(day)s)."),
}
