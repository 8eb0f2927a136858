"""Debian's systemd accepts the units of deploy/, and a running nginx applies the configuration of deploy/."""

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.config.deploy.deploy_file_readers import DEPLOY, HOME, ROOT, UNITS
from tests.smtp import self_signed

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
ANALYZE = shutil.which("systemd-analyze")
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
TOKEN = "k" * 43


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the units, whose commands are those of this checkout."""
    folder = tmp_path_factory.mktemp("units") / "systemd"
    shutil.copytree(UNITS, folder)
    for path in folder.rglob("*.*"):
        if path.is_file():
            path.write_text(path.read_text().replace(HOME, str(ROOT)))
    return folder


def analyze(units: Path, *line: str) -> "subprocess.CompletedProcess[str]":
    """Run systemd-analyze, which finds these units before the system's own."""
    assert ANALYZE, "Install systemd: apt-get install systemd"
    environ = os.environ | {"SYSTEMD_UNIT_PATH": f"{units}:"}
    return subprocess.run([ANALYZE, *line], env=environ, capture_output=True, text=True, check=False)


def test_systemd_accepts_every_unit(units):
    names = [path.name for path in units.iterdir() if path.suffix in (".service", ".timer")]
    done = analyze(units, "verify", "--man=no", *names)
    assert (done.returncode, done.stderr) == (0, "")


def test_systemd_reports_an_unknown_key(units, tmp_path):
    shutil.copytree(units, tmp_path / "wrong")
    unit = tmp_path / "wrong/twinlane-web.service"
    unit.write_text(unit.read_text().replace("RestartSec", "RestartSeconds"))
    assert "RestartSeconds" in analyze(tmp_path / "wrong", "verify", "--man=no", unit.name).stderr


@pytest.mark.parametrize("name", SERVICES)
def test_service_unit_has_a_low_exposure_score(units, name):
    done = analyze(units, "security", "--offline=true", "--threshold=20", str(units / name))  # of 100
    assert done.returncode == 0, done.stdout[-400:]


class Echo(BaseHTTPRequestHandler):
    """A server behind the proxy, which answers with the headers that reach it."""

    def do_GET(self) -> None:
        body = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        body = body.ljust(3000)
        self.send_response(200)
        self.send_header("Content-Type", "application/json" if self.path.startswith("/api/") else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_facts: object) -> None:
        pass


class Proxy:
    """nginx with the example file; ports, certificate and logs are the test's own."""

    def __init__(self, folder: Path, upstream: int) -> None:
        self.folder, self.upstream = folder, upstream
        self.http, self.https = free_port(), free_port()
        self.certificate = self_signed(folder, "twinlane.city.example")

    def write(self) -> Path:
        """Write the configuration and return its path."""
        text = (DEPLOY / "nginx.conf").read_text()
        own = {
            "127.0.0.1:8000": f"127.0.0.1:{self.upstream}",
            "    listen 80;\n    listen [::]:80;": f"    listen 127.0.0.1:{self.http};",
            "    listen 443 ssl;\n    listen [::]:443 ssl;": f"    listen 127.0.0.1:{self.https} ssl;",
            "/etc/ssl/twinlane/fullchain.pem": str(self.certificate),
            "/etc/ssl/twinlane/key.pem": str(self.certificate),
            "/var/log/nginx": str(self.folder),
        }
        for example, value in own.items():
            assert example in text, example
            text = text.replace(example, value)
        temporary = "".join(
            f"{kind}_temp_path {self.folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        path = self.folder / "nginx.conf"
        lines = [
            *(["user root;"] if os.geteuid() == 0 else []),  # who may enter the folders of the tests
            *(
                "daemon off;",
                "worker_processes 1;",
                f"pid {self.folder}/pid;",
                f"error_log {self.folder}/start.log;",
            ),
            *("events {}", "http {", "access_log off;", temporary, text, "}"),
        ]
        path.write_text("\n".join(lines) + "\n")
        return path

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> HTTPResponse:
        """Send a request by https; the body of the answer is in `text`."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        connection = HTTPSConnection("127.0.0.1", self.https, context=context, timeout=20)
        connection.sock = context.wrap_socket(
            socket.create_connection(("127.0.0.1", self.https), 20), server_hostname="twinlane.city.example"
        )
        sent = {"Host": "twinlane.city.example"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        connection.request(method, path, body or None, sent)
        answer = connection.getresponse()
        answer.text = answer.read()  # type: ignore[attr-defined]
        connection.close()
        return answer


def free_port() -> int:
    """Return a port that is free at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    assert NGINX, "Install nginx: apt-get install nginx-light"
    folder = tmp_path_factory.mktemp("nginx")
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        it = Proxy(folder, server.server_address[1])
        line = [NGINX, "-c", str(it.write()), "-e", str(folder / "early.log")]
        tried = subprocess.run([*line, "-t"], capture_output=True, text=True, check=False)
        assert tried.returncode == 0, tried.stderr
        with subprocess.Popen(line) as process:
            try:
                wait_until_open(it.https)
                yield it
            finally:
                process.terminate()
        server.shutdown()


def wait_until_open(port: int) -> None:
    """Return as soon as a port accepts connections."""
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"Nothing listens on port {port}")


def headers_behind(answer: Any) -> dict[str, str]:
    """Return the headers that reached the server behind the proxy."""
    return dict(json.loads(answer.text))


def test_http_request_is_redirected_to_https(proxy):
    connection = HTTPConnection("127.0.0.1", proxy.http, timeout=20)
    connection.request("GET", "/needs/?a=1", headers={"Host": "other.example"})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, "https://twinlane.city.example/needs/?a=1")
    connection.close()


@pytest.mark.parametrize("path", ["/", "/l/abc/", "/api/v1/"])
def test_forged_proxy_headers_do_not_reach_the_server(proxy, path):
    forged = dict.fromkeys(
        ("X_Forwarded_For", "X_Real_IP", "X_Forwarded_Host", "X_Forwarded_Port", "Forwarded"), "203.0.113.9"
    )
    found = headers_behind(proxy.ask("GET", path, **forged, X_Forwarded_Proto="http"))
    assert "203.0.113.9" not in found.values()
    assert (found["x-forwarded-for"], found["x-forwarded-proto"]) == ("127.0.0.1", "https")
    assert found["host"] == "twinlane.city.example"


@pytest.mark.parametrize(("size", "status"), [(12 * 2**20, 200), (12 * 2**20 + 1, 413)])
def test_proxy_passes_bodies_up_to_twelve_megabytes(proxy, size, status):
    assert proxy.ask("POST", "/", b"x" * size).status == status


@pytest.mark.parametrize(("path", "packed"), [("/api/v1/needs/", "gzip"), ("/needs/", None)])
def test_proxy_compresses_json_and_leaves_pages_to_twinlane(proxy, path, packed):
    assert proxy.ask("GET", path, Accept_Encoding="gzip").headers["Content-Encoding"] == packed


def test_proxy_logs_contain_no_secret_address(proxy):
    secrets = (
        *(
            f"/l/{TOKEN}/",
            f"/l/{TOKEN}/again/",
            f"/stop/one/{TOKEN}/",
            f"/join/{TOKEN}/",
            f"/calendar/{TOKEN}.ics",
        ),
        *(f"/files/a/at/{TOKEN}/", f"/me/1/files/a/at/{TOKEN}/", f"/accounts/password/reset/key/{TOKEN}/"),
    )
    for path in secrets:
        assert proxy.ask("GET", path, Referer=f"https://twinlane.city.example{path}").status == 200
    proxy.ask("GET", "/needs/", Referer=f"https://twinlane.city.example/l/{TOKEN}/")
    logs = {path.name: path.read_text() for path in proxy.folder.glob("*.log")}
    assert re.search(r'"GET /needs/ HTTP/1.1" 200', logs["twinlane.log"])
    assert [name for name, text in logs.items() if TOKEN in text] == []
