"""The pages of a link: reading changes nothing; Continue opens one object for an hour in one browser."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.actions.links import issue_code, revoke_link
from accounts.actions.people import deactivate
from accounts.actors import CONSOLE, SelfActor
from accounts.hooks import link_pages
from accounts.models import ActionLink, User
from accounts.tokens import new_token, unsubscribe_token
from tests.accounts import pages
from tests.accounts.conftest import issue, path_of
from tests.hooks import replaced
from tests.worlds.cities import NOW, REAL_NOW
from workflow.journal.entries import history_of
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def issued(person, real_time):
    return issue(person)


def everything():
    """Return all data that opening a page could have changed."""
    return list(User.objects.values()), list(ActionLink.objects.values()), Entry.objects.count()


def opened(url: str) -> Client:
    """Return a client in which Continue was pressed."""
    client = Client()
    assert client.post(path_of(url)).status_code == 303
    return client


def assert_private(answer, referrer: str = "no-referrer") -> None:
    assert answer["Referrer-Policy"] == referrer
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing_however_often(issued, method):
    before = everything()
    for _ in range(3):
        answer = getattr(Client(), method)(path_of(issued.url))
        assert answer.status_code == 200
        assert_private(answer)
        assert "link" not in answer.cookies
    assert everything() == before


def test_the_first_page_says_who_asks_for_what_until_when_and_no_name(issued, person):
    page = Client().get(path_of(issued.url)).content.decode()
    for words in ("City of Burnaby, Purchasing", "Who makes N95 respirators?", "2020年4月21日 00:00"):
        assert words in page
    assert person.name not in page
    assert person.email not in page


def test_the_first_page_speaks_the_persons_language_unless_the_browser_chose_one(issued):
    client = Client()
    assert client.get(path_of(issued.url), headers={"accept-language": "en"})["Content-Language"] == "zh-hans"
    client.post("/language/", {"language": "fr-ca", "next": path_of(issued.url)})
    assert client.get(path_of(issued.url))["Content-Language"] == "fr-ca"


def test_continue_opens_this_one_thing_and_leads_to_an_address_without_the_token(issued):
    client = Client()
    answer = client.post(path_of(issued.url))
    assert answer["Location"] == "/answer/1/"
    assert_private(answer)
    cookie = client.cookies["link"]
    assert (cookie["path"], cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (
        "/answer/1/",
        7 * 24 * 3600,
        True,
        "Lax",
    )
    page = client.get("/answer/1/")
    assert page.content.decode() == f"GET {issued.link} number 1 in zh-hans, Asia/Shanghai"
    assert_private(page, "same-origin")


def test_what_continue_gave_is_sent_over_https_alone_where_the_site_has_it(issued, settings):
    assert not opened(issued.url).cookies["link"]["secure"]
    settings.HTTPS = True
    assert opened(issued.url).cookies["link"]["secure"]


def test_what_continue_gave_opens_nothing_else(issued, person, real_time):
    client = opened(issued.url)
    stolen = client.cookies["link"].value
    for path in ("/answer/2/", "/elsewhere/1/"):
        other = Client()
        other.cookies["link"] = stolen
        assert other.get(path).status_code == 403
    tampered = Client()
    tampered.cookies["link"] = stolen[:-2]
    assert tampered.get("/answer/1/").status_code == 403
    assert Client().get("/answer/1/").status_code == 403


def test_a_cookie_for_another_kind_of_thing_opens_nothing(issued, person):
    with replaced(link_pages, {**link_pages.get(), "partners.city": pages.describe}):
        client = opened(issue(person, thing_label="partners.city").url)
        assert client.get("/answer/1/").status_code == 403


def test_after_an_hour_the_link_must_be_pressed_again(issued, real_time):
    client = opened(issued.url)
    real_time(59 * MINUTE)
    assert client.get("/answer/1/").status_code == 200
    real_time(2 * MINUTE)
    page = client.get("/answer/1/")
    assert page.status_code == 403
    assert "the page closes after an hour" in page.content.decode()
    assert "the page closes after an hour" not in Client().get("/answer/1/").content.decode(), (
        "it was never open in this browser"
    )
    assert client.post(path_of(issued.url)).status_code == 303
    assert client.get("/answer/1/").status_code == 200
    real_time(8 * DAY)
    assert "the page closes after an hour" not in client.get("/answer/1/").content.decode(), (
        "it is forgotten after a week"
    )


def test_ending_a_link_ends_what_it_gave(issued, person):
    client = opened(issued.url)
    revoke_link(issued.link, by=SelfActor(person), at=NOW, real_at=REAL_NOW)
    assert client.get("/answer/1/").status_code == 403
    assert client.get(path_of(issued.url)).status_code == 410


def test_shutting_out_a_person_ends_what_their_link_gave(issued, person):
    client = opened(issued.url)
    deactivate(person, by=CONSOLE, at=NOW, real_at=REAL_NOW, reason="left the office")
    assert client.get("/answer/1/").status_code == 403


def test_a_link_that_is_still_open_gives_a_deactivated_person_nothing(issued, person):
    """As when a message was sent while the person was deactivated."""
    client = opened(issued.url)
    User.objects.filter(pk=person.pk).update(is_active=False)
    before = everything()
    assert client.get("/answer/1/").status_code == 403
    closed = client.get(path_of(issued.url))
    assert (closed.status_code, "again/" in closed.content.decode()) == (410, False)
    assert client.post(path_of(issued.url)).status_code == 410
    assert client.post(path_of(issued.url) + "again/").status_code == 422
    assert client.post(path_of(issued.url) + "not-for-me/", {"sure": "on"}).status_code == 410
    assert everything() == before


def test_continue_by_a_scanner_is_harmless_and_told_apart(issued, real_time):
    opened(issued.url)
    real_time(timedelta(seconds=30))
    opened(issued.url)
    opened(issued.url)
    issued.link.refresh_from_db()
    assert (issued.link.scanned_at, issued.link.seen_at) == (REAL_NOW, REAL_NOW + timedelta(seconds=30))
    assert [entry.verb for entry in history_of(issued.link)] == ["see", "scan", "issue"]


def test_an_expired_link_offers_a_new_one_to_the_known_address_only(issued, person, real_time):
    real_time(8 * DAY)
    client = Client()
    answer = client.get(path_of(issued.url))
    assert answer.status_code == 410
    assert_private(answer)
    page = answer.content.decode()
    assert f'action="{path_of(issued.url)}again/"' in page
    assert "purchasing@burnaby.example" in page
    assert client.post(path_of(issued.url)).status_code == 410
    sent = client.post(path_of(issued.url) + "again/", {"email": "thief@evil.example"})
    assert sent.status_code == 200
    assert person.email not in sent.content.decode()
    entry = history_of(issued.link)[0]
    assert (entry.verb, entry.by, entry.facts["thing_id"]) == ("request_new", person, 1)


def test_a_link_that_someone_ended_offers_nothing(issued, person):
    revoke_link(issued.link, by=SelfActor(person), at=NOW, real_at=REAL_NOW)
    assert "again/" not in Client().get(path_of(issued.url)).content.decode()
    assert Client().post(path_of(issued.url) + "again/").status_code == 422


def test_a_link_about_something_settled_says_so(person, real_time):
    made = issue(person, thing_id=pages.SETTLED)
    assert Client().get(path_of(made.url)).status_code == 410
    assert Client().post(path_of(made.url)).status_code == 410
    assert Client().post(path_of(made.url) + "again/").status_code == 410
    assert Client().get(path_of(made.url) + "not-for-me/").status_code == 410


def test_a_link_to_a_thing_no_room_knows_is_closed(person, real_time):
    made = issue(person, thing_label="nowhere.thing")
    assert Client().get(path_of(made.url)).status_code == 410


@pytest.mark.parametrize("path", ["", "again/", "not-for-me/"])
def test_an_unknown_token_is_told_nothing(db, path):
    address = f"/l/{new_token()}/{path}"
    answer = Client().post(address) if path == "again/" else Client().get(address)
    assert answer.status_code == 404
    assert_private(answer)


def test_a_sign_in_link_is_no_link_to_answer(person, practice, real_time):
    made = issue(person, purpose=ActionLink.Purpose.SIGN_IN)
    token = path_of(made.url).split("/")[-2]
    assert Client().get(f"/l/{token}/").status_code == 404


def test_not_for_me_needs_a_tick_that_no_scanner_sets(issued):
    client = Client()
    address = path_of(issued.url) + "not-for-me/"
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 422
    issued.link.refresh_from_db()
    assert issued.link.revoked_at is None
    assert client.post(address, {"sure": "on"}).status_code == 200
    assert client.get(path_of(issued.url)).status_code == 410
    assert client.get(address).status_code == 410


def test_stop_writing_to_me_and_its_undoing(person):
    address = f"/stop/{unsubscribe_token(person.pk)}/"
    client = Client()
    before = everything()
    answer = client.get(address)
    assert person.email not in answer.content.decode()
    assert_private(answer)
    assert everything() == before
    client.post(address, {"List-Unsubscribe": "One-Click"})
    person.refresh_from_db()
    assert not person.can_receive_mail
    client.post(address, {"resume": "1"})
    person.refresh_from_db()
    assert person.can_receive_mail


@pytest.mark.parametrize("token", ["forged", "999999"])
def test_a_forged_stop_address_stops_no_one(db, token):
    value = unsubscribe_token(999999) if token == "999999" else token
    assert Client().post(f"/stop/{value}/").status_code == 404


def test_mail_programs_need_no_csrf_token_and_neither_do_link_pages(person, real_time):
    client = Client(enforce_csrf_checks=True)
    assert client.post(f"/stop/{unsubscribe_token(person.pk)}/").status_code == 200
    assert client.post(path_of(issue(person).url), headers={"origin": "null"}).status_code == 303
    assert client.post("/language/", {"language": "en"}, headers={"origin": "null"}).status_code == 303


def test_thirty_looks_a_minute_are_enough(issued, real_time):
    client = Client()
    answers = [client.get(path_of(issued.url)).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]
    late = client.get(path_of(issued.url))
    assert late["Retry-After"] == "60"
    real_time(MINUTE)
    assert client.get(path_of(issued.url)).status_code == 200


def test_ten_forms_an_hour_through_one_link(issued, person, real_time):
    client = opened(issued.url)
    assert [client.post("/answer/1/").status_code for _ in range(11)] == [200] * 10 + [429]
    other = opened(issue(person, thing_id=2).url)
    assert other.post("/answer/2/").status_code == 200


def test_stored_data_asks_for_a_code_first(issued, person, real_time):
    client = opened(issued.url)
    page = client.get("/answer/1/stored/")
    assert person.name not in page.content.decode()
    assert 'name="link_code"' in page.content.decode()
    assert "note-green" not in page.content.decode()
    assert page.status_code == 200
    sent = client.post("/answer/1/stored/", {"send_link_code": "1"})
    assert "note-green" in sent.content.decode()
    assert history_of(issued.link)[0].verb == "ask_for_code"
    code = issue_code(issued.link, real_at=REAL_NOW)
    spaced = f" {code[:3]} {code[3:]} "
    right = client.post("/answer/1/stored/", {"link_code": spaced})
    assert (right.status_code, right["Location"]) == (303, "/answer/1/stored/")
    assert client.get("/answer/1/stored/").content.decode() == f"stored about {person.name}"
    assert client.get("/answer/1/").status_code == 200


def test_wrong_and_old_codes_are_refused_in_words(issued, real_time):
    client = opened(issued.url)
    code = issue_code(issued.link, real_at=REAL_NOW)
    wrong = "000000" if code != "000000" else "111111"
    assert client.post("/answer/1/stored/", {"link_code": "12"}).status_code == 422
    assert client.post("/answer/1/stored/", {"link_code": wrong}).status_code == 422
    real_time(11 * MINUTE)
    old = client.post("/answer/1/stored/", {"link_code": code})
    assert old.status_code == 422
    assert 'role="alert"' in old.content.decode()


def test_codes_are_sent_ten_times_in_ten_minutes_at_most(issued, real_time):
    client = opened(issued.url)
    answers = [client.post("/answer/1/stored/", {"send_link_code": "1"}).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]
