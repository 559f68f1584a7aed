# The commands of the project. `make` alone lists them.
# PORT and DATA choose the web port and the data folder of `make demo` and `make run`.

PYTHON ?= python3
DATA ?= data
export PORT DATA

PIP = .venv/bin/python -m pip install --quiet --no-cache-dir --disable-pip-version-check --require-hashes
embedded = .venv/embedded-$(shell cksum < requirements/embedded.txt | cut -d' ' -f1)
dev = .venv/dev-$(shell cksum < requirements/dev.txt | cut -d' ' -f1)
npm = node_modules/installed-$(shell cksum < package-lock.json | cut -d' ' -f1)

# What settings.py insists on, for commands that never serve anybody.
PRETEND = SECRET_KEY=$(shell printf 'pretended-%.0s' 1 2 3 4 5 6 7) \
	KEY_RING=pretended:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
	DATABASE_URL=postgresql://nobody@/nothing?host=/nowhere REDIS_URL=redis://localhost:1/0

.PHONY: help demo run manage test check bench screenshots lighthouse requirements

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 20

demo: $(embedded) ## everything on this machine, with a simulated v0 and a demo team
	@exec .venv/bin/python -m dashboard.stack demo

run: $(embedded) ## everything on this machine, against v0 itself
	@exec .venv/bin/python -m dashboard.stack run

manage: $(embedded) ## manage.py beside demo or run: make manage do="createsuperuser"
	@exec .venv/bin/python -m dashboard.stack manage $(do)

test: $(dev) $(npm) ## the whole test suite
	.venv/bin/python -m pytest -n 2 --dist loadgroup $(only)

check: $(dev) ## linters, types, imports, templates, deploy checks
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	find templates -name '*.html' -exec .venv/bin/djade --check --target-version 5.2 {} +
	$(PRETEND) .venv/bin/mypy
	$(PRETEND) .venv/bin/python manage.py check --deploy --fail-level WARNING

bench: $(dev) $(npm) ## the figures, as ratios
	.venv/bin/python -m pytest tests/bench -m bench -q -s --show-capture=no

screenshots: $(dev) ## every page of the demo, into screenshots/
	@$(PRETEND) DJANGO_SETTINGS_MODULE=dashboard.settings .venv/bin/python -m tests.browser.screenshots

lighthouse: $(dev) $(npm) ## Lighthouse's marks for the chat list
	.venv/bin/python -m tests.browser.lighthouse

# pip-compile keeps what is pinned already; delete a pin, or a file, to take newer versions.
COMPILE = .venv/bin/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
	--no-emit-index-url --no-emit-options --annotation-style=line

requirements: $(dev) ## compile requirements/ again from pyproject.toml
	$(COMPILE) --output-file=requirements/runtime.txt pyproject.toml
	$(COMPILE) --extra=embedded --constraint=requirements/runtime.txt \
		--output-file=requirements/embedded.txt pyproject.toml
	$(COMPILE) --extra=embedded --extra=dev --constraint=requirements/runtime.txt \
		--output-file=requirements/dev.txt pyproject.toml

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; name one with PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "Python's venv module is needed (on Debian: apt-get install python3-venv)." >&2; exit 1; }

# One mark per content of the file: a changed file is installed once, an unchanged one costs nothing.
$(embedded): | .venv/bin/python
	@echo "Installing what requirements/embedded.txt lists, once; this takes a minute."
	@$(PIP) -r requirements/embedded.txt
	@touch $@

$(dev): | .venv/bin/python
	@$(PIP) -r requirements/dev.txt
	@touch $@

# axe-core, Lighthouse and the SDKs of others, which only tests use, come from npm.
$(npm):
	@if command -v npm >/dev/null; then \
		npm ci --silent --no-audit --no-fund --cache .venv/npm-cache && touch $@; \
	else \
		echo "npm is not installed: tests that need packages from it will be skipped." >&2; \
	fi
