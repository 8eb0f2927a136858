# Twinlane's commands. `make demo` and `make test` need Python >= 3.12 with venv, make and git, and bring the rest themselves.

.DEFAULT_GOAL := help
SHELL := /bin/sh
# Compiled modules are kept: without them each of the tests' many processes compiles everything again.
unexport PYTHONDONTWRITEBYTECODE
PORT ?= 8000
ARGS ?=
# Tests of one file stay together, because they share what they play. Three processes keep two cores busy: each waits for PostgreSQL at times.
PARALLEL := --numprocesses 3 --dist loadgroup --no-loadscope-reorder

# --- where things are ---------------------------------------------------------------------------------------------
# The first Python that is new enough and can make virtual environments; python3 alone may be an older one.
FIND_PYTHON = for name in python3.13 python3.12 python3.14 python3 /usr/bin/python3 python; do \
  if $$name -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; then echo $$name; exit; fi; done
# uv and Node from the system where it has them, else from packages, into .setup/ inside this checkout.
FIND_UV = for name in uv .setup/uv/bin/uv; do if $$name --version >/dev/null 2>&1; then echo $$name; exit; fi; done
FIND_CHROMIUM = for name in chromium-headless-shell chromium chromium-browser google-chrome; do command -v $$name && exit; done; true
BIN := .venv/bin
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))
EMBEDDED := $(BIN)/python -m config.local_stack
# uv does not read pip's setting.
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif
# Nor do uv and Node trust, as pip does, whom this machine trusts.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export SSL_CERT_FILE ?= /etc/ssl/certs/ca-certificates.crt
export NODE_EXTRA_CA_CERTS ?= /etc/ssl/certs/ca-certificates.crt
endif
# For commands that need settings but neither sign nor send anything.
DRY := SECRET_KEY=for-checks-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF BASE_URL=https://twinlane.example \
  ALLOWED_HOSTS=twinlane.example METRICS_TOKEN=for-checks-only TRUSTED_PROXIES=1 SMTP_HOST=mail.city.ca MAIL_FROM=kit@city.ca

# --- the two commands ---------------------------------------------------------------------------------------------
.PHONY: demo
demo: .venv/demo.stamp node_modules/.built/.stamp $(CATALOGUES) ## run a practice instance: PORT=8000 DATA_DIR=.data
	@PORT=$(PORT) exec $(EMBEDDED) up

.PHONY: demo-reset
demo-reset: .venv/demo.stamp ## drop the practice instance's data
	@$(EMBEDDED) reset

SCOPES ?= read
.PHONY: token
token: .venv/demo.stamp ## make an API token in the demo: FOR=officer@burnaby.example SCOPES=read,write
	@[ -n '$(FOR)' ] || { echo "Say for whom: make token FOR=officer@burnaby.example SCOPES=read,write" >&2; exit 2; }
	@$(EMBEDDED) manage create_token --user '$(FOR)' --scopes '$(SCOPES)'

.PHONY: test
test: setup chromium ## the tests before a commit, on two cores: ARGS=tests/procurement/documents for some, in one process
	@if [ -z "$$($(FIND_CHROMIUM))" ]; then \
	  echo "No Chromium on this machine: the browser tests are left out (-m 'not browser')."; \
	  set -- -m "not browser"; else set --; fi; \
	$(BIN)/python -m pytest "$$@" $(or $(ARGS),$(PARALLEL))

.PHONY: test-all
test-all: setup chromium ## every test at full length: pages in three languages, faults, restores, generated API requests
	LANE=all $(BIN)/python -m pytest $(or $(ARGS),$(PARALLEL))

# --- more tests ---------------------------------------------------------------------------------------------------
.PHONY: faults
faults: setup ## kill, pause and cut off everything, at full length: FIGURES=file collects what was measured
	LANE=all $(BIN)/python -m pytest -m "fault or every_way" $(ARGS)
	LANE=all $(BIN)/python -m pytest tests/rights tests/browser/pages tests/procurement/api/test_generated_requests.py $(ARGS)

.PHONY: bench
bench: setup ## measure against the same work by hand, in a scratch database: ARGS="--sizes 10000 --only needs"
	@$(BIN)/python -m benchmarks $(ARGS)

# The floors of the design: every branch of the domain, 95 % of everything else.
DOMAIN := workflow/**,partners/**,procurement/*/rules.py,procurement/*/rules/*,procurement/*/actions.py,procurement/*/actions/*,procurement/*/models.py,procurement/*/models/*
.PHONY: coverage
coverage: setup ## which branches no test takes; fails below the floors
	LANE=ci $(BIN)/python -m pytest $(PARALLEL) -m "not browser and not fault" --cov --cov-report= $(ARGS)
	$(BIN)/coverage report --skip-covered --show-missing --fail-under 95
	$(BIN)/coverage report --skip-covered --include '$(DOMAIN)' --fail-under 100

.PHONY: mutation
mutation: setup ## small mistakes in the rules of a package that no test finds: ARGS=procurement/orders
	$(BIN)/python -m tests.mutation $(ARGS)

ADVISORIES ?=
.PHONY: audit
audit: .venv/demo.stamp ## compare the locked packages with advisories in the OSV format: ADVISORIES=file, folder or zip
	@[ -n '$(ADVISORIES)' ] || { echo "Name a file, folder or zip of advisories: make audit ADVISORIES=path" >&2; exit 2; }
	@$(BIN)/python -m config.advisory_check '$(ADVISORIES)'

SBOM ?= sbom
.PHONY: sbom
sbom: .venv/dev.stamp node_modules/.stamp ## list the packages that run, in CycloneDX: SBOM=folder, IMAGE=name lists an image's too
	@mkdir -p '$(SBOM)'
	$(BIN)/cyclonedx-py requirements requirements/base.txt --pyproject pyproject.toml --output-reproducible --validate \
	  --output-format JSON --output-file '$(SBOM)/python.json'
	PATH="$(CURDIR)/.setup/node/bin:$$PATH" npm sbom --package-lock-only --omit dev --sbom-format cyclonedx > '$(SBOM)/npm.json'
	@[ '$(origin IMAGE)' = file ] || deploy/image/sbom '$(IMAGE)' $(BIN)/python > '$(SBOM)/image.json'

.PHONY: lint
lint: setup ## style, types, import laws, templates, migrations, deploy checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(DRY) $(BIN)/mypy .
	$(BIN)/lint-imports
	git ls-files -z -- '*.html' | xargs -0 --no-run-if-empty $(BIN)/djade --target-version 6.1 --check
	@folder=$$(mktemp -d) && trap 'rm -rf $$folder' EXIT && \
	  DATA_DIR=$$folder/data $(DRY) $(EMBEDDED) run --unsafe $(MAKE) --no-print-directory lint-django

.PHONY: lint-django
lint-django:
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python manage.py draw_states --check

IMAGE ?= twinlane:local
.PHONY: image
image: ## build the container image without Docker, as root: IMAGE=twinlane:local
	@deploy/image/build '$(IMAGE)'

# --- setting up ---------------------------------------------------------------------------------------------------
.PHONY: setup
setup: .venv/dev.stamp node_modules/.built/.stamp $(CATALOGUES) ## install everything for developing

.setup/uv.stamp:
	@if [ -z "$$($(FIND_UV))" ]; then \
	  python=$$($(FIND_PYTHON)); \
	  [ -n "$$python" ] || { echo "Twinlane needs Python 3.12 or newer, with venv. None was found."; exit 1; }; \
	  echo "Getting uv ..."; $$python -m venv .setup/uv && .setup/uv/bin/pip install --quiet uv; fi
	@mkdir -p .setup && touch $@

.venv/bin/python: | .setup/uv.stamp
	@python=$$($(FIND_PYTHON)); \
	[ -n "$$python" ] || { echo "Twinlane needs Python 3.12 or newer, with venv. None was found."; exit 1; }; \
	uv=$$($(FIND_UV)); $$uv venv --quiet --allow-existing --python "$$(command -v $$python)" .venv

# The packages are compiled as they are installed: where Python may not write its own caches, each process would compile them again.
# One environment for both commands: once the tests' packages are there, the demo keeps them.
.venv/dev.stamp: requirements/dev.txt .venv/bin/python
	@echo "Installing the packages of requirements/dev.txt ..." >&2
	@uv=$$($(FIND_UV)); $$uv pip sync --quiet --compile-bytecode --python $(BIN)/python requirements/dev.txt
	@touch .venv/demo.stamp $@

.venv/demo.stamp: requirements/demo.txt .venv/bin/python
	@wanted=demo; if [ -e .venv/dev.stamp ]; then wanted=dev; fi; \
	echo "Installing the packages of requirements/$$wanted.txt ..." >&2; \
	uv=$$($(FIND_UV)); $$uv pip sync --quiet --compile-bytecode --python $(BIN)/python requirements/$$wanted.txt
	@touch $@

node_modules/.stamp: package-lock.json requirements/node.txt .venv/bin/python
	@if ! npm --version >/dev/null 2>&1; then \
	  echo "Getting Node from its Python package ..."; uv=$$($(FIND_UV)); \
	  $$uv venv --quiet --allow-existing --python $(BIN)/python .setup/node && \
	  $$uv pip sync --quiet --python .setup/node/bin/python requirements/node.txt; \
	  PATH="$(CURDIR)/.setup/node/bin:$$PATH"; export PATH; fi; \
	echo "Installing the packages of package-lock.json ..." >&2; \
	npm ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@

node_modules/.built/.stamp: config/fonts.py static/css/app.css node_modules/.stamp .venv/demo.stamp
	@$(DRY) $(BIN)/python -m config.fonts
	@touch $@

%.mo: %.po .venv/demo.stamp
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@ --locale $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $@)))

.PHONY: chromium
chromium:
	@if [ -z "$$($(FIND_CHROMIUM))" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Chromium and a Chinese font for the browser tests ..."; \
	  export DEBIAN_FRONTEND=noninteractive; apt-get update -qq >/dev/null && \
	  { apt-get install -y -qq --no-install-recommends chromium-headless-shell fonts-noto-cjk || \
	    apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk; } >/dev/null || true; fi

.PHONY: messages
messages: setup ## gather the words to translate into locale/ (needs gettext)
	$(DRY) $(BIN)/python manage.py makemessages --locale fr --locale zh_Hans --no-location --no-obsolete --no-wrap \
	  --ignore 'node_modules/*' --ignore '.*' --ignore 'tests/*' --ignore 'benchmarks/*' --ignore 'requirements/*'
	@sed -i.old '/^"POT-Creation-Date:/d; /^"Report-Msgid-Bugs-To:/d' locale/*/LC_MESSAGES/django.po  # they change, nothing else did
	@rm locale/*/LC_MESSAGES/*.old

COMPILE = $$uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url \
  --no-annotate --no-header $(UPGRADE)
.PHONY: lock
lock: .setup/uv.stamp ## write requirements/ and package-lock.json again: UPGRADE=--upgrade for newer versions
	@uv=$$($(FIND_UV)); case $$uv in .*) uv=../$$uv;; esac; cd requirements && \
	$(COMPILE) ../pyproject.toml --output-file base.txt && \
	$(COMPILE) ../pyproject.toml --extra demo --constraint base.txt --output-file demo.txt && \
	$(COMPILE) ../pyproject.toml --extra demo --group ../pyproject.toml:dev --constraint demo.txt --output-file dev.txt && \
	$(COMPILE) --group ../pyproject.toml:node --output-file node.txt && \
	$(COMPILE) --group ../pyproject.toml:image --constraint demo.txt --output-file image.txt
	npm install --package-lock-only --ignore-scripts --no-audit --no-fund --omit-lockfile-registry-resolved

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14
