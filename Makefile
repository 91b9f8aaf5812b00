# Each target makes .venv where it is missing and installs what it needs there.
# PYTHON=python3.12 make demo    chooses another interpreter for a new .venv.
# make demo ONCE=1               a trial of three rehearsals and its report, without the console; so too in CI.

PYTHON ?= python3
VENV := .venv
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test check bench clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST)

demo: $(VENV)/.installed-base ## serve the console on a generated street, until Ctrl-C
	$(VENV)/bin/overt demo $(if $(ONCE)$(filter true 1,$(CI)),--once)

test: $(VENV)/.installed-test ## run the tests with coverage
	scripts/install-system-packages
	scripts/test

check: $(VENV)/.installed-lint ## lint, types, import contracts, generated documents
	scripts/check

bench: $(VENV)/.installed-bench ## compare with other programs, side by side
	benchmarks/install-peers $(VENV)
	$(VENV)/bin/python benchmarks/run_all.py

clean: ## remove .venv and every cache
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage build dist

$(VENV)/bin/python:
	PYTHON="$(PYTHON)" scripts/make-venv $(VENV)

$(VENV)/.installed-base: pyproject.toml | $(VENV)/bin/python
	$(PIP) install --quiet --editable .
	touch $@

$(VENV)/.installed-%: pyproject.toml | $(VENV)/bin/python
	$(PIP) install --quiet --editable '.[$*]'
	touch $@
