"""Who may do what with a memo and with an order's papers in one file, in each status: by hand (tests/procurement/test_matrix.py)."""

from procurement.orders.actions.bundles import Made, ask_for_bundle, drop_bundle, fail_bundle, finish_bundle
from procurement.orders.actions.memos import make_memo
from procurement.orders.models.bundle import Bundle
from procurement.orders.models.memo import Memo
from tests.procurement.story import AT, Story
from tests.procurement.tables import Row


def memo(story: Story) -> Memo:
    """What an order rested on, frozen."""
    return make_memo(story.approved(), author=story.officer.user, by=story.officer.by, at=AT)


def asked(story: Story) -> Bundle:
    """The auditor waits for every paper of an order."""
    observer = story.observer
    return ask_for_bundle(story.approved(), author=observer.user, language="en", by=observer.by, at=AT)


def ready(story: Story) -> Bundle:
    """They lie there."""
    made = Made(stored="a.zip", size=1, sha256="0" * 64, files=1, left_out=0)
    return finish_bundle(asked(story), made, at=AT)


def failed(story: Story) -> Bundle:
    """There was no room."""
    return fail_bundle(asked(story), Bundle.Failure.NO_ROOM, at=AT)


def gone(story: Story) -> Bundle:
    """Deleted by whoever asked."""
    return drop_bundle(ready(story), by=story.observer.by, at=AT)


# Nothing changes a memo. A bundle is of whoever asked for it, and of nobody else.
MEMOS: list[Row] = [("frozen", memo, {})]
BUNDLES: list[Row] = [
    ("asked", asked, {"observer": "drop"}),
    ("ready", ready, {"observer": "drop ask_again"}),
    ("failed", failed, {"observer": "drop ask_again"}),
    ("gone", gone, {"observer": "ask_again"}),
]
