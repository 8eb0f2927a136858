"""Tests of the file with a person's own data.

It holds their inquiries and the mail to them, and nothing about other people.
"""

import json

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from accounts.models import User
from partners.contacts.actions import add_deputy
from partners.contacts.models import Contact
from procurement.exports.personal_data import export_personal_data, personal_rows
from procurement.suppliers.actions.statuses import declare_interest
from tests.procurement.outreach.test_inquiries import draft_inquiry_to, sent_inquiry
from tests.worlds import cities
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT

pytestmark = pytest.mark.django_db


def test_personal_data_file_contains_own_inquiries_only(story):
    mine = sent_inquiry(story)
    sent_inquiry(story, contact=cities.contact("zhongshan", "Zhao Min"), body="For someone else")
    draft_inquiry_to(story, contact=cities.contact("zhongshan", "Wang Fang"))
    told = export_personal_data(mine.contact.user)
    assert [one["reference"] for one in told["questions"]] == [mine.reference]
    assert told["questions"][0]["body"] == mine.body
    written = json.dumps(told, cls=DjangoJSONEncoder)
    assert "For someone else" not in written
    assert set(told) == {
        "questions", "checks", "reports", "documents_requested", "orders_to_confirm", "document_submissions",
        "consents_given", "kept_at_places", "offers", "messages", "differences", "thanks", "letters_of_thanks",
        "places", "substitutes_for", "interests",
        "roles", "invitations", "corrections", "mail_choices", "saved_views",
        "today_marks", "notices", "links", "comments", "files", "journal",
    }  # fmt: skip
    assert told["places"][0]["city__name_en"] == "Zhongshan"


# Tables that refer to a person or a contact and are not in the file: secrets, sessions, and an officer's work for a city.
LEFT_OUT = {
    "workflow.idempotencykey", "accounts.calendarfeed", "accounts.apitoken", "accounts.user_groups", "accounts.user_user_permissions",
    "admin.logentry", "account.emailaddress", "mfa.authenticator", "usersessions.usersession", "partners.contact_deputies",
    "socialaccount.socialaccount",
    "partners.dispute", "partners.import", "procurement.supplyrequest", "procurement.supplier", "procurement.bankaccount",
    "procurement.certificate", "procurement.finding", "procurement.allocation", "procurement.order", "procurement.payment",
    "procurement.shipment", "procurement.goodsreceipt", "procurement.lot", "procurement.inspection", "procurement.customsclearance",
    "procurement.customshold", "procurement.declaration", "procurement.customsdocument", "procurement.trackingevent",
    "partners.delegation", "procurement.manualrate", "procurement.allocationcriteria", "procurement.checkreuse",
    "procurement.supplierfact", "procurement.registerlookup", "procurement.allocationplan", "procurement.planrow",
    "procurement.supplierchange", "procurement.issuercheck", "procurement.watchlist", "procurement.watchlistmatch",
    "procurement.decisionmemo",
    "procurement.auditfile", "procurement.generateddocument", "procurement.trackingbatch", "procurement.milestonechange",
    "procurement.cartonreceipt", "procurement.destruction", "procurement.webhookendpoint",
}  # fmt: skip


def test_every_table_with_personal_data_is_exported_or_listed_as_left_out(story):
    pointing = {
        relation.related_model._meta.label_lower
        for model in (User, Contact)
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.is_relation and relation.auto_created
    }
    told = {rows.model._meta.label_lower for rows in personal_rows(cities.user()).values()}
    assert pointing - told == LEFT_OUT


def test_personal_data_file_contains_interests_and_deputies(story):
    contact, colleague = story.contact, cities.contact("zhongshan", "Zhao Min")
    add_deputy(colleague, contact, by=own_link(colleague), at=AT)
    declare_interest(story.supplier, contact.user, words="a cousin", by=own_link(contact), at=AT)
    told = export_personal_data(contact.user)
    assert told["interests"][0]["words"] == "a cousin"
    assert told["substitutes_for"][0]["user__name"] == "Zhao Min"


def test_personal_data_file_omits_inquiries_never_sent(story):
    assert export_personal_data(draft_inquiry_to(story).contact.user)["questions"] == []
