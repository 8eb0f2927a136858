"""Move that generates a document from the record. The document is frozen at once and never changes."""

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.documents.models.generated_documents import GeneratedDocument
from workflow.actors import Actor
from workflow.moves import Move, Moves


def may_generate(by: Actor, made: GeneratedDocument) -> bool:
    """Return True if the actor may generate this document.

    Documents of a shipment need the power to ship. Documents of a donation need the power to order,
    because they are written in the city's name.
    """
    gift = made.kind in GeneratedDocument.OF_GIFT
    return by.may(Power.ORDER if gift else Power.SHIP, made)


MAKE = Move[GeneratedDocument](
    verb="freeze",
    label=_("Make it from the record"),
    past=_("made the paper from the record"),
    target=GeneratedDocument.Status.FINAL,
    allowed=may_generate,
)

GENERATED_DOCUMENT_MOVES = Moves(
    GeneratedDocument,
    MAKE,
    ends={GeneratedDocument.Status.FINAL: "never changes; a newer version is added beside it"},
)
