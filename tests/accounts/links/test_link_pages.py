"""The pages of a link: opening it changes nothing; its Continue button opens one object in one browser for an hour."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.actions.links import issue_email_code, revoke_link
from accounts.actions.people import deactivate
from accounts.actors import CONSOLE_ACTOR, SelfActor
from accounts.hooks import link_pages
from accounts.models import ActionLink, User
from accounts.tokens import new_token, unsubscribe_token
from tests.accounts import linked_pages
from tests.accounts.conftest import issue, path_of
from tests.hooks import replaced_hook
from tests.worlds.cities import NOW, REAL_NOW
from workflow.journal.entries import history_of
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def issued(person, real_time):
    return issue(person)


def stored_data():
    """Return all data that opening a page could have changed."""
    return list(User.objects.values()), list(ActionLink.objects.values()), Entry.objects.count()


def open_link(url: str) -> Client:
    """Return a client in which Continue was pressed."""
    client = Client()
    assert client.post(path_of(url)).status_code == 303
    return client


def assert_private(answer, referrer: str = "no-referrer") -> None:
    assert answer["Referrer-Policy"] == referrer
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_personal_link_any_number_of_times_changes_nothing(issued, method):
    before = stored_data()
    for _ in range(3):
        answer = getattr(Client(), method)(path_of(issued.url))
        assert answer.status_code == 200
        assert_private(answer)
        assert "link" not in answer.cookies
    assert stored_data() == before


def test_first_page_of_link_names_city_subject_and_deadline_but_not_recipient(issued, person):
    page = Client().get(path_of(issued.url)).content.decode()
    for words in ("City of Burnaby, Purchasing", "Who makes N95 respirators?", "2020年4月21日 00:00"):
        assert words in page
    assert person.name not in page
    assert person.email not in page


def test_first_page_of_link_uses_recipients_language_unless_browser_chose_another(issued):
    client = Client()
    assert client.get(path_of(issued.url), headers={"accept-language": "en"})["Content-Language"] == "zh-hans"
    client.post("/language/", {"language": "fr-ca", "next": path_of(issued.url)})
    assert client.get(path_of(issued.url))["Content-Language"] == "fr-ca"


def test_continue_button_opens_linked_record_at_address_without_token(issued):
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


def test_link_session_cookie_is_sent_over_https_only_where_site_has_https(issued, settings):
    assert not open_link(issued.url).cookies["link"]["secure"]
    settings.HTTPS = True
    assert open_link(issued.url).cookies["link"]["secure"]


def test_link_session_opens_no_other_record_and_no_tampered_cookie(issued, person, real_time):
    client = open_link(issued.url)
    stolen = client.cookies["link"].value
    for path in ("/answer/2/", "/elsewhere/1/"):
        other = Client()
        other.cookies["link"] = stolen
        assert other.get(path).status_code == 403
    tampered = Client()
    tampered.cookies["link"] = stolen[:-2]
    assert tampered.get("/answer/1/").status_code == 403
    assert Client().get("/answer/1/").status_code == 403


def test_link_session_for_other_type_of_record_is_403(issued, person):
    with replaced_hook(link_pages, {**link_pages.get(), "partners.city": linked_pages.describe}):
        client = open_link(issue(person, thing_label="partners.city").url)
        assert client.get("/answer/1/").status_code == 403


def test_link_session_expires_after_one_hour(issued, real_time):
    client = open_link(issued.url)
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


def test_revoking_link_ends_its_open_session(issued, person):
    client = open_link(issued.url)
    revoke_link(issued.link, by=SelfActor(person), at=NOW, real_at=REAL_NOW)
    assert client.get("/answer/1/").status_code == 403
    assert client.get(path_of(issued.url)).status_code == 410


def test_deactivating_person_ends_their_link_session(issued, person):
    client = open_link(issued.url)
    deactivate(person, by=CONSOLE_ACTOR, at=NOW, real_at=REAL_NOW, reason="left the office")
    assert client.get("/answer/1/").status_code == 403


def test_open_link_of_deactivated_person_is_refused(issued, person):
    """A message that was sent while the person was deactivated leaves such a link."""
    client = open_link(issued.url)
    User.objects.filter(pk=person.pk).update(is_active=False)
    before = stored_data()
    assert client.get("/answer/1/").status_code == 403
    closed = client.get(path_of(issued.url))
    assert (closed.status_code, "again/" in closed.content.decode()) == (410, False)
    assert client.post(path_of(issued.url)).status_code == 410
    assert client.post(path_of(issued.url) + "again/").status_code == 422
    assert client.post(path_of(issued.url) + "not-for-me/", {"sure": "on"}).status_code == 410
    assert stored_data() == before


def test_continue_pressed_by_mail_scanner_is_recorded_apart_from_person(issued, real_time):
    open_link(issued.url)
    real_time(timedelta(seconds=30))
    open_link(issued.url)
    open_link(issued.url)
    issued.link.refresh_from_db()
    assert (issued.link.scanned_at, issued.link.seen_at) == (REAL_NOW, REAL_NOW + timedelta(seconds=30))
    assert [entry.verb for entry in history_of(issued.link)] == ["see", "scan", "issue"]


def test_expired_link_offers_new_link_sent_to_known_address_only(issued, person, real_time):
    real_time(8 * DAY)
    client = Client()
    answer = client.get(path_of(issued.url))
    assert answer.status_code == 410
    assert_private(answer)
    page = answer.content.decode()
    assert f'action="{path_of(issued.url)}again/"' in page
    assert "purchasing@burnaby.example" in page
    assert client.post(path_of(issued.url)).status_code == 410
    response = client.post(path_of(issued.url) + "again/", {"email": "thief@evil.example"})
    assert response.status_code == 200
    assert person.email not in response.content.decode()
    entry = history_of(issued.link)[0]
    assert (entry.verb, entry.by, entry.facts["thing_id"]) == ("request_new", person, 1)


def test_revoked_link_offers_no_new_link(issued, person):
    revoke_link(issued.link, by=SelfActor(person), at=NOW, real_at=REAL_NOW)
    assert "again/" not in Client().get(path_of(issued.url)).content.decode()
    assert Client().post(path_of(issued.url) + "again/").status_code == 422


def test_link_to_settled_record_says_so_and_is_410(person, real_time):
    made = issue(person, thing_id=linked_pages.SETTLED_OBJECT)
    page = Client().get(path_of(made.url))
    assert page.status_code == 410
    assert "或所请事项已办结。" in page.content.decode()  # the language of the link's person
    assert Client().post(path_of(made.url)).status_code == 410
    assert Client().post(path_of(made.url) + "again/").status_code == 410
    assert Client().get(path_of(made.url) + "not-for-me/").status_code == 410


def test_link_to_unregistered_record_type_is_410(person, real_time):
    made = issue(person, thing_label="nowhere.thing")
    assert Client().get(path_of(made.url)).status_code == 410


@pytest.mark.parametrize("path", ["", "again/", "not-for-me/"])
def test_unknown_link_token_is_404_without_information(db, path):
    address = f"/l/{new_token()}/{path}"
    answer = Client().post(address) if path == "again/" else Client().get(address)
    assert answer.status_code == 404
    assert_private(answer)


def test_sign_in_link_token_is_404_as_answer_link(person, practice_instance, real_time):
    made = issue(person, purpose=ActionLink.Purpose.SIGN_IN)
    token = path_of(made.url).split("/")[-2]
    assert Client().get(f"/l/{token}/").status_code == 404


def test_report_of_wrong_recipient_requires_ticked_confirmation(issued):
    client = Client()
    address = path_of(issued.url) + "not-for-me/"
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 422
    issued.link.refresh_from_db()
    assert issued.link.revoked_at is None
    assert client.post(address, {"sure": "on"}).status_code == 200
    assert client.get(path_of(issued.url)).status_code == 410
    assert client.get(address).status_code == 410


def test_recipient_unsubscribes_and_resubscribes_by_mail_link(person):
    address = f"/stop/{unsubscribe_token(person.pk)}/"
    client = Client()
    before = stored_data()
    answer = client.get(address)
    assert person.email not in answer.content.decode()
    assert_private(answer)
    assert stored_data() == before
    client.post(address, {"List-Unsubscribe": "One-Click"})
    person.refresh_from_db()
    assert not person.can_receive_mail
    client.post(address, {"resume": "1"})
    person.refresh_from_db()
    assert person.can_receive_mail


@pytest.mark.parametrize("token", ["forged", "999999"])
def test_forged_unsubscribe_address_is_404(db, token):
    value = unsubscribe_token(999999) if token == "999999" else token
    assert Client().post(f"/stop/{value}/").status_code == 404


def test_unsubscribe_and_link_pages_need_no_csrf_token(person, real_time):
    client = Client(enforce_csrf_checks=True)
    assert client.post(f"/stop/{unsubscribe_token(person.pk)}/").status_code == 200
    assert client.post(path_of(issue(person).url), headers={"origin": "null"}).status_code == 303
    assert client.post("/language/", {"language": "en"}, headers={"origin": "null"}).status_code == 303


def test_link_page_is_limited_to_thirty_requests_a_minute(issued, real_time):
    client = Client()
    answers = [client.get(path_of(issued.url)).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]
    late = client.get(path_of(issued.url))
    assert late["Retry-After"] == "60"
    real_time(MINUTE)
    assert client.get(path_of(issued.url)).status_code == 200


def test_forms_through_one_link_are_limited_to_ten_an_hour(issued, person, real_time):
    client = open_link(issued.url)
    assert [client.post("/answer/1/").status_code for _ in range(11)] == [200] * 10 + [429]
    other = open_link(issue(person, thing_id=2).url)
    assert other.post("/answer/2/").status_code == 200


def test_personal_data_page_requires_emailed_code_first(issued, person, real_time):
    client = open_link(issued.url)
    page = client.get("/answer/1/stored/")
    assert person.name not in page.content.decode()
    assert 'name="link_code"' in page.content.decode()
    assert "note-green" not in page.content.decode()
    assert page.status_code == 200
    response = client.post("/answer/1/stored/", {"send_link_code": "1"})
    assert "note-green" in response.content.decode()
    assert history_of(issued.link)[0].verb == "ask_for_code"
    code = issue_email_code(issued.link, real_at=REAL_NOW)
    spaced = f" {code[:3]} {code[3:]} "
    right = client.post("/answer/1/stored/", {"link_code": spaced})
    assert (right.status_code, right["Location"]) == (303, "/answer/1/stored/")
    assert client.get("/answer/1/stored/").content.decode() == f"stored about {person.name}"
    assert client.get("/answer/1/").status_code == 200


def test_wrong_and_expired_codes_are_refused_with_explanation(issued, real_time):
    client = open_link(issued.url)
    code = issue_email_code(issued.link, real_at=REAL_NOW)
    wrong = "000000" if code != "000000" else "111111"
    assert client.post("/answer/1/stored/", {"link_code": "12"}).status_code == 422
    assert client.post("/answer/1/stored/", {"link_code": wrong}).status_code == 422
    real_time(11 * MINUTE)
    old = client.post("/answer/1/stored/", {"link_code": code})
    assert old.status_code == 422
    assert 'role="alert"' in old.content.decode()


def test_sending_of_codes_is_limited_to_ten_in_ten_minutes(issued, real_time):
    client = open_link(issued.url)
    answers = [client.post("/answer/1/stored/", {"send_link_code": "1"}).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]
