"""What is noticed about how much there is and on which terms, in words."""

from django.utils.translation import gettext_lazy as _

from workflow.errors import Words

SENTENCES: dict[str, Words] = {
    "prepayment_high": _(
        "%(percent)s %% is asked before anything is shipped; %(most)s %% is the most that is usual."
    ),
    "use_mismatch": _(
        "The goods are declared for %(declared)s, the need is for %(needed)s. "
        "Choose other goods, or correct the declared use of the offer or of the need."
    ),
    "use_stricter": _(
        "The goods are declared for %(declared)s, the need is for %(needed)s. They may be used for it: customs asks for the papers of "
        "medical goods, and order and declaration must say “medical”."
    ),
    "use_false": _(
        "%(what)s: %(need)s is for %(receivers)s. The importer would sign a false declaration. "
        "Choose medical goods, or correct who will use them in %(need)s."
    ),
    "receiver_unstated": _(
        "%(need)s does not state who will use the goods. They are declared as non-medical, and the importer signs that "
        "nobody will use them for medical work. Enter in %(need)s who will use them."
    ),
    "stock_implausible": _(
        "%(stock)s pieces in stock are more than %(days)s days of what is made in a day, %(capacity)s."
    ),
    "capacity_missing": _("A maker says neither what is in stock nor what is made in a day."),
    "capacity_young": _(
        "%(capacity)s pieces a day are a lot for a company founded on %(founded)s, less than a year before."
    ),
    "stock_unproven": _(
        "%(stock)s pieces are offered, and the capacity is not stated. "
        "Such a company usually has %(usual)s at most (a number of our own). Ask what is made in a day, and have the stock counted."
    ),
    "stock_unconfirmed": _(
        "%(stock)s pieces are offered by a company that only trades, and the capacity is not stated. "
        "Such a company usually has %(usual)s at most (a number of our own). "
        "Ask the maker to confirm the goods, and have the stock counted."
    ),
    "advance_said": _(
        "By the payment terms (“%(terms)s”) %(percent)s %% is asked in advance; the percentage is not filled in. "
        "Ask the seller and fill it in."
    ),
    "advance_open": _(
        "The payment terms (“%(terms)s”) mention an advance payment but not how much. Ask the seller and fill in the percentage."
    ),
    "payment_unsaid": _(
        "The payment terms (“%(terms)s”) ask for all of the price and do not say when. "
        "Ask the seller, and fill in the percentage that is asked in advance."
    ),
    "advance_differs": _(
        "By the payment terms (“%(terms)s”) %(said)s %% is asked in advance, by the offer %(percent)s %%. "
        "Ask the seller which holds, and correct the other."
    ),
    "advance_denied": _(
        "The payment terms (“%(terms)s”) mention an advance payment, and the offer says that nothing is asked in advance. "
        "Ask the seller which holds, and correct the other."
    ),
    "flags_together": _(
        "Warning signs come together: %(flags)s. Pay nothing in advance before the maker confirms the seller. "
        "A second approver decides on the order."
    ),
    "feature_differs": _(
        "The need asks for “%(asked_feature)s”, and the offer mentions “%(feature)s”. "
        "Ask for a photo of the goods before anything is ordered."
    ),
    "counterfeit_sign": _(
        "The offer mentions “%(feature)s”: on a NIOSH-approved respirator, that is a sign of a counterfeit. "
        "Look the number up in its list and ask for a photo of the goods."
    ),
}
