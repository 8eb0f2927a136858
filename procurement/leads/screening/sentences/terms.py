"""What is noticed about how much there is and on which terms, in words."""

from django.utils.translation import gettext_lazy as _

from workflow.errors import Words

SENTENCES: dict[str, Words] = {
    "prepayment_high": _(
        "%(percent)s %% is asked before anything is shipped; %(most)s %% is the most that is usual."
    ),
    "use_mismatch": _("The goods are declared for %(declared)s, the need is for %(needed)s."),
    "stock_implausible": _(
        "%(stock)s pieces in stock are more than %(days)s days of what is made in a day, %(capacity)s."
    ),
    "capacity_missing": _("A maker says neither what is in stock nor what is made in a day."),
    "capacity_young": _(
        "%(capacity)s pieces a day are a lot for a company founded on %(founded)s, less than a year before."
    ),
}
