"""The contacts for the routing benchmark: their number is given, and most can be asked.

The same number gives the same contacts every time.
"""

from benchmarks.ranking import ON, world
from partners.routing.ranking import rank_contacts


def test_the_crowd_is_the_same_every_time_and_most_of_it_is_ranked():
    question, crowd = world(300, 20)
    ranked = [one.candidate.contact_id for one in rank_contacts(question, crowd, ON)]
    assert ranked == [one.candidate.contact_id for one in rank_contacts(*world(300, 20), ON)]
    assert len(crowd) == 300
    assert len(ranked) > 200
    assert any(one.stands_in_for for one in rank_contacts(question, crowd, ON))
