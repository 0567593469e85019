# Every target does the set-up that it needs: Python 3.11 or newer and make are enough.

PYTHON ?= python3
# Of make test: one more than there are cores, since some tests wait for processes.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(1 + (os.cpu_count() or 1))')
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --no-deps
UV     := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
          --no-emit-index-url --no-annotate --custom-compile-command 'make lock'

# What is installed is told by two stamps, each as old as its lock.
RUN    := $(VENV)/run.stamp
DEV    := $(VENV)/dev.stamp

title   = @printf '\n== %s\n' "$(1)"

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install run test check fmt docs screenshots crash bench migrate revision lock

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(DEV) ## install everything into .venv, by the locks

run: $(RUN) ## start Sportello; with no credentials, the playground
	@exec $(BIN)/python -m bot run

# Else each worker compiles all tests anew, and each process that they start the whole program.
test crash: export PYTHONDONTWRITEBYTECODE :=

test: $(DEV) ## run the tests (one of them: make test ARGS=tests/test_settings.py)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

check: $(DEV) ## everything but the tests: style, types, imports, schema, the wheel
	$(call title,ruff: style)
	@$(BIN)/ruff check --quiet .
	$(call title,ruff: format (make fmt mends it))
	@$(BIN)/ruff format --check .
	$(call title,codespell: spelling)
	@$(BIN)/codespell
	$(call title,import-linter: who may import whom)
	@$(BIN)/lint-imports --no-logo
	$(call title,deptry: what is imported is what is declared)
	@$(BIN)/deptry .
	$(call title,mypy: types)
	@$(BIN)/mypy
	$(call title,alembic: the migrations lead to the tables)
	@$(BIN)/python -m scripts.schema check
	$(call title,the wheel: holds what it should and runs by itself)
	@$(BIN)/python -m scripts.wheel

fmt: $(DEV) ## mend style and format
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

docs: $(DEV) ## write the pages that are made from code
	@$(BIN)/python -m scripts.settings_page
	@$(BIN)/python -m scripts.commands_page
	@$(BIN)/python -m scripts.roles_page
	@$(BIN)/python -m scripts.fields_page

screenshots: $(DEV) ## take the pictures of the admins' quickstart, in Chromium
	@$(BIN)/python -m scripts.screenshots

crash: $(DEV) ## kill the real process at every boundary, for minutes
	@$(BIN)/python -m tests.crash $(ARGS)
	@$(BIN)/python -m pytest -m long tests/crash
	@$(BIN)/python -m pytest -m long -n $(WORKERS) --dist worksteal tests/scenarios

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
