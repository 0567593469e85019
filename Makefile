# Every target does the set-up that it needs: Python 3.11 or newer and make are enough.

PYTHON ?= python3
# Of make test: two more than there are cores, since tests wait for processes and pages.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(2 + (os.cpu_count() or 1))')
# With AGAIN=1, as in CI, the few tests that fail are run once more, alone, and told of.
TESTS  := $(if $(AGAIN),scripts.flaky,pytest)
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --no-deps
UV     := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
          --no-emit-index-url --no-annotate --custom-compile-command 'make lock'

# What is installed is told by two stamps, each as old as its lock.
RUN    := $(VENV)/run.stamp
DEV    := $(VENV)/dev.stamp

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install run test check coverage mutants fmt docs screenshots crash bench migrate \
        revision lock

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(DEV) ## install everything into .venv, by the locks

run: $(RUN) ## start Sportello; with no credentials, the playground
	@exec $(BIN)/python -m bot run

# Else each worker compiles all tests anew, and each process that they start the whole program.
check test coverage crash: export PYTHONDONTWRITEBYTECODE :=

test: $(DEV) ## run the tests (one of them: make test ARGS=tests/test_settings.py)
	@$(BIN)/python -m $(TESTS) -n $(WORKERS) --dist worksteal $(ARGS)

check: $(DEV) ## everything but the tests: style, types, imports, schema, the wheel
	@$(BIN)/python -m scripts.check

# A test that fails says so, and hides no figure.
coverage: $(DEV) ## run the tests and print what they do not enter, branches too
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -q -n $(WORKERS) --dist worksteal $(ARGS) || true
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

mutants: $(DEV) ## does a test see each small fault? (in one module: make mutants ARGS=bot/turns/doubt.py)
	@$(BIN)/python -m scripts.mutants $(ARGS)

fmt: $(DEV) ## mend style and format
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

docs: $(DEV) ## write the pages that are made from code, and the cities' names
	@$(BIN)/python -m scripts.settings_page
	@$(BIN)/python -m scripts.commands_page
	@$(BIN)/python -m scripts.roles_page
	@$(BIN)/python -m scripts.fields_page
	@$(BIN)/python -m scripts.tools_page
	@$(BIN)/python -m scripts.cities

screenshots: $(DEV) ## take the pictures of the admins' quickstart, in Chromium
	@$(BIN)/python -m scripts.screenshots

crash: $(DEV) ## kill the real process at every boundary, then all long tests: an hour and a half
	@$(BIN)/python -m tests.crash $(ARGS)
	@$(BIN)/python -m pytest -m long -n $(WORKERS) --dist worksteal

bench: $(DEV) ## measure, beside two minimal bots
	@$(BIN)/python -m bench $(ARGS)

migrate: $(RUN) ## bring the database of DATABASE_URL to the current schema
	@$(BIN)/python -m scripts.schema upgrade

revision: $(DEV) ## write a migration for what changed in db/models/: make revision NAME="..."
	@$(BIN)/python -m scripts.schema revision "$(or $(NAME),$(error say what changed: make revision NAME="add ..."))"

lock: $(DEV) ## renew the locks after a change in pyproject.toml (newer versions: ARGS=--upgrade)
	@$(UV) $(ARGS) pyproject.toml -o requirements/run.txt
	@$(UV) $(ARGS) --group pyproject.toml:dev -c requirements/run.txt -o requirements/dev.txt

# ------------------------------------------------------------------ set-up

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Sportello needs Python 3.11 or newer; name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "This Python cannot make a venv; on Debian: apt install python3-venv" >&2; exit 1; }

$(RUN): requirements/run.txt | $(BIN)/python
	@echo "Installing what Sportello needs to run ..."
	@$(PIP) -r $<
	@touch $@

$(DEV): requirements/dev.txt $(RUN)
	@echo "Installing what its tests and checks need ..."
	@$(PIP) -r $<
	@touch $@
