# The two commands: `make demo` and `make test`. Both install what they need into .venv, once.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: demo test check format fit page images clean help

help:
	@echo "make demo      start the whole bot with a local playground, no Slack account needed; ARGS=--fresh forgets earlier tickets"
	@echo "make test      run every test"
	@echo "make check     format, lint, types, import contracts, knowledge lint"
	@echo "make fit       fit the word model again after many new variants (needs CORPUS=folder)"
	@echo "make page      write docs/causes.md again after a change of knowledge/"
	@echo "make images    make the pictures of README and docs again (needs Debian's chromium)"
	@echo "make clean     remove .venv and caches"

demo: $(VENV)/.installed
	@$(BIN)/fivefifty demo $(ARGS)

test: $(VENV)/.installed-dev
	@$(BIN)/python -m pytest -n auto

check: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/fivefifty knowledge lint

format: $(VENV)/.installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "fivefifty needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=python3.11" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv is missing: apt-get install python3-venv" >&2; exit 2; }

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing fivefifty into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing fivefifty and its test tools into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/.installed

# The word model and the weights are fitted from the knowledge base and a labelled corpus: make fit CORPUS=../shared/corpus
fit: $(VENV)/.installed-dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[fit]'
	$(BIN)/python benchmarks/fit.py $(CORPUS) --write

# A team's own folder (KNOWLEDGE_DIR) has no place in our docs.
page: $(VENV)/.installed
	@KNOWLEDGE_DIR= $(BIN)/fivefifty knowledge page docs/causes.md

# Screenshots of real answers in the playground, for README and docs. Needs Debian's chromium.
images: $(VENV)/.installed-dev
	$(BIN)/python -m tests.browser.images docs/images

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
