"""Rows that were merged: what is entered, judged and searched under them is the one company's."""

from procurement.suppliers import actions
from tests.procurement.leads.play import paper
from tests.procurement.story import AT


def merged(story, row, into, **keep):
    actions.merge(row, into=into, keep=keep, reason="one company", by=story.officer.by, at=AT)
    row.refresh_from_db()


def test_what_is_entered_on_a_merged_row_is_the_companys(story):
    """Who pays and who screens reads the row that stays: what stood on the other one went round both."""
    other = story.company("中山康护集团 DEMO")
    merged(story, story.supplier, other)
    assert story.account(confirmed=False).supplier == other
    assert paper(story, story.supplier).supplier == other
