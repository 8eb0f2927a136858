"""Move that generates a document from the stored data of a shipment or order.

The document is frozen at once and never changes.
"""

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.documents.models.generated_documents import GeneratedDocument
from workflow.actors import Actor
from workflow.moves import Move, Moves


def may_generate(by: Actor, document: GeneratedDocument) -> bool:
    """Return True if the actor may generate this document.

    Documents of a shipment need the power to ship. Documents of a whole order need the power to order,
    because they are written in the city's name.
    """
    is_of_order = document.kind in GeneratedDocument.WHOLE_ORDER_KINDS
    return by.may(Power.ORDER if is_of_order else Power.SHIP, document)


GENERATE = Move[GeneratedDocument](
    verb="freeze",
    label=_("Generate document"),
    past_tense=_("generated the document"),
    target=GeneratedDocument.Status.FINAL,
    allowed=may_generate,
)

GENERATED_DOCUMENT_MOVES = Moves(
    GeneratedDocument,
    GENERATE,
    ends={GeneratedDocument.Status.FINAL: "never changes; a newer version is added beside it"},
)
