"""Actions on links and six-digit codes: expiry, revocation, renewal, use and journal entries."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.actions import links
from accounts.actions.links import (
    issue_email_code,
    record_link_opened,
    record_link_use,
    report_misdirected_link,
    request_email_code,
    request_new_link,
    revoke_all_links,
    revoke_link,
    revoke_links_to,
    verify_email_code,
)
from accounts.actions.people import deactivate
from accounts.actors import CONSOLE_ACTOR, SelfActor
from accounts.models import ActionLink, EmailCode
from accounts.tokens import token_digest
from tests.accounts import linked_pages
from tests.accounts.conftest import issue, path_of
from tests.worlds import cities
from tests.worlds.cities import NOW, REAL_NOW, Role
from workflow.errors import Refused
from workflow.journal.entries import history_of
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
def link(person, real_time) -> ActionLink:
    return issue(person).link


def verbs(link: ActionLink) -> list[str]:
    return [entry.verb for entry in history_of(link)]


def test_link_token_is_stored_as_digest_and_expires_after_a_week(person, real_time):
    link, url = issue(person, city_id=None)
    token = path_of(url).split("/")[2]
    assert url.startswith("http://localhost:8000/l/")
    assert link.digest == token_digest(token)
    assert link.expires_at == REAL_NOW + 7 * DAY
    assert token not in str(list(ActionLink.objects.values())) + str(list(history_of(link).values()))
    assert str(link) == "Answer one request · partners.contact 1"


def test_link_term_above_thirty_days_is_refused(person, real_time):
    assert issue(person, days=30).link.expires_at == REAL_NOW + 30 * DAY
    with pytest.raises(Refused, match="at most 30 days") as caught:
        issue(person, days=31)
    assert caught.value.details["field"] == "days"


def test_database_refuses_link_without_expiry_within_thirty_days(person, link):
    with pytest.raises(IntegrityError, match="link_expires_within_thirty_days"), transaction.atomic():
        ActionLink.objects.filter(pk=link.pk).update(expires_at=None)
    with pytest.raises(IntegrityError, match="link_used_has_a_time"), transaction.atomic():
        ActionLink.objects.filter(pk=link.pk).update(uses=1)


def test_sign_in_links_are_refused_outside_practice_site(person):
    with pytest.raises(Refused, match="on a practice site only"):
        issue(person, purpose=ActionLink.Purpose.SIGN_IN)


def test_sign_in_link_of_practice_site_never_expires(person, practice_instance, real_time):
    made = issue(person, purpose=ActionLink.Purpose.SIGN_IN)
    assert made.link.expires_at is None
    assert made.link.is_usable(REAL_NOW + 999 * DAY)
    assert "/demo/sign-in/" in made.url


def test_copied_link_records_who_copied_it(person, officer, real_time):
    link = issue(person, copied_by=officer).link
    assert link.copied_by == officer
    assert history_of(link).get().facts["copied"] is True


def test_first_opening_by_person_and_by_scanner_are_recorded_separately(link):
    record_link_opened(link, at=NOW, real_at=REAL_NOW + 9 * SECOND)
    record_link_opened(link, at=NOW, real_at=REAL_NOW + 9.5 * SECOND)
    record_link_opened(link, at=NOW, real_at=REAL_NOW + 10 * SECOND)
    record_link_opened(link, at=NOW, real_at=REAL_NOW + 60 * SECOND)
    link.refresh_from_db()
    assert link.scanned_at == REAL_NOW + 9 * SECOND
    assert link.seen_at == REAL_NOW + 10 * SECOND
    assert verbs(link) == ["see", "scan", "issue"]
    assert link.uses == 0


def test_link_use_is_counted_per_completed_form(person, link):
    other = issue(person).link
    record_link_use(link, real_at=REAL_NOW + DAY)
    record_link_use(link, real_at=REAL_NOW + 2 * DAY)
    link.refresh_from_db()
    assert (link.uses, link.used_at) == (2, REAL_NOW + 2 * DAY)
    assert ActionLink.objects.get(pk=other.pk).uses == 0


@pytest.mark.parametrize(
    "act", ["record_link_opened", "record_link_use", "report_misdirected_link", "request_email_code"]
)
def test_expired_link_refuses_every_action(link, act):
    moments = {"real_at": REAL_NOW + 7 * DAY} | ({} if act == "record_link_use" else {"at": NOW})
    with pytest.raises(Refused, match="no longer works"):
        getattr(links, act)(link, **moments)


def test_link_can_be_revoked_by_holder_and_city_administrator(person, real_time):
    burnaby = cities.city("burnaby")
    mine, ours = issue(person, city_id=burnaby.pk).link, issue(person, city_id=burnaby.pk).link
    revoke_link(mine, by=SelfActor(person, "link"), at=NOW, real_at=REAL_NOW)
    revoke_link(
        ours, by=cities.powers(Role.ADMINISTRATOR, burnaby), at=NOW, real_at=REAL_NOW, reason="sent in error"
    )
    revoke_link(ours, by=cities.powers(Role.ADMINISTRATOR, burnaby), at=NOW, real_at=REAL_NOW + DAY)
    assert mine.revoked_at == ours.revoked_at == REAL_NOW
    assert verbs(ours) == ["revoke", "issue"]
    assert history_of(ours)[0].reason == "sent in error"


def test_link_cannot_be_revoked_by_anyone_but_holder_and_city_administrator(person, link, real_time):
    burnaby = cities.city("burnaby")
    ours = issue(person, city_id=burnaby.pk).link
    for by in (
        cities.powers(Role.OFFICER, burnaby),
        cities.powers(Role.ADMINISTRATOR, cities.city("markham")),
    ):
        with pytest.raises(Refused, match="Only your city administrator"):
            revoke_link(ours, by=by, at=NOW, real_at=REAL_NOW)
    with pytest.raises(Refused):
        revoke_link(link, by=CONSOLE_ACTOR, at=NOW, real_at=REAL_NOW)


def test_revoking_all_links_of_person_leaves_expired_links_and_other_people(person, link, real_time):
    expired, theirs = issue(person, days=1).link, issue(cities.user()).link
    assert revoke_all_links(person, by=CONSOLE_ACTOR, at=NOW, real_at=REAL_NOW + 2 * DAY) == 1
    for one in (link, expired, theirs):
        one.refresh_from_db()
    assert (link.revoked_at, expired.revoked_at, theirs.revoked_at) == (REAL_NOW + 2 * DAY, None, None)
    second, third = issue(person).link, issue(person).link
    revoke_all_links(person, by=CONSOLE_ACTOR, at=NOW, real_at=REAL_NOW)
    ended = Entry.objects.filter(verb="revoke").order_by("pk").values_list("thing_id", flat=True)
    assert list(ended) == [link.pk, expired.pk, second.pk, third.pk]
    assert verbs(link) == ["revoke", "issue"]


def test_links_to_one_record_end_for_all_holders_and_other_links_stay(person, link, real_time):
    theirs = issue(cities.user()).link
    others = [issue(person, thing_id=2).link, issue(person, thing_label="partners.city").link]
    assert revoke_links_to(linked_pages.LINKED_OBJECT, 1, by=CONSOLE_ACTOR, at=NOW, real_at=REAL_NOW) == 2
    ended = Entry.objects.filter(verb="revoke").order_by("pk").values_list("thing_id", flat=True)
    assert list(ended) == [link.pk, theirs.pk]
    assert [verbs(one) for one in (link, theirs)] == [["revoke", "issue"]] * 2
    assert [verbs(one) for one in others] == [["issue"]] * 2
    assert revoke_links_to(linked_pages.LINKED_OBJECT, 1, by=CONSOLE_ACTOR, at=NOW, real_at=REAL_NOW) == 0


def test_every_journal_entry_of_link_names_recipient_and_record(link, person):
    data = {
        "purpose": "answer",
        "thing_label": linked_pages.LINKED_OBJECT,
        "thing_id": 1,
        "for_user": person.pk,
    }
    report_misdirected_link(link, at=NOW, real_at=REAL_NOW)
    assert [entry.facts for entry in history_of(link)] == [data, {**data, "copied": False}]


def test_link_reported_as_misdirected_is_revoked(link):
    report_misdirected_link(link, at=NOW, real_at=REAL_NOW)
    link.refresh_from_db()
    assert link.revoked_at == REAL_NOW
    assert verbs(link) == ["not_for_me", "issue"]


def test_expired_link_requests_new_link_at_most_every_ten_minutes(link):
    late = REAL_NOW + 8 * DAY
    for minutes in (0, 9, 10):
        request_new_link(link, at=NOW, real_at=late + timedelta(minutes=minutes))
    assert verbs(link) == ["request_new", "request_new", "issue"]


def test_revoked_link_is_not_reissued(link, person):
    revoke_link(link, by=SelfActor(person), at=NOW, real_at=REAL_NOW)
    with pytest.raises(Refused, match="has been cancelled"):
        request_new_link(link, at=NOW, real_at=REAL_NOW)


def test_correct_code_is_accepted_once_and_stored_as_digest(link):
    request_email_code(link, at=NOW, real_at=REAL_NOW)
    code = issue_email_code(link, real_at=REAL_NOW)
    assert verify_email_code(link, code, at=NOW, real_at=REAL_NOW + timedelta(minutes=9))
    with pytest.raises(Refused, match="no longer works"):
        verify_email_code(link, code, at=NOW, real_at=REAL_NOW + timedelta(minutes=9))
    assert verbs(link) == ["prove", "ask_for_code", "issue"]
    assert code not in str(list(EmailCode.objects.values()))
    assert "code" in str(EmailCode.objects.get())


def test_five_wrong_codes_invalidate_code(link):
    code = issue_email_code(link, real_at=REAL_NOW)
    wrong = "000000" if code != "000000" else "111111"
    assert [verify_email_code(link, wrong, at=NOW, real_at=REAL_NOW) for _ in range(5)] == [False] * 5
    assert not Entry.objects.filter(thing_label="accounts.actionlink", verb="prove").exists()
    assert verbs(link) == ["issue"]
    with pytest.raises(Refused, match="no longer works"):
        verify_email_code(link, code, at=NOW, real_at=REAL_NOW)


def test_code_expires_after_ten_minutes_and_new_code_replaces_old(link):
    first = issue_email_code(link, real_at=REAL_NOW)
    second = issue_email_code(link, real_at=REAL_NOW + SECOND)
    if first != second:
        assert not verify_email_code(link, first, at=NOW, real_at=REAL_NOW + 2 * SECOND)
    with pytest.raises(Refused, match="no longer works") as caught:
        verify_email_code(link, second, at=NOW, real_at=REAL_NOW + SECOND + timedelta(minutes=10))
    assert caught.value.details["field"] == "code"


def test_new_code_invalidates_open_codes_of_same_link_only(person, link):
    other = issue(person).link
    theirs, minutes = issue_email_code(other, real_at=REAL_NOW), timedelta(minutes=1)
    for moment in (REAL_NOW, REAL_NOW + minutes, REAL_NOW + 20 * minutes):
        issue_email_code(link, real_at=moment)
    ends = EmailCode.objects.filter(link=link).order_by("pk").values_list("expires_at", flat=True)
    assert list(ends) == [REAL_NOW + passed * minutes for passed in (1, 11, 30)]
    assert verify_email_code(other, theirs, at=NOW, real_at=REAL_NOW + 9 * minutes)


def test_checking_code_when_none_was_issued_is_refused(link):
    with pytest.raises(Refused, match="no longer works"):
        verify_email_code(link, "123456", at=NOW, real_at=REAL_NOW)


def test_usable_links_exclude_expired_and_revoked_links(person, real_time):
    open_one, ended = issue(person).link, issue(person).link
    revoke_link(ended, by=SelfActor(person), at=NOW, real_at=REAL_NOW)
    assert list(ActionLink.objects.usable(REAL_NOW)) == [open_one]
    assert not ActionLink.objects.usable(REAL_NOW + 7 * DAY).exists()


def test_deactivated_person_gets_no_new_link_for_expired_one(person, link):
    deactivate(person, by=CONSOLE_ACTOR, at=NOW, real_at=REAL_NOW + 8 * DAY, reason="wrong person")
    link.refresh_from_db()
    assert link.revoked_at is None
    with pytest.raises(Refused, match="has been cancelled"):
        request_new_link(link, at=NOW, real_at=REAL_NOW + 9 * DAY)
