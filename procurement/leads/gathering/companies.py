"""Reading what was looked up about who offers and who makes: of each register the newest answer, about these goods or any."""

from datetime import date

from procurement.leads.models.offer import SupplierLead
from procurement.leads.screening.values import LookedUp
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.lookup import LookUp
from procurement.suppliers.rules import lookups
from procurement.suppliers.rules.lookups import Asked, fresh_for, is_old, speaks_against
from workflow.tongues import InThreeLanguages, in_three


def of(lead: SupplierLead, on: date) -> list[LookedUp]:
    """The answers that count for an offer on a day: about who offers, then about the maker where another one makes them."""
    asked = Asked(lead.product_id, lead.model)
    seller = lead.supplier.current
    maker = lead.maker.current if lead.maker is not None else seller
    companies = [seller] if maker.pk == seller.pk else [seller, maker]
    return [
        _looked_up(row, company, on, itself=company.pk == seller.pk)
        for company in companies
        for row in lookups.newest(
            LookUp.objects.standing().for_city(lead.city_id).of(company).filter(answered_on__lte=on), asked
        )
    ]


def _looked_up(row: LookUp, company: Supplier, on: date, *, itself: bool) -> LookedUp:
    return LookedUp(
        reference=row.reference,
        company=named(company),
        kind=row.kind,
        answer=row.answer,
        whom=row.whom,
        itself=itself and row.whom == LookUp.Whom.ITSELF,
        official=row.kind in lookups.OFFICIAL,
        on=row.answered_on,
        since=row.since,
        count=row.count,
        what=in_three(row.get_kind_display),
        clear=not speaks_against(row),
        old_after=fresh_for(row.kind).days if is_old(row.kind, row.answered_on, on) else 0,
        address=row.address,
    )


def named(company: Supplier) -> InThreeLanguages:
    """A company's name as findings tell it: in its own script to Chinese readers, else in Latin letters where it has such a name."""
    own, english = company.legal_name_local, company.name_en or company.legal_name_local
    return {"en": english, "fr": english, "zh": own}
