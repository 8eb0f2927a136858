"""The image is built without Docker; a site runs from it, survives killed processes and is upgraded with its data."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from config.environment import SECRET_SETTINGS
from config.version import VERSION
from tests.faults.container.image import SECRET_OF_THE_BUILD, UID, Image, ImageStore
from tests.faults.container.site import RUNNING, ContainerSite, files_containing
from tests.faults.demo import ROOT
from tests.faults.figures import record_result
from tests.faults.installed.documented_commands import indented_blocks
from tests.faults.installed.installation import eventually
from tests.faults.installed.person_clients import Person, addresses_in, mail_to
from tests.smtp import Sink

pytestmark = [pytest.mark.fault, pytest.mark.every_way]
OFFICER = "officer@city.example"
NEXT_VERSION = "99.0.0"
MEGABYTES = 1300  # nothing that the build leaves behind belongs into the image


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ImageStore]:
    it = ImageStore(tmp_path_factory.mktemp("store"))
    try:
        yield it
    finally:
        it.remove_all()


@pytest.fixture(scope="module")
def image(store: ImageStore) -> Image:
    return store.build("tested")


@pytest.fixture(scope="module")
def root(image: Image) -> Iterator[Path]:
    """Yield the folder of all files of the image."""
    with image.container() as name:
        yield Path(image.store.buildah("mount", name))


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    with Sink() as it:
        yield it


@pytest.fixture(scope="module")
def site(image: Image, sink: Sink, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ContainerSite]:
    """Yield a site that was set up and runs from the image, with an officer invited."""
    with ExitStack() as stack:
        it = ContainerSite(tmp_path_factory.mktemp("site"), sink.port, stack, image)
        it.start_engines()
        it.write_secrets()
        it.start_redis()
        it.make_database()
        it.use(image)
        it.set_up()
        it.start_services()
        register, invitation, _coordinator = indented_blocks("### The first people")[0].splitlines()
        it.manage(register)
        it.manage(invitation.replace("you@city.example", OFFICER).replace("administrator", "officer"))
        yield it
        record_result(
            "a site from the image", ", ".join(f"{number} {what}" for what, number in it.did.items())
        )


@pytest.fixture(scope="module")
def officer(site: ContainerSite, sink: Sink) -> Person:
    """Return the officer, who came in by the link in the first mail and has signed in."""
    (link,) = [address for address in addresses_in(mail_to(sink, OFFICER)[1]) if "/join/" in address]
    person = Person(site, OFFICER, 1)
    person.accept_invitation(link)
    person.sign_in()
    return person


@pytest.fixture(scope="module")
def need(site: ContainerSite, officer: Person) -> str:
    """Return the reference of a need that a program of the officer has posted."""
    token = site.manage(f"python manage.py create_token --user {OFFICER} --scopes read,write").split()[-1]
    facts = {
        "city": "burnaby-ca",
        "title": "Masks for the hospital",
        "needed_by": (datetime.now(UTC) + timedelta(days=30)).date().isoformat(),
        "deliver_to": "4949 Canada Way, Burnaby",
        "facility_kinds": ["hospital"],
        "accepts": ["donation"],
        "visibility": "partner_cities",
        "lines": [{"product": "MASK_SURG", "quantity": 10000, "standards": ["ASTM-F2100-L2"]}],
    }
    program = {"headers": {"Authorization": f"Bearer {token}"}, "timeout": 120, "proxies": {"http": ""}}
    needs = f"{site.url}/api/v1/supply-requests/"
    drafted = requests.post(needs, json=facts, **program)
    assert drafted.status_code == 201, drafted.text
    reference = str(drafted.json()["reference"])
    posted = requests.post(f"{needs}{reference}/post/", json={}, **program)
    assert posted.status_code == 200, posted.text
    return reference


def test_image_runs_as_user_without_rights_and_names_no_secret(image):
    config = image.description["config"]
    assert config["User"] == "twinlane"
    assert config["Healthcheck"]["Test"][:2] == ["CMD", "python"]
    assert {variable.partition("=")[0] for variable in config["Env"]} & SECRET_SETTINGS == set()
    assert SECRET_OF_THE_BUILD not in json.dumps(image.description)


def test_no_file_of_image_contains_secret_of_build(root):
    number, found = files_containing(root, [SECRET_OF_THE_BUILD.encode()])
    assert (number > 10_000, found) == (True, [])
    _number, keys = files_containing(root / "etc", [b"PRIVATE KEY-----"])
    assert keys == []
    kept = {path.name for path in (root / "app").iterdir()}
    assert kept & {".git", ".env", ".npmrc", "tests", "secrets"} == set()
    assert {path.name for path in (root / "root").iterdir()} <= {".bashrc", ".profile"}
    assert list((root / "tmp").iterdir()) == []


def test_image_is_no_larger_than_its_packages(root):
    done = subprocess.run(["du", "-sm", root], capture_output=True, text=True, check=True)
    megabytes = int(done.stdout.split()[0])
    record_result("size of the image", f"{megabytes} MB")
    assert megabytes <= MEGABYTES


def test_list_of_components_has_each_debian_package_of_image(image, root):
    line = [str(ROOT / "deploy/image/sbom"), image.name, sys.executable]
    done = subprocess.run(line, env=image.store.environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(done.stdout) is None
    stanzas = (root / "var/lib/dpkg/status").read_text().split("\n\n")
    installed = {
        stanza.partition("\n")[0].removeprefix("Package: ")
        for stanza in stanzas
        if "\nStatus: install ok installed\n" in stanza
    }
    assert {component["name"] for component in json.loads(done.stdout)["components"]} == installed
    assert {"libc6", "python3", "ca-certificates"} <= installed


def test_processes_run_as_user_of_image_without_capabilities(site):
    for service in RUNNING:
        processes = site.running(service)
        assert len(processes) >= {"web": 3, "worker": 3}.get(service, 1)
        for process in processes:
            status = Path(f"/proc/{process.pid}/status").read_text()
            assert set(re.findall(r"^[UG]id:\t(\d+)\t(\d+)", status, re.MULTILINE)) == {(str(UID),) * 2}
            assert re.findall(r"^CapEff:\t(\w+)", status, re.MULTILINE) == ["0" * 16]


def test_processes_write_to_their_data_and_temporary_folder_only(site):
    writing = (
        'for folder in / /app /data /tmp /var/tmp /run/secrets; do touch "$folder/x" && echo "$folder"; done'
    )
    done = site.run_inside(["sh", "-c", f"{writing} 2>&1"])
    assert [line for line in done.stdout.splitlines() if line.startswith("/")] == ["/data", "/tmp"]
    assert done.stdout.count("Read-only file system") == 4, done.stdout


def test_officer_signs_in_and_posts_need(officer, need):
    page = officer.get(f"/needs/{need}/")
    assert (page.status_code, "Masks for the hospital" in page.text) == (200, True)


@pytest.mark.parametrize("service", RUNNING)
def test_site_works_again_after_process_is_killed(site, officer, need, service):
    site.kill(service)
    site.start(service)
    site.wait_until_healthy()
    assert officer.get(f"/needs/{need}/").status_code == 200


def test_mail_is_sent_after_every_process_was_killed(site, sink, officer):
    before = sum(f"\nTo: {OFFICER}\r\n".encode() in raw for raw in list(sink.raw))
    response = Person(site, OFFICER, 2).post("/accounts/password/reset/", email=OFFICER)
    assert response.status_code == 200
    _raw, mail = mail_to(sink, OFFICER, before + 1)
    assert any("/password/reset/" in address for address in addresses_in(mail))


def test_backup_from_image_is_restored_into_new_instance(site, officer, need):
    site.manage("python manage.py backup")
    (backup,) = (site.data / "backups").iterdir()
    assert backup.suffix == ".encrypted"
    site.stop()
    site.use_new_instance("restored", backup)
    assert "is intact" in site.manage(f"python manage.py restore --here /data/{backup.name}")
    site.set_up()
    site.start_services()
    officer.sign_in()
    page = officer.get(f"/needs/{need}/")
    assert (page.status_code, "Masks for the hospital" in page.text) == (200, True)


def sources_of_next_version(folder: Path) -> Path:
    """Copy the sources of this checkout to a folder, with the next version in pyproject.toml."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    for name in filter(None, listed):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)
    project = folder / "pyproject.toml"
    project.write_text(
        project.read_text().replace(f'version = "{VERSION}"', f'version = "{NEXT_VERSION}"', 1)
    )
    return folder


def test_upgrade_to_second_image_keeps_data(site, store, officer, need, tmp_path):
    assert site.ready()["version"] == VERSION
    image = store.build("next", sources_of_next_version(tmp_path))
    site.stop()
    site.use(image)
    site.set_up()
    site.start_services()
    assert eventually(lambda: site.ready().get("version") == NEXT_VERSION)
    officer.sign_in()
    page = officer.get(f"/needs/{need}/")
    assert (page.status_code, "Masks for the hospital" in page.text) == (200, True)
    site.manage("python manage.py verify_journal")
