"""Generated documents, and a document request with two submissions."""

from procurement.documents.actions.requests import request_documents
from procurement.documents.actions.submissions import return_submission, submit_document
from procurement.documents.queries import document_request_actor
from procurement.generated_documents.actions import generate_document
from procurement.leads.actions.attachments import attach_file_and_flag_companies
from tests.worlds.need_to_order import AT
from tests.worlds.one_of_each.marked_city import MarkedCity


def play_generated_documents(story: MarkedCity) -> None:
    """Generate a document of the shipment and a donation letter."""
    for name, kind, of in (
        ("generated document", "exporter_data", {"shipment": story.things["shipment"]}),
        ("gift letter", "donation_letter", {"order": story.things["gift"]}),
    ):
        story.things[name] = generate_document(kind, language_pair="zh-en", **of, **story.as_officer)


def play_submissions(story: MarkedCity) -> None:
    """Make a document request of the shipment; its first submission is returned, the second is not."""
    things, words = story.things, story.texts("submission", "number", "remark")
    request = things["document_request"] = request_documents(
        things["shipment"],
        "broker",
        email=f"broker@{story.city.slug}.example",
        **story.texts("document_request", "name", "note"),
        **story.as_officer,
    )
    asked = things["requested document"] = request.documents.first()
    me = {"by": document_request_actor(request), "at": AT}
    for turn in ("returned", "received"):
        photo = attach_file_and_flag_companies(
            asked, story.photo("submission"), kind=request.reference, power="submit_documents", **me
        )
        things["their file"] = photo
        submission = things["submission"] = submit_document(request, asked, files=[photo.pk], **words, **me)
        if turn == "returned":
            return_submission(submission, reason=story.say("submission"), **story.by_officer)
