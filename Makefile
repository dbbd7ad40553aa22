# make run   start everything on http://127.0.0.1:8000   (PORT=… for another port)
# make test  the test suite, but the long walks            (ARGS="…" goes to pytest)
# make walks the long walks: every address and every button as everybody, the demo and its guided walk (ARGS as for test)
# make axe   every page as everybody by axe in all widths and colours, and what the accessibility statement says of it (ARGS as for test)
# make coverage  the test suite with the lines and branches that it passes, and the floor under them
# make faults  what is broken on purpose (ARGS="--seed N --repeat N")
# make fuzz  bad input over every address as everybody (ARGS="--requests N --seed N")
# make check style, types, templates, import directions, migrations, production settings
# make fmt   put the style right
# make bench-matching  speed and exactness of matching, one JSON object per line
# make bench-dates     every date rule against an independent count, a million cases each
# make bench-audit     what the chain of the log costs whoever logs (ARGS="--seconds N --rounds N")
# make bench-readings  what knowing who looked costs with ten thousand and ten million readings (ARGS="--sizes N N --rounds N")
# make bench-pages     what pages cost with a thousand and a hundred thousand cases (ARGS="--sizes N N --rounds N --only NAME")
# make bench-start     seconds to the first page, the whole demo and a later start, in a clone of its own
# make sbom  what the product is made of, as CycloneDX in build/
# make lock  renew the locked requirements

SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
# What the environment was made with; for a new one the quickest on this machine, looked for once.
PYTHON ?= $(eval PYTHON := $(if $(wildcard $(VENV)/.stamp-venv),$(BIN)/python,$(shell sh requirements/python.sh)))$(PYTHON)
UV := $(BIN)/uv pip
export DJANGO_SETTINGS_MODULE := topjob.settings
# Whatever the machine's language is, our files and sentences are UTF-8.
export PYTHONUTF8 := 1
# Compiled Python may stay on disk: every process of the product starts in less than half the time.
unexport PYTHONDONTWRITEBYTECODE
# uv reads its own variables; a mirror that was set up for pip serves as well.
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)

.PHONY: help python setup setup-dev installed installed-dev run test coverage walks axe faults fuzz bench-matching bench-dates bench-audit bench-readings bench-pages bench-start check fmt sbom lock clean
.DELETE_ON_ERROR:

help:
	@sed -n 's/^# make/  make/p' Makefile

python:
	@test -n "$(PYTHON)" || { echo "Top Job heeft Python 3.11, 3.12 of 3.13 nodig; gevonden: $$(python3 --version 2>&1 || echo geen)."; exit 1; }

$(VENV)/.stamp-venv: | python
	@$(PYTHON) -m venv $(VENV) || { echo "Kan geen omgeving maken. Op Debian/Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@touch $@

$(VENV)/.stamp-base: $(VENV)/.stamp-venv requirements/base.txt
	@echo "Bibliotheken installeren …"
	@$(UV) install --quiet --require-hashes -r requirements/base.txt
	@touch $@

$(VENV)/.stamp-dev: $(VENV)/.stamp-base requirements/dev.txt
	@echo "Testgereedschap installeren …"
	@$(UV) install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

# The stylesheet and the fonts. Without npm on the machine, node comes from PyPI.
$(VENV)/.stamp-frontend: $(VENV)/.stamp-base package.json package-lock.json requirements/node.txt $(wildcard frontend/*)
	@echo "Stijlblad en lettertype maken …"
	@command -v npm >/dev/null || $(UV) install --quiet --require-hashes -r requirements/node.txt
	@export PATH="$$PATH:$$PWD/$(BIN)" && npm ci --ignore-scripts --omit=optional --silent && node frontend/build.mjs
	@$(BIN)/python frontend/fonts.py
	@touch $@

$(VENV)/.stamp-pango: $(VENV)/.stamp-base requirements/system.sh
	@bash requirements/system.sh pango
	@touch $@

# First what is in the way is said, before anything is installed; then one at a time installs here.
setup: python
	@$(PYTHON) topjob/ready.py $(SERVING) $(MAKE) --no-print-directory installed
setup-dev: python
	@$(PYTHON) topjob/ready.py $(MAKE) --no-print-directory installed-dev
installed: $(VENV)/.stamp-base $(VENV)/.stamp-frontend $(VENV)/.stamp-pango
installed-dev: installed $(VENV)/.stamp-dev

run: SERVING := --serving
run: setup
	@TOPJOB_DB_ROLE=owner TOPJOB_COLLECTED_STATIC=1 exec $(BIN)/python -m topjob.devserver

SIDE_BY_SIDE := -n auto --dist loadfile --no-loadscope-reorder
test: setup-dev
	@$(BIN)/pytest $(or $(ARGS),-m "not walk" $(SIDE_BY_SIDE))

# The tests themselves aren't counted, so that it can't mark them (two warnings) is no loss.
# Counted first and held against the floor after: in one go the tool would forget what the processes side by side counted.
COUNTED := build/coverage.json
FLOOR := 95
coverage: setup-dev
	@mkdir -p build
	@$(BIN)/python -m slipcover --dont-wrap-pytest --json --out $(COUNTED) -m pytest \
		-W "ignore::pytest.PytestAssertRewriteWarning" -W "ignore:Unable to activate pytest branch coverage" -m "not walk" $(SIDE_BY_SIDE) $(ARGS)
	@$(BIN)/python -m slipcover --fail-under $(FLOOR) --merge $(COUNTED) --out $(COUNTED)

walks: setup-dev
	@$(BIN)/pytest $(or $(ARGS),-m walk $(SIDE_BY_SIDE))

axe: setup-dev
	@AXE_ALL=1 $(BIN)/pytest tests/look/test_axe.py $(ARGS)

faults: setup-dev
	@$(BIN)/python -m pytest -p tests.faults.plugin -p no:randomly tests/faults $(ARGS)

fuzz: setup-dev
	@$(BIN)/python -m tests.fuzz $(ARGS)

bench-matching: setup-dev
	@$(BIN)/python benchmarks/matching.py

bench-dates: setup-dev
	@$(BIN)/python benchmarks/dates.py $(ARGS)

bench-audit: setup-dev
	@$(BIN)/python benchmarks/audit.py $(ARGS)

bench-readings: setup-dev
	@$(BIN)/python benchmarks/readings.py $(ARGS)

bench-pages: setup-dev
	@$(BIN)/python benchmarks/pages.py $(ARGS)

bench-start: setup-dev
	@$(BIN)/python benchmarks/start.py

check: setup-dev
	@bash .ci/check

fmt: setup-dev
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

sbom: setup-dev
	@$(BIN)/cyclonedx-py requirements requirements/base.txt --pyproject pyproject.toml --output-reproducible -o build/sbom-python.json
	@PATH="$$PATH:$$PWD/$(BIN)" npm sbom --package-lock-only --sbom-format cyclonedx > build/sbom-frontend.json
	@echo "build/sbom-python.json, build/sbom-frontend.json"

lock: $(VENV)/.stamp-venv
	@for name in base dev node; do \
		$(UV) compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
			$(ARGS) requirements/$$name.in -o requirements/$$name.txt || exit 1; done

clean:
	rm -rf $(VENV) node_modules build
