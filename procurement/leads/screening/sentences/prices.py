"""What is noticed about the price, in words."""

from django.utils.translation import gettext_lazy as _

from workflow.errors import Words

SENTENCES: dict[str, Words] = {
    "price_high": _("%(price)s a piece is far above the middle of %(quotes)s quotes, %(median)s."),
    "price_low": _("%(price)s a piece is far below the middle of %(quotes)s quotes, %(median)s."),
    "price_above_band": _(
        "%(price)s a piece is above twice the highest price last known, %(high)s. "
        "Ask the company why, and ask others for a quote."
    ),
    "price_four_times": _(
        "%(price)s a piece is above four times the highest price last known, %(high)s. "
        "Ask the company why, and ask others for a quote."
    ),
    "price_times_list": _(
        "%(price)s a piece is %(least)s to %(most)s times the list price of %(maker)s: %(low)s to %(high)s by model."
    ),
    "price_under_floor": _(
        "%(price)s a piece is below %(floor)s, the estimated cost to make it. Have a laboratory test a sample."
    ),
    "price_under_old_floor": _(
        "%(price)s a piece is below %(floor)s, the estimated cost to make it until %(until)s. No later figure is known. "
        "Have a laboratory test a sample."
    ),
    "price_above_limit": _("%(price)s a piece is more than the need allows, %(limit)s."),
    "price_few": _("Too few quotes to judge the price: %(quotes)s. Cities they come from: %(cities)s."),
}

BOX = _(
    "Is this the price of a box? With %(box)s pieces in it, a piece is %(each)s, as is usual: ask that first."
)
PAID = _("Others paid %(paid_low)s to %(paid_high)s in those days.")

# What is said of the printed figure behind a sentence that names one.
PRINTED = _("Figure: %(basis)s, %(since)s to %(until)s (%(printed)s). Confidence: %(grade)s.")
ESTIMATED = _("Estimated from: %(printed)s (%(since)s to %(until)s). Confidence: %(grade)s.")

# Up to where the prices of a sentence go, in a sentence of its own behind it.
POINTS: dict[str, Words] = {
    "origin": _("Prices without freight are compared, as at the maker's door or port."),
    "carried": _("Prices that have the freight in them are compared."),
    "duty_paid": _("Prices that have freight and duty in them are compared."),
    "arrived": _("The freight is in it."),
    "arrived_air": _("Prices with their freight by air are compared."),
    "arrived_sea": _("Prices with their freight by sea are compared."),
    "door": _("That is without the freight in the price."),
}
