"""What is noticed about the price, in words."""

from django.utils.translation import gettext_lazy as _

from workflow.errors import Words

SENTENCES: dict[str, Words] = {
    "price_high": _(
        "%(price)s %(currency)s a piece is far above the middle of %(quotes)s quotes, %(median)s %(currency)s."
    ),
    "price_low": _(
        "%(price)s %(currency)s a piece is far below the middle of %(quotes)s quotes, %(median)s %(currency)s."
    ),
    "price_above_band": _(
        "%(price)s %(currency)s a piece is above twice the highest price known for these days, %(high)s."
    ),
    "price_four_times": _(
        "%(price)s %(currency)s a piece is above four times the highest price known for these days, %(high)s."
    ),
    "price_under_floor": _("%(price)s %(currency)s a piece is below what the material costs, %(floor)s."),
    "price_under_old_floor": _(
        "%(price)s %(currency)s a piece is below what the material cost until %(until)s, %(floor)s. "
        "Costs do not fall in a crisis; no figure is known for the day itself."
    ),
    "price_above_limit": _("%(price)s %(currency)s a piece is more than the need allows, %(limit)s."),
    "price_few": _("Too few quotes to judge the price: %(quotes)s. Cities they come from: %(cities)s."),
}
