# Rung. `make help` lists what there is. Needs make and Python 3.11 or later with venv, nothing else.

VENV ?= .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed
# The newest that every locked package has a wheel for comes first; a newer one is tried when there is no other.
PYTHONS := python3.14 python3.13 python3.12 python3.11 python3 python
LOCK = $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --extra dev \
	--custom-compile-command "make lock" --python $(PY) pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help install run test lint check bench lock lock-check clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

install: $(STAMP) ## Set everything up in .venv; quick when nothing changed

run: install ## Start Rung: Redis, web, scheduler, worker; Ctrl-C stops it
	@exec $(VENV)/bin/rung up

# Those that start many processes come after the others, and those that count how late something is by themselves.
LARGE := tests/acceptance tests/browser tests/commands/test_up.py tests/test_nothing_grows.py
ALONE := tests/chaos

test: install ## Run the tests
	$(PY) -m pytest -n auto --dist loadfile $(patsubst %,--ignore=%,$(LARGE) $(ALONE))
	$(PY) -m pytest -n 2 --dist loadfile $(LARGE)
	$(PY) -m pytest $(ALONE)

lint: install ## Check style (ruff) and types (mypy)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

check: lint lock-check test ## Everything that CI checks

bench: install ## Measure Rung against the goals
	$(PY) -m benchmarks --write

lock: install ## Take the newest versions of all packages into requirements.lock
	$(LOCK) --upgrade --output-file requirements.lock

lock-check: install ## Say whether requirements.lock is current for pyproject.toml
	@cp requirements.lock $(VENV)/requirements.lock
	@$(LOCK) --output-file $(VENV)/requirements.lock >/dev/null
	@cmp -s requirements.lock $(VENV)/requirements.lock || { \
		diff requirements.lock $(VENV)/requirements.lock; \
		echo "requirements.lock does not belong to pyproject.toml any more: run make lock" >&2; exit 1; }

clean: ## Remove .venv and what tools leave; data/ stays
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A Python is good when it is new enough and can make a venv with pip. One that PYTHON= names must be.
$(PY):
	@set -e; for each in $(if $(PYTHON),"$(PYTHON)",$(PYTHONS)); do \
		if "$$each" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
			echo "Making $(VENV) with $$("$$each" --version)"; "$$each" -m venv --clear "$(VENV)"; exit 0; \
		fi; \
	done; \
	echo "Rung needs Python 3.11 or later with its venv module; looked for: $(or $(PYTHON),$(PYTHONS))." >&2; \
	echo "Install it (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python)," >&2; \
	echo "or name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; exit 1

$(STAMP): $(PY) requirements.lock pyproject.toml
	@echo "Installing what requirements.lock names"
	@$(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(PY) -m pip install -qq --disable-pip-version-check --no-index --no-deps --no-build-isolation -e .
	@touch $@
