# Aftercart: every task of a working day. Needs GNU make and Python 3.11 or newer, nothing else.

PYTHON ?= python3
BIN := .venv/bin
CORE := .venv/.core-installed
DEV := .venv/.dev-installed
BROWSER := .venv/.browser-looked-for
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help install run test check bench soak screenshots format lock clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 12

install: $(CORE) ## Prepare .venv with the pinned run-time dependencies

run: $(CORE) ## Start the demo shop on port 8000 (data stays in ./.aftercart)
	@$(BIN)/aftercart serve --demo

test: $(DEV) $(BROWSER) ## Run the test suite in parallel
	$(BIN)/pytest -n $(WORKERS)

check: $(DEV) ## Everything a machine can judge without running the system
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	$(BIN)/deptry src
	$(BIN)/pytest tests/architecture

bench: $(CORE) ## Measure throughput against the ceiling of the database
	@$(BIN)/aftercart bench

soak: $(DEV) $(BROWSER) ## The long version of the long tests
	AFTERCART_SOAK=1 $(BIN)/pytest -n $(WORKERS)

screenshots: $(DEV) $(BROWSER) ## Take the pictures of the pages anew, into docs/pictures
	$(BIN)/python -m tests.browser.screenshots docs/pictures

format: $(DEV) ## Format the code and apply safe lint fixes
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

lock: ## Pin the newest dependencies (needs uv)
	requirements/lock

clean: ## Remove the virtual environment and caches; the data in ./.aftercart stays
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/pip:  # made last, so that an interrupted installation starts again
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Aftercart needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 install" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "This Python cannot make virtual environments: on Debian or Ubuntu, apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv --clear .venv

$(CORE): requirements/core.txt | $(BIN)/pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/core.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

$(DEV): requirements/dev.txt $(CORE)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/dev.txt
	@touch $@

$(BROWSER): requirements/chromium $(DEV)
	@requirements/chromium
	@touch $@
