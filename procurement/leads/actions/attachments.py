"""Action that attaches a file to an object, and marks its companies so that offers are screened again."""

from datetime import datetime

from django.db import transaction
from django.db.models import Model

from procurement.leads.queries.shared_files import companies_of_object, companies_sharing_files
from procurement.suppliers.actions.suppliers import request_rescreening
from workflow.actors import Actor
from workflow.comments_and_files import actions
from workflow.comments_and_files.actions import attach_file
from workflow.uploads.file_types import Upload
from workflow.uploads.models import File


def attach_file_and_flag_companies(
    thing: Model,
    upload: Upload,
    *,
    by: Actor,
    at: datetime,
    kind: str = "",
    power: str = actions.COMMENT_POWER,
    city_id: int | None = None,
) -> File:
    """Attach a file to an object, and mark its companies so that their offers are screened again.

    Refuses the same as `workflow.comments_and_files.actions.attach_file`. Other companies that have shown one of the
    same files are marked too.
    """
    file = attach_file(thing, upload, by=by, at=at, kind=kind, power=power, city_id=city_id)
    for company in companies_of_object(file.thing_label, file.thing_id):
        with transaction.atomic():
            request_rescreening(company, at)
            for other in companies_sharing_files(company):
                request_rescreening(other, at)
    return file
