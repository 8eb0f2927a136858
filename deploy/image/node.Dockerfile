# Node and npm from the locked Python package, for the first stage of the Dockerfile: Debian's npm needs 400 packages.
ARG PYTHON_IMAGE
FROM ${PYTHON_IMAGE}
COPY node.txt /opt/node.txt
RUN --mount=type=secret,id=registries --mount=type=secret,id=certificates \
    if [ -e /run/secrets/registries ]; then . /run/secrets/registries; fi; \
    python3 -m venv /opt/node && /opt/node/bin/pip install --quiet --no-cache-dir --require-hashes --requirement /opt/node.txt
ENV PATH=/opt/node/bin:$PATH
