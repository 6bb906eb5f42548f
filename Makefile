# `make` prints what can be done. Everything sets up what it needs: a virtual environment in .venv, nothing outside this folder.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
JOBS ?= auto

##@ Use

.PHONY: run
run: .venv/.run ## Start everything; http://127.0.0.1:8000/app/
	@exec $(BIN)/python wsgi.py

.PHONY: demo
demo: .venv/.run ## Load the demo shop, also while the server runs
	@$(BIN)/python manage.py demo

.PHONY: status
status: .venv/.run ## Say what runs and answers
	@$(BIN)/python manage.py status

##@ Check

.PHONY: test
test: .venv/.dev browser ## Run the tests, as CI does
	$(BIN)/python -m pytest -q -n $(JOBS) --maxprocesses 4 --dist loadfile -m "not slow"

.PHONY: test-all
test-all: .venv/.dev browser ## Run the long tests too: crash runs, fuzzing
	$(BIN)/python -m pytest -q -n $(JOBS) --maxprocesses 4 --dist loadfile -m ""

.PHONY: lint
lint: .venv/.dev ## Check style, format and the import rule
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	PYTHONPATH=. $(BIN)/lint-imports

.PHONY: format
format: .venv/.dev ## Mend style and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: bench
bench: .venv/.dev ## Run the benchmarks that README quotes
	@$(BIN)/python manage.py bench

##@ Keep

.PHONY: lock
lock: ## Renew the pins of the requirements with the newest versions
	$(PYTHON) .ci/lock.py

.PHONY: clean
clean: ## Remove .venv and caches; the data in .ecap stays
	rm -rf .venv .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help: ## Print this
	@awk 'BEGIN { FS = ":.*## " } /^##@/ { printf "\n%s\n", substr($$0, 5) } /^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Browser tests are skipped, with the reason, where there is no Chromium and we may not install one.
.PHONY: browser
browser:
	@if ! command -v chromium chromium-browser google-chrome >/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		(apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium) >/dev/null \
		|| echo "Chromium could not be installed; browser tests are skipped."; \
	fi

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; set PYTHON=…") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv

.venv/.run: requirements.txt | .venv/bin/python
	$(BIN)/pip install -q --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/.dev: requirements.txt requirements-dev.txt | .venv/bin/python
	$(BIN)/pip install -q --disable-pip-version-check -r requirements-dev.txt
	@touch .venv/.run $@
