"""Asking the issuer of a certificate, and judging the certificate by what was found."""

from datetime import date, datetime

from accounts.models import User
from partners.models.cities import City
from procurement.suppliers.actions import counting
from procurement.suppliers.actions.certificates import on_its_company
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.issuer_check import IssuerCheck
from procurement.suppliers.rules import certificates, issuer_checks
from workflow.actors import Actor
from workflow.days import latest_day, utc_day

PAPER, REGISTER = IssuerCheck.How.PAPER, IssuerCheck.How.REGISTER


def confirm(
    certificate: Certificate,
    *,
    address: str,
    reason: str,
    how: str = REGISTER,
    seen_on: date | None = None,
    file: int | None = None,
    looked_up_by: User,
    by: Actor,
    at: datetime,
) -> Certificate:
    """The issuer says it is real: the address opened or the number called, what was read there (the reason), a picture of it.

    Refuses a look at the paper alone, one without an address, and a day that has not come.
    """
    with on_its_company(certificates.CONFIRM_WITH_ISSUER, certificate, by=by, at=at, reason=reason) as row:
        look = IssuerCheck(
            result=IssuerCheck.Result.CONFIRMS, how=how, address=address, words=reason, file_id=file
        )
        _note(row, look, seen_on, looked_up_by, at)
    return certificate


def mark(
    certificate: Certificate,
    status: str,
    *,
    reason: str,
    how: str = PAPER,
    address: str = "",
    seen_on: date | None = None,
    file: int | None = None,
    looked_up_by: User,
    by: Actor,
    at: datetime,
) -> Certificate:
    """Judge it otherwise: unconfirmable, altered or wrong_scope, with a reason. Offers that rest on it are judged anew by the tick.

    A paper may give itself away; where the issuer was asked, say where. Refuses a question to the issuer without an address.
    """
    move = next(move for move in certificates.CERTIFICATE_MOVES if move.target == status and move.reason)
    with on_its_company(move, certificate, by=by, at=at, reason=reason) as row:
        result = issuer_checks.SAYS[Certificate.Status(status)]
        look = IssuerCheck(result=result, how=how, address=address, words=reason, file_id=file)
        _note(row, look, seen_on, looked_up_by, at)
    return certificate


def ask_issuer(
    certificate: Certificate,
    *,
    result: str,
    how: str = REGISTER,
    address: str,
    words: str = "",
    seen_on: date | None = None,
    file: int | None = None,
    city: City | None = None,
    looked_up_by: User,
    by: Actor,
    at: datetime,
) -> IssuerCheck:
    """Note what the issuer says, without judging the paper: again after a confirmation, or that nobody answered.

    `city`: whose check it was made for, where only that city reads it. Refuses what `confirm` does.
    """
    with on_its_company(certificates.LOOK_UP, certificate, by=by, at=at) as row:
        look = IssuerCheck(result=result, how=how, address=address, words=words, file_id=file, city=city)
        asked = counting.withhold(look, [row.supplier], by=by)
        _note(row, look, seen_on, looked_up_by, at)
        counting.ask(look, asked, why=words, author=looked_up_by, by=by, at=at)
    return look


def _note(
    certificate: Certificate, look: IssuerCheck, seen_on: date | None, looked_up_by: User, at: datetime
) -> None:
    look.certificate, look.by, look.at = certificate, looked_up_by, at
    look.number_key = certificate.number_key
    look.address, look.seen_on = (
        look.address.strip(),
        seen_on or (look.city.day_at(at) if look.city else utc_day(at)),
    )
    if (fault := issuer_checks.fault(look, latest_day(at))) is not None:
        raise fault
    look.save(force_insert=True)
