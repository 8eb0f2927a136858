"""The systemd units run the commands of docs/operations.md, as one unprivileged user."""

import re

import pytest
import yaml

from tests.config.deploy.deploy_file_readers import (
    DEPLOY,
    OPERATIONS,
    ROOT,
    UNITS,
    documented_commands,
    read_unit,
    unit_command,
)

SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
CONFINED = "twinlane-.service.d/confined.conf"


def test_each_service_of_the_operations_page_has_a_unit_with_its_command():
    shown = documented_commands("### Without Docker")[-3:]
    assert [unit_command(f"twinlane-{name}.service") for name in ("web", "worker", "beat")] == shown
    assert unit_command("twinlane-tick.service").removeprefix(".venv/bin/") in OPERATIONS.replace("`", "")


@pytest.mark.parametrize("name", SERVICES)
def test_service_unit_has_the_stop_timeout_of_compose_and_takes_its_user_from_the_common_file(name):
    service = read_unit(name)["Service"]
    assert set(service) <= {
        "Type",
        "ExecStart",
        "Restart",
        "RestartSec",
        "TimeoutStopSec",
        "TimeoutStartSec",
        "ReadWritePaths",
    }
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    known = compose.get(name.removeprefix("twinlane-").removesuffix(".service"), {}).get("stop_grace_period")
    assert known in (None, f"{service.get('TimeoutStopSec')}s")


def test_common_unit_file_confines_services_and_names_settings_and_folder_of_the_page():
    service = read_unit(CONFINED)["Service"]
    (folder,) = re.findall(r"^    DATA_DIR='(.+)'$", OPERATIONS, re.MULTILINE)
    assert folder == f"/var/lib/{service['StateDirectory']}"
    assert service["EnvironmentFile"] in OPERATIONS
    assert service["User"] == service["Group"] == "twinlane"
    assert (service["NoNewPrivileges"], service["ProtectSystem"]) == ("yes", "strict")
    assert service["CapabilityBoundingSet"] == ""
    assert "ReadWritePaths" not in service


def test_operations_page_names_each_deploy_file():
    files = [path.relative_to(ROOT) for path in DEPLOY.iterdir()]
    assert [
        str(path) for path in files if f"`{path}`" not in OPERATIONS and f"{path}/" not in OPERATIONS
    ] == []
    units = [path.name for path in UNITS.iterdir() if path.suffix in (".service", ".timer")]
    assert [name for name in units if name.removesuffix(".service") not in OPERATIONS] == []
