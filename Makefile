# Everything a person or a machine does with this project. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
DEMO_DB := sqlite:///$(CURDIR)/data/demo.sqlite3

.DEFAULT_GOAL := help

.PHONY: help
help: ## List every target
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The stamps make a second run quick: they are older than nothing until a requirements file changes.
$(VENV)/.installed: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

.PHONY: demo
demo: $(VENV)/.installed ## Set up, load the fictional authority and serve it on http://127.0.0.1:8000
	mkdir -p data
	DATABASE_URL=$${DATABASE_URL:-$(DEMO_DB)} $(BIN)/python manage.py migrate --verbosity 0
	DATABASE_URL=$${DATABASE_URL:-$(DEMO_DB)} $(BIN)/python manage.py demo
	@echo "Open http://127.0.0.1:$(PORT) and sign in. Stop with Ctrl-C."
	DATABASE_URL=$${DATABASE_URL:-$(DEMO_DB)} $(BIN)/python manage.py runserver --noreload 127.0.0.1:$(PORT)

.PHONY: test
test: $(VENV)/.installed-dev ## Set up and run all tests with branch coverage (ARGS=... for pytest)
	$(BIN)/python -m pytest --cov --cov-report=term --cov-report=html:build/coverage $(ARGS)

.PHONY: lint
lint: $(VENV)/.installed-dev ## Lint, format, layers, types and migrations, without changing anything
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/bandit --quiet --recursive pace_site children milestones aims improvement manage.py
	$(BIN)/pip check
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check

.PHONY: check
check: lint docs test ## Everything that must pass before a change lands, on the database of DATABASE_URL

.PHONY: format
format: $(VENV)/.installed-dev ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: roles
roles: $(VENV)/.installed ## Write docs/governance/roles.md, the matrix of roles and permissions, from the code
	$(BIN)/python manage.py permissions_matrix --out docs/governance/roles.md

.PHONY: reference
reference: $(VENV)/.installed roles ## Write the pages of docs/ that are made from the code: aims, tables, rules, kinds, decisions
	$(BIN)/python manage.py write_reference

.PHONY: docs
docs: $(VENV)/.installed-dev ## Build the pages of docs/ as a site in build/site; a warning fails
	$(BIN)/zensical build --clean --strict

.PHONY: screenshots
screenshots: $(VENV)/.installed-dev ## Take the pictures of the guides anew (docs/pictures)
	TAKE_PICTURES=yes $(BIN)/python -m pytest tests/browser/test_pictures.py -q

.PHONY: bench
bench: $(VENV)/.installed-dev ## Measure every main page, from 300 children to a nation, in 25 minutes (see docs/performance.md)
	$(BIN)/python -m tests.bench

.PHONY: bench-keep
bench-keep: $(VENV)/.installed-dev ## Write down anew what pages take, where they are meant to take more (see docs/performance.md)
	$(BIN)/python -m pytest tests/bench/test_kept.py --keep

.PHONY: reliability
reliability: $(VENV)/.installed-dev ## Kill the server and imports 50 times on each database (see docs/reliability.md)
	mkdir -p build
	rm -f build/reliability.sqlite3*
	DATABASE_URL=sqlite:///$(CURDIR)/build/reliability.sqlite3 $(BIN)/python -m tests.reliability --rounds 50
	.ci/with_postgres.sh $(BIN)/python -m tests.reliability --rounds 50

.PHONY: fuzz
fuzz: $(VENV)/.installed-dev ## Send anything at all to every page and command, on each database (see docs/reliability.md)
	mkdir -p build
	rm -f build/fuzz.sqlite3*
	DATABASE_URL=sqlite:///$(CURDIR)/build/fuzz.sqlite3 $(BIN)/python -m tests.reliability.fuzz --inputs 10000
	.ci/with_postgres.sh $(BIN)/python -m tests.reliability.fuzz --inputs 2000

.PHONY: outages
outages: $(VENV)/.installed-dev ## Take databases away, fill their disks, hold their lock; as root (see docs/reliability.md)
	for each in postgresql postgresql-disk sqlite-disk sqlite-lock; do \
	  $(BIN)/python -m tests.reliability.break_database $$each || exit 1; \
	done

.PHONY: crowd
crowd: $(VENV)/.installed-dev ## Let 50 people use the site at once for five minutes on each database (see docs/reliability.md)
	mkdir -p build
	rm -f build/crowd.sqlite3*
	DATABASE_URL=sqlite:///$(CURDIR)/build/crowd.sqlite3 $(BIN)/python -m tests.reliability --people 50 --pause 20
	.ci/with_postgres.sh $(BIN)/python -m tests.reliability --people 50 --pause 20

.PHONY: look
look: $(VENV)/.installed-dev ## Photograph every page of the demo in four widths, light and dark, and tell what is wrong with it
	mkdir -p build/look
	rm -f build/look.sqlite3* build/look/*
	DATABASE_URL=sqlite:///$(CURDIR)/build/look.sqlite3 $(BIN)/python manage.py migrate --verbosity 0
	DATABASE_URL=sqlite:///$(CURDIR)/build/look.sqlite3 $(BIN)/python manage.py demo
	DATABASE_URL=sqlite:///$(CURDIR)/build/look.sqlite3 $(BIN)/python -m tests.looking --out build/look

.PHONY: load
load: $(VENV)/.installed-dev ## Let 200 people use two processes at once, ten minutes alone and ten beside reports and imports
	$(BIN)/python -m tests.load --people $${PEOPLE:-200} --minutes $${MINUTES:-10}

.PHONY: machines
machines: $(VENV)/.installed-dev ## Let two machines share one PostgreSQL, and one be started anew meanwhile (see docs/reliability.md)
	.ci/with_postgres.sh $(BIN)/python -m tests.reliability.two_machines --people 8 --seconds 120

.PHONY: migrations
migrations: $(VENV)/.installed-dev ## Ask whether unreleased migrations leave the version before them running (needs PostgreSQL)
	.ci/with_postgres.sh $(BIN)/python -m pytest -q tests/deploy/test_migrations_while_people_work.py

.PHONY: release
release: $(VENV)/.installed-dev ## Write down that all migrations there are have been released (deploy/migrations.yaml)
	$(BIN)/python -m tests.deploy.migrations

.PHONY: clean
clean: ## Remove what the targets made, except the demo's data
	rm -rf $(VENV) build staticfiles .pytest_cache .ruff_cache .mypy_cache .cache .import_linter_cache .hypothesis
