# make run, make test: each sets up what it needs, once. Variables: PORT, PYTHON, ARGS (to pytest).

PYTHON ?= python3
PORT ?= 8501
ARGS ?=

BIN := .venv/bin
APP := .venv/.app
DEV := .venv/.dev
EXPORT := .venv/.export

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test test-export mutants fuzz bench bench-sliders pictures lint format clean

run: $(APP)
	$(BIN)/streamlit run app.py --server.port $(PORT)

test: lint
	$(BIN)/python -m tests.browser.chromium
	$(BIN)/pytest --numprocesses auto --maxprocesses 4 --maxschedchunk 4 $(ARGS)

# Keras computes with PyTorch here.
test-export: $(EXPORT)
	KERAS_BACKEND=torch $(BIN)/pytest tests/export -m export $(ARGS)

mutants: $(DEV)
	$(BIN)/python -m tests.mutants $(ARGS)

fuzz: $(DEV)
	$(BIN)/python -m tests.fuzz.reader $(ARGS)
	$(BIN)/python -m tests.fuzz.formula

bench: $(EXPORT)
	$(BIN)/python -m tests.bench.losses $(ARGS)
	$(BIN)/python -m tests.bench.surfaces
	$(BIN)/python -m tests.bench.descent
	$(BIN)/python -m tests.bench.network
	$(BIN)/python -m tests.bench.fits
	$(BIN)/python -m tests.bench.reading
	$(BIN)/python -m tests.bench.judging

bench-sliders: $(DEV)
	$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m tests.bench.slider $(ARGS)
	$(BIN)/python -m tests.bench.player

pictures: $(DEV)
	$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m tests.browser.pictures

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(DEV)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

$(APP): requirements.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Losscope needs Python 3.11 or later; for another one: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	@touch $@

# The pip that comes with Python 3.11 does not know dependency groups yet.
$(DEV): $(APP) pyproject.toml
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --group dev
	@touch $@

$(EXPORT): $(DEV)
	$(BIN)/python -m pip install --quiet --group export
	@touch $@
