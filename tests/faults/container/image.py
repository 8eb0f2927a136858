"""The image of the Dockerfile, built by `make image` into a store of its own, and containers of it.

buildah runs them with its chroot isolation, which needs no namespaces, so they also run where a container cannot be
nested. They share the network of this machine.
"""

import json
import os
import re
import resource
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.faults.demo import ROOT
from tests.faults.figures import record_result

UID = 10001  # of the user in the Dockerfile
BUILD_SECONDS = 3600  # a limit for a busy machine, not a promise
# A line among the certificates that every stage of the build reads; nothing of it may be in the image.
SECRET_OF_THE_BUILD = "twinlane-build-8d1f0c2b7a"
CERTIFICATES = Path(os.environ.get("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt"))
ISOLATION = {"BUILDAH_ISOLATION": "chroot", "STORAGE_DRIVER": "vfs"}


class ImageStore:
    """Store of images and containers under a folder; `environ` names it to buildah."""

    def __init__(self, folder: Path) -> None:
        assert os.geteuid() == 0, "Building an image without Docker needs root."
        assert shutil.which("buildah"), "apt-get install buildah mmdebstrap netavark"
        config, self.certificates = folder / "storage.conf", folder / "certificates"
        config.write_text(
            f'[storage]\ndriver = "vfs"\ngraphroot = "{folder}/graph"\nrunroot = "{folder}/run"\n'
        )
        self.certificates.write_text(f"# {SECRET_OF_THE_BUILD}\n{CERTIFICATES.read_text()}")
        self.environ = (
            os.environ | ISOLATION | {"CONTAINERS_STORAGE_CONF": str(config), "TMPDIR": str(folder)}
        )

    def buildah(self, *line: str, seconds: float = 600) -> str:
        """Run buildah, which must succeed, and return its output."""
        done = subprocess.run(
            ["buildah", *line],
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout.strip()

    def build(self, tag: str, source: Path = ROOT) -> "Image":
        """Build the image of a folder of sources by `make image`."""
        image = Image(self, f"localhost/twinlane:{tag}")
        began = time.monotonic()
        done = subprocess.run(
            ["make", "--no-print-directory", "image", f"IMAGE={image.name}"],
            cwd=source,
            env=self.environ | {"SSL_CERT_FILE": str(self.certificates)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=BUILD_SECONDS,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        record_result(f"image {tag} built without Docker", f"{time.monotonic() - began:.0f} s")
        return image

    def remove_all(self) -> None:
        """Remove all containers and images."""
        self.buildah("rm", "--all")
        self.buildah("rmi", "--all", "--force")


class Image:
    """Image of a store, by its name."""

    def __init__(self, store: ImageStore, name: str) -> None:
        self.store, self.name = store, name

    @property
    def description(self) -> dict[str, Any]:
        """User, environment, commands, health check and history, as the image names them."""
        found: dict[str, Any] = json.loads(self.store.buildah("inspect", "--type", "image", self.name))
        return dict(found["Docker"])

    @contextmanager
    def container(self) -> Iterator[str]:
        """Yield the name of a container with a copy of the image, removed at the end.

        Its limits are those of this process: buildah would raise them, which a container may not let it.
        """
        limits = [
            f"--ulimit={name}={min(1024, hard) if name == 'nofile' else soft}:{hard}"
            for name, (soft, hard) in {
                "nofile": resource.getrlimit(resource.RLIMIT_NOFILE),
                "nproc": resource.getrlimit(resource.RLIMIT_NPROC),
            }.items()
        ]
        name = self.store.buildah("from", "--pull-never", "--network", "host", *limits, self.name)
        try:
            yield name
        finally:
            self.store.buildah("rm", name)


def value_of_compose(text: str) -> str:
    """Return a text of docker-compose.yml with the values that it has without a `.env`."""
    return re.sub(r"(?<!\$)\$\{\w+:?-([^}]*)\}", r"\1", text).replace("$$", "$")
