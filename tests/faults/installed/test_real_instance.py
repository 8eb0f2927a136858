"""A real instance set up by docs/operations.md: people join, and each role can open its pages.

The instance runs behind PgBouncer and a proxy, with http_proxy set, in a private folder; Valkey is stopped on
the way. The commands of the page run unchanged, except for the example values of an installation.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path

import pytest

from partners.memberships.models import Membership
from tests.faults.figures import record_result
from tests.faults.installed.documented_commands import indented_blocks
from tests.faults.installed.installation import POOLER, Installation, eventually, set_up
from tests.faults.installed.person_clients import Person, addresses_in, mail_to
from tests.smtp import Sink

pytestmark = [pytest.mark.fault, pytest.mark.every_way]
FIRST_ADDRESSES = {"administrator": "you@city.example", "coordinator": "them@province.example"}
OTHER_ADDRESSES = {
    str(role): f"{role}@city.example" for role in Membership.Role if role not in FIRST_ADDRESSES
}
UNIQUE_HEADERS = ("From", "To", "Date", "Subject", "Message-ID", "MIME-Version", "Content-Type")


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    with Sink() as it:
        yield it


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, sink: Sink) -> Iterator[Installation]:
    """Yield a running instance with both people of the page invited."""
    home = tmp_path_factory.mktemp("real") / "closed"
    home.mkdir(mode=0o700)
    with ExitStack() as stack:
        it = Installation(home, sink.port, stack)
        it.start_engines()
        set_up(it)
        it.start_services()
        for line in indented_blocks("### The first people")[0].splitlines():
            it.manage(line)
        yield it
        did = ", ".join(f"{number} {what}" for what, number in it.did.items())
        record_result("a real instance by its page", f"steps: {did}; faults: {'; '.join(it.faults) or 0}")


@pytest.fixture(scope="module")
def link_statuses(installed: Installation, sink: Sink) -> dict[str, int]:
    """Return the status of each address in the first mails, opened by a stranger before anyone joins."""
    stranger = Person(installed, "", 100)
    mails = [mail_to(sink, address)[1] for address in FIRST_ADDRESSES.values()]
    return {link: stranger.get(link).status_code for mail in mails for link in addresses_in(mail)}


def accept_invitation_of(it: Installation, sink: Sink, address: str, number: int) -> Person:
    """Accept the invitation at an address by the link in its mail; return the person."""
    (link,) = [one for one in addresses_in(mail_to(sink, address)[1]) if "/join/" in one]
    person = Person(it, address, number)
    person.accept_invitation(link)
    return person


@pytest.fixture(scope="module")
def first_people(installed: Installation, sink: Sink, link_statuses: dict[str, int]) -> dict[str, Person]:
    """Return the first administrator and the coordinator, who have accepted their invitations."""
    return {
        role: accept_invitation_of(installed, sink, address, number)
        for number, (role, address) in enumerate(FIRST_ADDRESSES.items(), 1)
    }


@pytest.fixture(scope="module")
def one_person_per_role(
    installed: Installation, sink: Sink, first_people: dict[str, Person]
) -> dict[str, Person]:
    """Return one person of each role in the administrator's city."""
    (line,) = [one for one in indented_blocks("### The first people")[0].splitlines() if "--city" in one]
    for role, address in OTHER_ADDRESSES.items():
        installed.manage(
            line.replace(FIRST_ADDRESSES["administrator"], address).replace("administrator", role)
        )
    for address in OTHER_ADDRESSES.values():
        mail_to(sink, address)  # before an officer exists: replies would go to the officer
    others = {
        role: accept_invitation_of(installed, sink, address, number)
        for number, (role, address) in enumerate(OTHER_ADDRESSES.items(), 10)
    }
    return first_people | others


def standard_violations(raw: bytes, mail: EmailMessage) -> list[str]:
    """Return the parts of a mail that break the standards."""
    head = raw.partition(b"\r\n\r\n")[0]
    defects = [defect for part in mail.walk() for defect in part.defects]
    defects += [defect for value in mail.values() for defect in getattr(value, "defects", ())]
    wrong = [repr(defect) for defect in defects]
    wrong += [f"{name} not once" for name in UNIQUE_HEADERS if len(mail.get_all(name, [])) != 1]
    if not head.isascii() or max(map(len, raw.split(b"\r\n"))) > 998 or b"\n" in raw.replace(b"\r\n", b""):
        wrong.append("bytes that mail does not carry")
    if not re.fullmatch(r"<[^<>@\s]+@[^<>@\s]+>", mail["Message-ID"]):
        wrong.append(f"Message-ID {mail['Message-ID']}")
    if parsedate_to_datetime(mail["Date"]).tzinfo is None:
        wrong.append(f"Date {mail['Date']}")
    if not re.search(rb"(?m)^List-Unsubscribe:(\r\n)? <http://[!-~]+>\r?$", head):
        wrong.append("List-Unsubscribe")
    if b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click" not in head:
        wrong.append("List-Unsubscribe-Post")
    return wrong


def test_first_mails_of_real_site_are_correct_and_their_links_open(
    installed: Installation, sink: Sink, link_statuses: dict[str, int]
) -> None:
    with installed.part("the first mails") as found:
        for address in FIRST_ADDRESSES.values():
            installed.did["mails"] += 1
            found.extend(standard_violations(*mail_to(sink, address)))
        found.extend(f"{link}: {status}" for link, status in link_statuses.items() if status != 200)
        assert len(link_statuses) >= 2 * len(FIRST_ADDRESSES)


def test_first_administrator_of_real_site_signs_in_by_invitation_and_authenticator_app(
    first_people: dict[str, Person],
) -> None:
    person = first_people["administrator"]
    with person.it.part("coming in"):
        page = person.get("/")
        assert page.status_code == 200 and "/accounts/" not in page.url
        assert Person(person.it, "", 100).get("/").url.endswith("/accounts/login/?next=/")


def test_every_menu_entry_of_real_site_opens_for_every_role(one_person_per_role: dict[str, Person]) -> None:
    it = one_person_per_role["administrator"].it
    with it.part("the menus") as found:
        for role, person in one_person_per_role.items():
            page = person.get("/").text
            menus = re.findall(r"<(?:nav|header)\b.*?</(?:nav|header)>", page, re.DOTALL)
            hrefs = {unescape(one) for menu in menus for one in re.findall(r'href="([^"]*)"', menu)}
            places = sorted(one for one in hrefs if one.startswith("/"))
            assert len(places) > 4, role
            found.extend(f"{role}: an empty link in the menu" for one in hrefs if one == "")
            for place in places:
                it.did["places in menus"] += 1
                answer = person.get(place)
                if answer.status_code != 200 or "next=" in answer.url or 'href=""' in answer.text:
                    found.append(f"{role}: {place} {answer.status_code} {answer.url}")


def test_replies_to_mail_of_real_site_go_to_administrator(
    installed: Installation, sink: Sink, one_person_per_role: dict[str, Person]
) -> None:
    with installed.part("replies") as found:
        for role, address in OTHER_ADDRESSES.items():
            installed.did["mails"] += 1
            raw, mail = mail_to(sink, address)
            found.extend(standard_violations(raw, mail))
            if mail["Reply-To"] != FIRST_ADDRESSES["administrator"]:
                found.append(f"{role}: {mail['Subject']!r} has Reply-To {mail['Reply-To']}")


def test_sign_in_and_password_reset_need_no_redis(
    installed: Installation, sink: Sink, first_people: dict[str, Person]
) -> None:
    person = first_people["administrator"]
    with installed.part("without Redis"):
        installed.stop_valkey()
        try:
            assert installed.ready()["redis"] != "ok"
            person.sign_in()
            before = len(sink.raw)
            stranger = Person(installed, person.address, 101)
            response = stranger.post("/accounts/password/reset/", email=person.address)
            assert response.status_code == 200
            assert eventually(lambda: len(sink.raw) > before)
            (link,) = [one for one in addresses_in(sink.got[-1]) if "/password/reset/" in one]
            person.password = "four-other-words-for-a-gown"
            changed = stranger.post(link, password1=person.password, password2=person.password)
            assert changed.status_code == 200 and changed.url.endswith("/done/"), changed.url
            person.sign_in()
        finally:
            installed.start_valkey()
        assert eventually(
            lambda: installed.ready().get("redis") == "ok" and installed.ready()["database"] == "ok"
        )
        assert person.get("/").status_code == 200


def test_password_guesses_are_limited_without_redis(installed: Installation) -> None:
    with installed.part("guesses"):
        installed.stop_valkey()
        try:
            stranger = Person(installed, "guessed@city.example", 102)
            tried = [
                stranger.post("/accounts/login/", login=stranger.address, password="wrong").status_code
                for _ in range(16)
            ]
        finally:
            installed.start_valkey()
        assert tried == [200] * 15 + [429]


def test_database_timeouts_apply_behind_pgbouncer(installed: Installation) -> None:
    with installed.part("the pooler"):
        assert Path(POOLER).exists(), "Install PgBouncer: apt-get install pgbouncer"
        show = (
            "import django; django.setup(); from django.db import connection as c; u = c.cursor(); "
            "print(c.settings_dict['PORT'], [(u.execute('SHOW ' + n), u.fetchone()[0])[1] for n in "
            "('lock_timeout', 'idle_in_transaction_session_timeout')])"
        )
        line = f'DJANGO_SETTINGS_MODULE=config.settings .venv/bin/python -c "{show}"'
        said = installed.must(installed.configured(line))
        assert said.strip() == f"{installed.pool_port} ['3s', '1min']"


def test_settings_of_operations_page_pass_django_deployment_check(installed: Installation) -> None:
    with installed.part("what is unsafe"):
        example = "export BASE_URL=https://kit.city.ca MAIL_FROM=kit@city.ca SMTP_HOST=mail.city.ca SMTP_TLS=starttls"
        installed.manage("python manage.py backup")
        check = ".venv/bin/python manage.py check --deploy --fail-level WARNING"
        installed.must(installed.configured(f"{example}\n{check}"))


@pytest.mark.parametrize(
    "line",
    [
        ".venv/bin/python manage.py check",
        ".venv/bin/python -m config.web --interface wsgi config.wsgi:application",
        ".venv/bin/celery --app config.celery worker",
    ],
    ids=["manage", "web", "worker"],
)
def test_empty_secret_key_is_refused_with_explanation(installed: Installation, line: str) -> None:
    with installed.part("an empty key"):
        done = installed.sh(installed.configured(f"export SECRET_KEY=\n{line}"))
        assert done.returncode != 0
        assert "SECRET_KEY is empty. Set it to at least 50 random characters" in done.stderr


def test_log_line_contains_request_number(installed: Installation) -> None:
    with installed.part("the log"):
        answer = Person(installed, "", 103).get("/nothing-of-that-name/")
        assert answer.status_code == 404
        number = answer.headers["X-Request-ID"]
        line = rf"(?m)^\d{{4}}-\d\d-\d\d [\d:,]+ WARNING {number} django\.request: .*/nothing-of-that-name/"
        assert eventually(lambda: re.search(line, installed.log.read_text()), 30)


def test_real_site_folder_and_settings_are_readable_by_owner_only(installed: Installation) -> None:
    with installed.part("closed"):
        assert oct(installed.home.stat().st_mode & 0o777) == "0o700"
        assert oct(installed.settings.stat().st_mode & 0o777) == "0o600"
