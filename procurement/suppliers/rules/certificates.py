"""The life of a certificate: claimed, its number judged, and what its issuer says."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.rules.judgements import uninvolved
from procurement.suppliers.rules.relying import alone
from procurement.suppliers.rules.rights import may_check, may_edit, may_enter
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, one_of

ANY_CERTIFICATE = frozenset(Certificate.Status.values)
DOUBTED = one_of(Certificate.Status.ALTERED, Certificate.Status.UNCONFIRMABLE, Certificate.Status.WRONG_SCOPE)
# What an authority or a notified body gave to one maker, for its own goods: no letter lets another maker use it.
LENT_TO_NO_MAKER = frozenset(
    {
        "CN_NMPA_REG",
        "CN_NMPA_FILING",
        "CN_NMPA_PROD",
        "EU_PPE_B",
        "EU_PPE_C2",
        "EU_PPE_D",
        "EU_MD_NB",
        "ISO_13485",
    }
    | {"US_510K", "US_EUA", "US_NIOSH", "CA_MDL", "CA_IO", "CA_NPN_DIN", "JP_PMD", "KR_MFDS"}
)
# The most years papers of a kind hold, as far as we remember (facts: "expired by 2020, five-year validity", "valid, max 5 years").
HOLDS_YEARS = {"CN_NMPA_REG": 5, "CN_NMPA_PROD": 5, "EU_PPE_B": 5, "EU_MD_NB": 5, "ISO_13485": 3}
FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2099, 12, 31)  # outside, a day on a paper was misread

PAPER = "paper:"  # before the id of the one that changed, among the facts that checks rest on


def paper_fact(certificate_id: int) -> str:
    """The fact that this one changed, beside "certificates": that one of them did."""
    return f"{PAPER}{certificate_id}"


def fault(certificate: Certificate) -> Refused | None:
    """The first thing a certificate claims that cannot be, with its field; None where all of it can be."""
    issued, ends = certificate.issued_on, certificate.valid_until
    for name, day in (("issued_on", issued), ("valid_until", ends)):
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            return Refused("bad_day", _("Give a day between 1950 and 2099."), field=name)
    if issued and ends and ends < issued:
        words = _("The certificate ends before it was issued. Correct one of the two days.")
        return Refused("bad_day", words, field="valid_until")
    return None


def may_judge(by: Actor, certificate: Certificate) -> bool | Refused:
    """Officers and verifiers of any city, where the company does not concern them."""
    return may_check(by, certificate) and (uninvolved(by, certificate.supplier_id) or True)


def nobody(by: Actor, certificate: Certificate) -> bool:
    """Only the machine makes this move."""
    return False


CLAIM = Move[Certificate](
    verb="claim",
    label=_("Add a certificate"),
    past=_("added the certificate"),
    target=Certificate.Status.CLAIMED,
    allowed=may_enter,
)
AMEND = Move[Certificate](
    verb="amend",
    label=_("Correct"),
    past=_("corrected the certificate"),
    source=ANY_CERTIFICATE,
    allowed=alone(may_edit),
)
CLAIM_ANEW = Move[Certificate](
    verb="claim_anew",
    label=_("Judge its number again"),
    past=_("took it as claimed again: its facts are others"),
    source=one_of(
        Certificate.Status.FORMAT_OK, Certificate.Status.SUSPECT, Certificate.Status.CONFIRMED
    ),  # who judged it says whether that still holds
    target=Certificate.Status.CLAIMED,
    allowed=nobody,
    clock=True,
)
PASS_FORMAT = Move[Certificate](
    verb="pass_format",
    label=_("Number well formed"),
    past=_("found the number well formed"),
    source=one_of(Certificate.Status.CLAIMED),
    target=Certificate.Status.FORMAT_OK,
    allowed=may_check,
    clock=True,
)
SUSPECT = Move[Certificate](
    verb="suspect",
    label=_("Suspect"),
    past=_("found the certificate suspect"),
    source=one_of(Certificate.Status.CLAIMED, Certificate.Status.FORMAT_OK),
    target=Certificate.Status.SUSPECT,
    allowed=may_check,
    clock=True,
)
CONFIRM_WITH_ISSUER = Move[Certificate](
    verb="confirm",
    label=_("Confirmed by the issuer"),
    past=_("confirmed it with the issuer"),
    source=ANY_CERTIFICATE - {Certificate.Status.CONFIRMED},
    target=Certificate.Status.CONFIRMED,
    allowed=alone(may_judge),
    reason=True,
)
NOT_CONFIRMED = Move[Certificate](
    verb="mark_unconfirmable",
    label=_("Could not be confirmed"),
    past=_("could not confirm it"),
    source=ANY_CERTIFICATE - {Certificate.Status.UNCONFIRMABLE},
    target=Certificate.Status.UNCONFIRMABLE,
    allowed=alone(may_judge),
    reason=True,
)
ALTERED = Move[Certificate](
    verb="mark_altered",
    label=_("Altered"),
    past=_("found it altered"),
    source=ANY_CERTIFICATE - {Certificate.Status.ALTERED},
    target=Certificate.Status.ALTERED,
    allowed=alone(may_judge),
    reason=True,
)
WRONG_SCOPE = Move[Certificate](
    verb="mark_wrong_scope",
    label=_("Not for these goods"),
    past=_("found that it is not for these goods"),
    source=ANY_CERTIFICATE - {Certificate.Status.WRONG_SCOPE},
    target=Certificate.Status.WRONG_SCOPE,
    allowed=alone(may_judge),
    reason=True,
)
LOOK_UP = Move[Certificate](
    verb="look_up",
    label=_("Note what the issuer says"),
    past=_("noted what the issuer says"),
    source=ANY_CERTIFICATE,
    allowed=may_check,
    clock=True,  # a contact's report on a check says so
)
CERTIFICATE_MOVES = Moves(
    Certificate,
    CLAIM,
    AMEND,
    CLAIM_ANEW,
    PASS_FORMAT,
    SUSPECT,
    CONFIRM_WITH_ISSUER,
    NOT_CONFIRMED,
    ALTERED,
    WRONG_SCOPE,
    LOOK_UP,
    ends={},
)
