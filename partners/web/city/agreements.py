"""The agreements of a place as its page and its file show them: what each says, what holds on a day, and where sources disagree."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from partners.candidates import active_since_2015
from partners.models.cities import City
from partners.models.disputes import Dispute
from partners.models.ties import Twinning
from partners.register.standing import ENDED, Standing, how_it_ended, status_on
from partners.web.cities import MARKS
from partners.web.sheets import Column
from workflow.doors import statuses


@dataclass(frozen=True)
class TieRow:
    """An agreement as a city's page shows it."""

    tie: Twinning
    partner: City
    mark: str
    active: bool

    @property
    def over(self) -> bool:
        """Whether it may have ended: a day still to come is not told beside "in force"."""
        return self.mark != MARKS[Standing.IN_FORCE]

    @property
    def ended(self) -> bool:
        """Whether nobody is asked through it any more."""
        return self.mark in {MARKS[standing] for standing in ENDED}


def tie_rows(city: City, on: date) -> list[TieRow]:
    """The agreements of a city, what holds first, then by the partner's name. Two queries."""
    ties = list(Twinning.objects.of(city).select_related("city_a", "city_b").order_by("pk"))
    active = active_since_2015({city.pk}, on)
    order = list(MARKS.values())
    rows = [
        TieRow(
            tie,
            partner := tie.partner_of(city),
            mark_of(tie, on),
            frozenset((city.pk, partner.pk)) in active,
        )
        for tie in ties
    ]
    return sorted(rows, key=lambda row: (order.index(row.mark), row.partner.name_en, row.tie.pk))


def mark_of(tie: Twinning, on: date) -> str:
    """How an agreement stands on a page of today: what somebody ended or suspended is over, also where only its month is known."""
    return MARKS[how_it_ended(tie, on) or status_on(tie, on)]


def untold(ties: Iterable[TieRow], told: Iterable[Dispute]) -> list[TieRow]:
    """The agreements whose disagreement stands in one text only: nobody has noted yet which source says what."""
    known = {dispute.twinning_id for dispute in told}
    return [row for row in ties if row.tie.conflict and row.tie.pk not in known]


COLUMNS: tuple[Column, ...] = (
    (_("Twinned with"), lambda row: row.partner.name),
    (_("Country or region"), lambda row: row.partner.country),
    (_("Kind"), lambda row: row.tie.get_kind_display()),
    (_("Signed"), lambda row: row.tie.signed.exact),
    (_("Agreed until"), lambda row: row.tie.expires.exact),
    (_("Status"), lambda row: statuses.MARKS[row.mark][1]),
    (_("Ended"), lambda row: row.tie.ended.exact),
    (_("Why"), lambda row: row.tie.get_ended_why_display()),
    (_("Exchanges since 2015"), lambda row: _("Yes") if row.active else _("None recorded")),
    (_("Source"), lambda row: row.tie.source_url),
    (_("What sources disagree about"), lambda row: row.tie.conflict),
    (_("Note"), lambda row: row.tie.note),
)
