# syntax=docker/dockerfile:1
# One image for web, worker and beat: the command decides (docker-compose.yml). It runs as a user without rights.

ARG PYTHON=3.13
ARG NODE=22

# --- the browser's files: pinned packages --------------------------------------------------------------------------
FROM node:${NODE}-slim AS browser
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

# --- Python packages, catalogues and static files ------------------------------------------------------------------
FROM python:${PYTHON}-slim AS build
ENV PYTHONDONTWRITEBYTECODE=1
RUN pip install --no-cache-dir uv
WORKDIR /app
RUN uv venv --quiet /app/.venv
COPY requirements/base.txt requirements/base.txt
RUN uv pip sync --no-cache --compile-bytecode --python .venv/bin/python requirements/base.txt
COPY --from=browser /app/node_modules node_modules
COPY . .
RUN set -e; for po in locale/*/LC_MESSAGES/*.po; do \
      .venv/bin/pybabel --quiet compile --input-file "$po" --output-file "${po%.po}.mo" \
        --locale "$(basename "$(dirname "$(dirname "$po")")")"; \
    done; \
    export SECRET_KEY=only-to-collect-files STATIC_ROOT=/app/public; .venv/bin/python -m config.fonts; \
    .venv/bin/python manage.py collectstatic --no-input

# --- what runs -----------------------------------------------------------------------------------------------------
FROM python:${PYTHON}-slim
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /data twinlane \
 && install --directory --owner twinlane --group twinlane --mode 0700 /data
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
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
