"""The crowd that routing is measured with: of the size asked for, the same every time, and most of it may be asked."""

from benchmarks.ranking import ON, world
from partners.routing.order import rank


def test_the_crowd_is_the_same_every_time_and_most_of_it_is_ranked():
    question, crowd = world(300, 20)
    ranked = [one.candidate.contact_id for one in rank(question, crowd, ON)]
    assert ranked == [one.candidate.contact_id for one in rank(*world(300, 20), ON)]
    assert len(crowd) == 300
    assert len(ranked) > 200
    assert any(one.stands_in_for for one in rank(question, crowd, ON))
