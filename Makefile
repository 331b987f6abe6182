# Two commands do all the set-up: `make run` (the demo) and `make test`.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test lint check format bench clean

run: .venv/ready  ## the whole job on the bundled sample bureaus
	$(BIN)/bureauwatch demo

test: .venv/ready  ## lint, types and all tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2 --dist loadfile

lint: .venv/ready
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

format: .venv/ready
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
