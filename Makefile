# make serve   sets everything up and serves the chat over examples/issues, or over ISSUES=dir
# make test    sets up and runs every test       make lint    format, lint and types
# make quick   every test but those that train a network or drive a browser
# make drill-damage, make drill-kill   flip bits of an archive, kill who changes it; DRILL="--flips 20" for fewer
# make setup   only the environment and the model       make bench    figures of docs/evaluation.md

PYTHON ?= python3
ISSUES ?= examples/issues
# The demo keeps an archive of its own, so that invented news never mixes with yours, unless WENBAO_ARCHIVE names yours.
DEMO := $(filter examples/issues,$(ISSUES:/=))
ARCHIVE ?= $(if $(DEMO),archive-demo,archive)
EXAMPLES ?= $(if $(DEMO),examples/questions.jsonl)
# Installed before the rest, so that no other requirement pulls in another build.
TORCH ?= torch==2.13.0

BIN := .venv/bin
# The shell chooses, so that what is in the environment wins, to the letter, whatever make does with a $$ in it.
SETTINGS = WENBAO_ARCHIVE="$${WENBAO_ARCHIVE:-$(ARCHIVE)}" WENBAO_EXAMPLES="$${WENBAO_EXAMPLES-$(EXAMPLES)}"

.PHONY: setup serve test quick lint bench audit clean drill-damage drill-kill

setup: .venv/.model

serve: .venv/.model
	$(SETTINGS) $(BIN)/python -m embeddings sync "$(ISSUES)" || test $$? -eq 1
	$(SETTINGS) $(BIN)/python serve.py

test: .venv/.test
	$(BIN)/python -m pytest $(PYTEST)

quick: .venv/.test
	$(BIN)/python -m pytest -m "not slow" $(PYTEST)

lint: .venv/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.model
	$(BIN)/python -m benchmarks.blend $(DATA)

# Where the database cannot be reached, or tells of something, the versions are listed and the target fails.
audit: .venv/.model
	$(BIN)/python -m pip install --quiet "pip-audit>=2.7,<3"
	$(BIN)/python -m pip_audit --skip-editable || { $(BIN)/python -m pip list; exit 1; }

drill-damage: .venv/.test
	$(BIN)/python -m benchmarks.drills.damage $(DRILL)

drill-kill: .venv/.test
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.drills.kill $(DRILL)

clean:
	rm -rf .venv archive-demo

.venv/.installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet "$(TORCH)"
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/.model: .venv/.installed
	$(BIN)/python -m embeddings setup
	touch $@

.venv/.test: .venv/.model
	$(BIN)/python -m pip install --quiet --editable ".[test,lint]"
	touch $@
