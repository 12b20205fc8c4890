# 芯闻库: every target works from a fresh clone with Python 3.11 and git.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARTICLES ?= 10000
PYTEST := $(BIN)/python -m pytest --numprocesses auto --dist loadfile --durations 20
.DEFAULT_GOAL := help
.PHONY: help install install-dev run test test-fast test-nightly test-jieba test-faults replay check format lock screenshots bench bench-build bench-growth bench-relevance clean

help: ## Lists the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: install ## Sets everything up and serves on http://127.0.0.1:8000 (PORT=… to change)
	@$(BIN)/python manage.py set_up
	@exec $(BIN)/python -m config.serve

install: $(VENV)/.installed ## Installs what the site needs into .venv

install-dev: $(VENV)/.installed-dev ## Installs what developing needs on top

test: install-dev ## Runs all tests but the nightly ones, the browser's too (installs Chromium where apt may)
	@tests/browser/install-chromium
	@$(PYTEST) -m "not nightly"

test-fast: install-dev ## Runs the tests that need no browser and start no servers
	@$(PYTEST) -m "not browser and not server and not slow and not nightly"

test-nightly: install-dev ## Runs what takes long: the stock stack, all pictures, the API's fuzzing, then test-faults
	@tests/browser/install-chromium
	@$(PYTEST) -m nightly
	@XWK_SCHEMATHESIS=500 XWK_FUZZ=3000 $(PYTEST) tests/test_api_description.py tests/search/test_fuzz.py
	@$(BIN)/python -m tests.faults $(OPTIONS)

test-jieba: install-dev ## Runs the tests of text with jieba itself in place of rjieba
	@XWK_CUTTER=jieba $(BIN)/python -m pytest tests/search/test_analysis.py tests/search/test_quantities.py tests/search/test_trade_words.py tests/search/test_golden_queries.py tests/search/test_guarantee.py

test-faults: install-dev ## Kills, load, full disks, damaged files, with full counts (OPTIONS="kills --small", OPTIONS=--help)
	@$(BIN)/python -m tests.faults $(OPTIONS)

replay: install-dev ## Compares what the site answers with what was recorded (OPTIONS=--help)
	@$(BIN)/python -m tests.replay compare $(OPTIONS)

check: install-dev ## Lint, types, templates, import rules, migrations, deployment settings
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy .
	@$(BIN)/djlint templates --check --lint --quiet
	@$(BIN)/lint-imports
	@DATABASE_URL=sqlite://:memory: $(BIN)/python manage.py makemigrations --check --dry-run -v 0
	@SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(50))") HTTPS=1 ALLOWED_HOSTS=example.org \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

format: install-dev ## Formats code and templates
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .
	@$(BIN)/djlint templates --reformat --quiet || true

screenshots: install-dev ## Takes the pictures of the docs (needs Chromium and poppler-utils)
	@$(BIN)/python -m tests.browser.screenshots

bench-relevance: install ## Judged queries on ours and on the stock stack (OPTIONS=--failures lists ours' misses)
	@$(BIN)/python -m benchmarks.relevance $(OPTIONS)

bench: $(VENV)/.installed-bench ## Measures the search beside other engines (ARTICLES=1000, OPTIONS=--help)
	@$(BIN)/python -m benchmarks.speed --articles $(ARTICLES) $(OPTIONS)

bench-build: $(VENV)/.installed-bench ## Measures building the index alone (ARTICLES=2000, OPTIONS=--without-stock)
	@$(BIN)/python -m benchmarks.build --articles $(ARTICLES) $(OPTIONS)

bench-growth: $(VENV)/.installed-bench ## The same at 1,000, 10,000 and 100,000 articles, without the slow stock engine
	@$(BIN)/python -m benchmarks.speed --articles 1000 10000 100000 --without-stock $(OPTIONS)

lock: install-dev ## Pins the newest versions that requirements*.in allow
	@$(BIN)/pip-compile --quiet --upgrade $(LOCK_OPTIONS) --output-file requirements.txt requirements.in
	@$(BIN)/pip-compile --quiet --upgrade $(LOCK_OPTIONS) --output-file requirements-dev.txt requirements-dev.in
	@$(BIN)/pip-compile --quiet --upgrade $(LOCK_OPTIONS) --output-file requirements-bench.txt requirements-bench.in

LOCK_OPTIONS := --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

clean: ## Removes .venv and caches; the archive in var/ stays
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/.installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "芯闻库 needs Python 3.11 or later: make PYTHON=python3.11 …")'
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@echo "Installing what requirements.txt lists …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	@echo "Installing what requirements-dev.txt lists …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed requirements-bench.txt
	@echo "Installing what requirements-bench.txt lists …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	@touch $@
