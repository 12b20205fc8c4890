# 芯闻库: every target works from a fresh clone with Python 3.11 and git.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARTICLES ?= 10000
# Folders of the tests in memory, where there is enough: databases and indexes wait for the disk after each commit.
IN_MEMORY = $(shell [ "$$(df -k --output=avail /dev/shm 2>/dev/null | tail -n 1)" -gt 4000000 ] 2>/dev/null && echo TMPDIR=/dev/shm)
# Files in their order: a process goes from one file of a folder to the next, and keeps the browser and the sites that they share.
PYTEST = env $(IN_MEMORY) $(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder --durations 20
# Tests start processes by the hundred: what has not changed is compiled once.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help install install-dev run test test-again test-fast test-postgres test-operations test-nightly test-jieba test-faults replay check audit sbom dependencies format lock messages screenshots bench bench-pages bench-desk bench-phone bench-build bench-opensearch bench-sizes opensearch cluster test-cluster bench-growth bench-relevance clean

help: ## Lists the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: install ## Sets everything up and serves on http://127.0.0.1:8000 (PORT=… to change)
	@$(BIN)/python manage.py set_up
	@exec $(BIN)/python -m config.serve

install: $(VENV)/.installed ## Installs what the site needs into .venv

install-dev: $(VENV)/.installed-dev ## Installs what developing needs on top

test: install-dev ## Runs all tests but the nightly and the cluster's, the browser's too (installs a Chromium where apt may)
	@tests/browser/install-chromium
	@$(PYTEST) -m "not nightly and not cluster"

test-again: install-dev ## Runs the tests that failed in the last run once more, one after the other
	@$(BIN)/python -m pytest --last-failed --last-failed-no-failures none

test-fast: install-dev ## Runs the tests that need no browser and start no servers
	@$(PYTEST) -m "not browser and not server and not slow and not nightly and not cluster"

test-postgres: install-dev ## Runs what PostgreSQL could do otherwise, on one of its own (installs it where apt may)
	@$(BIN)/python -m tests.cluster.postgres $(PYTEST) -m "not browser and not slow and not nightly and not cluster" tests/cluster tests/worker \
		tests/use_cases tests/members tests/archive/test_importing.py tests/archive/test_conflicts.py tests/archive/test_versions.py \
		tests/archive/test_publishing.py tests/archive/test_undo.py tests/archive/test_basket.py tests/desk/test_storing.py tests/desk/batches \
		tests/glossary/test_current.py tests/glossary/test_mentions.py tests/search/test_outbox.py tests/search/test_sync.py \
		tests/search/test_check_index.py tests/search/test_upkeep.py tests/search/test_set_aside.py tests/insight/test_log.py

test-operations: install-dev ## Does docs/operations.md as it is written, on a clean machine of its own (root, nginx, PostgreSQL)
	@$(BIN)/python -m pytest tests/operations --durations 5

test-nightly: install-dev ## Runs what takes long, properties with new examples, then test-faults
	@tests/browser/install-chromium
	@$(PYTEST) -m nightly
	@XWK_SCHEMATHESIS=500 XWK_FUZZ=3000 $(PYTEST) $$(grep -rl "^from hypothesis" tests --include="test_*.py")
	@$(BIN)/python -m tests.faults $(OPTIONS)

test-cluster: install-dev ## Kills every part of a site on several hosts under load (OPTIONS="--seconds 600 --judge"), then tests on real servers
	@$(BIN)/python -m tests.cluster $(OPTIONS)
	@$(BIN)/python -m pytest -m "cluster and not nightly" --durations 20

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
	@$(BIN)/djlint templates --check --lint
	@$(BIN)/hadolint Containerfile
	@$(BIN)/lint-imports
	@DATABASE_URL=sqlite://:memory: $(BIN)/python manage.py makemigrations --check --dry-run -v 0
	@SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(50))") HTTPS=1 ALLOWED_HOSTS=example.org \
		$(BIN)/python manage.py check --deploy --fail-level WARNING
	@$(BIN)/python -m tests.supply.migrations
	@$(BIN)/python -m tests.supply.audit

audit: install-dev ## Asks whether what is pinned has known holes (OPTIONS="--vulnerability-service osv")
	@$(BIN)/python -m tests.supply.audit $(OPTIONS)

sbom: install-dev ## Writes build/sbom.json: what the site is made of, as CycloneDX
	@mkdir -p build
	@$(BIN)/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml --output-reproducible --output-file build/sbom.json
	@echo "Wrote build/sbom.json."

dependencies: $(VENV)/.installed-bench install-dev ## Writes docs/dependencies.md: licences, reasons, last releases
	@$(BIN)/python -m tests.supply.dependencies

format: install-dev ## Formats code and templates
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .
	@$(BIN)/djlint templates --reformat --quiet || true

messages: install-dev ## Compiles locale/, what Django's admin says in our words
	@$(BIN)/pybabel compile --directory locale --domain "django djangojs" --locale zh_Hans

screenshots: install-dev ## Takes the pictures of the docs (needs Chromium and poppler-utils)
	@$(BIN)/python -m tests.browser.screenshots

bench-relevance: install ## Judged queries on ours and on the stock stack (OPTIONS=--failures lists ours' misses)
	@$(BIN)/python -m benchmarks.relevance $(OPTIONS)

bench: $(VENV)/.installed-bench ## Measures the search beside other engines (ARTICLES=1000, OPTIONS=--help)
	@$(BIN)/python -m benchmarks.speed --articles $(ARTICLES) $(OPTIONS)

bench-pages: install ## Measures whole pages beside the floor of the same server (ARTICLES=10000, OPTIONS=--help)
	@$(BIN)/python -m benchmarks.pages $(if $(filter command line,$(origin ARTICLES)),--articles $(ARTICLES)) $(OPTIONS)

bench-desk: install ## Measures what editors wait for at the desk, beside 10,000 articles (ARTICLES=1000, OPTIONS=--help)
	@$(BIN)/python -m benchmarks.desk --articles $(ARTICLES) $(OPTIONS)

bench-phone: install-dev ## Measures members' pages in Chromium over a slow connection (OPTIONS=--help)
	@$(BIN)/python -m benchmarks.phone $(OPTIONS)

cluster: install-dev ## Runs a site on several hosts for looking at: OpenSearch, PostgreSQL, Redis, S3, nginx; prints the addresses
	@$(BIN)/python -m tests.cluster.show

opensearch: install-dev ## Runs a real OpenSearch of one node for looking at, and prints its SEARCH_URL (OPTIONS="--nodes 3")
	@$(BIN)/python -m tests.cluster.opensearch $(OPTIONS)

bench-opensearch: $(VENV)/.installed-bench install-dev ## Measures OpenSearch beside Whoosh (OPTIONS="--articles 2000")
	@$(BIN)/python -m benchmarks.opensearch $(OPTIONS)

bench-sizes: $(VENV)/.installed-bench install-dev ## What grows with the archive, on each engine (OPTIONS="--engine whoosh --articles 1000 10000")
	@$(BIN)/python -m benchmarks.sizes $(OPTIONS)

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
