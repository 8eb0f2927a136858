"""Comments, files and a notification about the objects of the example purchase."""

from tests.worlds.notifications import notify_of_comment
from tests.worlds.one_of_each.marked_city import MarkedCity
from workflow.comments_and_files.actions import add_comment, attach_file
from workflow.comments_and_files.models import Comment


def play_comments(story: MarkedCity) -> None:
    """Comment on the main objects, attach files, and notify the officer of a comment."""
    things, by = story.things, story.by_officer
    for name in ("need", "lead", "order", "shipment"):
        add_comment(things[name], story.say("comment"), language="en", **by)
    document = things["document"]
    things |= {
        "comment": Comment.objects.about(things["lead"]).get(),
        "file": attach_file(things["lead"], story.photo(), **by),
        "document comment": add_comment(document, story.say("document comment"), language="en", **by),
        "document file": attach_file(document, story.photo("document file"), **by),
        "notice": notify_of_comment(things["need"], story),
    }
