"""Need with lines, criteria and a journal entry, and a draft need."""

from typing import Any

from procurement.allocations.actions import set_criteria
from procurement.allocations.rules import Criterion
from procurement.outreach.letter_templates.actions import save_letter_template
from procurement.requests.actions.requests import (
    RequestEdit,
    draft_request,
    edit_request,
    resume_offers,
    stop_request,
)
from procurement.requests.unwanted_goods.actions import add_unwanted_goods
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from tests.worlds import cities
from tests.worlds.alternatives import accept_alternative
from tests.worlds.one_of_each.marked_city import MarkedCity
from workflow.journal.models import Entry


def play_needs(story: MarkedCity, **facts: Any) -> None:
    """Post the need, stop and resume it, and add a draft and the criteria of its line."""
    story.things["agreement"] = cities.twinning(story.city, "zhongshan")
    need = story.things["need"] = story.need("need", **facts)
    edit_request(need, RequestEdit(notes=f"{story.say('need')} corrected"), **story.by_officer)
    stop_request(need, reason=story.say("entry"), **story.by_officer)
    resume_offers(need, **story.by_officer)
    story.things["entry"] = Entry.objects.about(need).get(verb="stop")
    edit = SupplierEdit(**story.texts("supplier", "name_en", "address"))
    story.things["supplier"] = correct_supplier(story.supplier, edit, **story.by_officer)
    story.things["template"] = save_letter_template(
        story.city,
        language="fr-ca",
        subject=story.say("template"),
        body=f"{story.say('template')} {{need}}",
        **story.by_officer,
    )
    draft = draft_request(story.city, title=story.say("draft need"), **story.as_officer)
    story.things |= {"draft need": draft, "line": need.lines.get()}
    accept_alternative(story.things["line"], "RESP_KN95", "GB2626-2006-KN95")
    story.things["unwanted"] = add_unwanted_goods(
        story.city, family="glove", reason=story.say("unwanted"), **story.by_officer
    )
    points, reason = [Criterion(story.say("criteria"))], story.say("criteria")
    story.things["criteria"] = set_criteria(story.things["line"], points, reason=reason, **story.as_officer)
