BIN := .venv/bin
PYTHON ?= python3
UV ?= uv
PORT ?= 8000
WORKERS ?= auto
export PYTHON PORT

RUN_PACKAGES := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation2 fonts-dejavu-core
TEST_PACKAGES := $(RUN_PACKAGES) chromium libatomic1 poppler-utils qpdf dovecot-imapd
BENCH_PACKAGES := $(RUN_PACKAGES) chromium postfix
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard hub/translations/*/LC_MESSAGES/messages.po))

.PHONY: help setup run test check bench lock translations migration clean

help:
	@echo "make run           serve the demo hub on http://127.0.0.1:$(PORT)"
	@echo "make setup         install everything for development into .venv"
	@echo "make test          every test, PostgreSQL and browser included"
	@echo "make check         lint, types, floors, templates, translations, migrations"
	@echo "make bench         how fast the hub is on this machine"
	@echo "make translations  bring the catalogues up to date with the code"
	@echo "make migration     write a migration for what changed in the models: MESSAGE='…'"
	@echo "make lock          choose the newest allowed versions again"
	@echo "make clean         remove everything that was made"

setup: .venv/.development $(CATALOGUES)

run: .venv/.runtime $(CATALOGUES)
	@.ci/packages $(RUN_PACKAGES)
	HUB_DEMO=1 $(BIN)/hub demo run

test: setup
	@.ci/packages $(TEST_PACKAGES)
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup $(ARGS)

check: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/deptry .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/pytest -q tests/test_translations.py tests/test_migrations.py

bench: setup
	@.ci/packages $(BENCH_PACKAGES)
	$(BIN)/hub bench mail
	$(BIN)/hub bench letters
	$(BIN)/hub bench sweep

lock:
	$(UV) pip compile $(LOCK_OPTIONS) --group build -o requirements.lock pyproject.toml
	$(UV) pip compile $(LOCK_OPTIONS) --group build --group test --group check -c requirements.lock -o requirements-dev.lock pyproject.toml

LOCK_OPTIONS := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra demo

translations: setup
	@mkdir -p build
	$(BIN)/pybabel -q extract -F pyproject.toml -k _l -k _n:1,2 -k lazy_ngettext:1,2 --no-location --sort-output --omit-header -o build/messages.pot .
	$(BIN)/pybabel -q update -i build/messages.pot -d hub/translations --width 120 --no-fuzzy-matching --ignore-obsolete
	@sed -i -E '/^"(Project-Id|Report-Msgid|POT-Creation|PO-Revision|Last-Trans|Language-Team|Generated-By)/d' hub/translations/*/LC_MESSAGES/messages.po
	$(MAKE) $(CATALOGUES)

migration: setup
	@.ci/migration "$(MESSAGE)"

clean:
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache *.egg-info $(CATALOGUES)

.venv/.runtime: requirements.lock pyproject.toml
	.ci/install requirements.lock
	@touch $@

.venv/.development: requirements-dev.lock pyproject.toml
	.ci/install requirements-dev.lock
	@touch .venv/.runtime $@

%.mo: %.po | .venv/.runtime
	$(BIN)/pybabel -q compile -i $< -o $@
