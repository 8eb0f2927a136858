"""Web server: `python -m config.web` takes the same options as `granian`.

It loads the application before granian forks its processes, so they share the memory of the loaded code.
On systems where Python starts processes without forking, each process loads the application itself.
"""

from granian.cli import entrypoint

from config.wsgi import application

__all__ = ["application"]

if __name__ == "__main__":
    entrypoint()  # type: ignore[no-untyped-call]  # granian has no types here
