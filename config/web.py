"""The web server: `python -m config.web` takes what `granian` takes, and loads the application once for all of its processes.

granian forks them, so they find it loaded, and share the memory it stands in. Where Python starts processes anew, each loads it.
"""

from granian.cli import entrypoint

from config.wsgi import application

__all__ = ["application"]

if __name__ == "__main__":
    entrypoint()  # type: ignore[no-untyped-call]  # granian has no types here
