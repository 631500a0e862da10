# Every target sets up what it needs and leaves alone what is there already.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PYTHON_VENV := .venv/bin/python
PORT ?= 8000

.PHONY: run test test-alles check bench vendor help

run: ## Zet alles klaar en start de kernenkaart (PORT=8000)
	@scripts/installeer run
	@exec $(PYTHON_VENV) -m kernenkaart.serve --port '$(PORT)'

test: ## De tests, zonder de lange (ook in de browser)
	@scripts/installeer test
	@$(PYTHON_VENV) -m pytest -n 2 --dist worksteal -m 'not volledig'

test-alles: ## Alle tests, ook de lange met volle aantallen
	@scripts/installeer test
	@$(PYTHON_VENV) -m pytest -n 2 --dist worksteal

check: ## Stijl, typen, verdiepingen en sjablonen
	@scripts/installeer check
	$(PYTHON_VENV) -m ruff check .
	$(PYTHON_VENV) -m ruff format --check .
	$(PYTHON_VENV) -m mypy
	.venv/bin/lint-imports
	$(PYTHON_VENV) -m djlint --lint --quiet templates

bench: ## De metingen van docs/metingen.md (alleen de kleine gegevens: BENCH='--maat S')
	@scripts/installeer bench
	@$(PYTHON_VENV) -m tests.bench $(BENCH)

vendor: ## Haal de bestanden van static/vendor opnieuw op (met Node)
	@python3 scripts/vendor.py

help: ## Deze lijst
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
