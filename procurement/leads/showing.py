"""Bringing a file to a thing of the story: it is taken in, and the offers of the companies it is shown for are judged anew."""

from datetime import datetime

from django.db import transaction
from django.db.models import Model

from procurement.leads.gathering import files
from procurement.leads.gathering.files import owners_of
from procurement.suppliers.actions.companies import note_change
from workflow import actions
from workflow.actors import Actor
from workflow.documents.receiving import Upload
from workflow.models.evidence import File


def attach(
    thing: Model,
    upload: Upload,
    *,
    by: Actor,
    at: datetime,
    kind: str = "",
    power: str = actions.COMMENT,
    city_id: int | None = None,
) -> File:
    """Add a file to a thing, as `workflow.actions.attach`, which says what it refuses; the tick looks for it at other companies."""
    file = actions.attach(thing, upload, by=by, at=at, kind=kind, power=power, city_id=city_id)
    for company in owners_of(file.thing_label, file.thing_id):
        with transaction.atomic():
            note_change(company, at)
            for other in files.elsewhere(company):
                note_change(other, at)
    return file
