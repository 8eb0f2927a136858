"""Prometheus accepts the alert rules of deploy/."""

import shutil
import subprocess

from tests.config.deploy.deploy_file_readers import DEPLOY

PROMTOOL = shutil.which("promtool")


def test_prometheus_accepts_the_alert_rules():
    assert PROMTOOL, "Install promtool: apt-get install prometheus"
    rules = DEPLOY / "prometheus" / "twinlane.rules.yml"
    checked = subprocess.run([PROMTOOL, "check", "rules", rules], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "9 rules found" in checked.stdout
