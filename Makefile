# `make` alone lists what there is. Every target first sets up what it lacks (tools/setup.py): the first time that takes
# a minute, then nothing.

# The first of these that is Python 3.11 or newer. Another: make PYTHON=/usr/local/bin/python3.13 test
PYTHON := $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$python; break; }; done)
SETUP = @$(if $(PYTHON),$(PYTHON) -m tools.setup,echo "Python 3.11 or newer is needed; none was found." >&2; false)
BIN = .venv/bin
# More for the command behind a target: make test ARGS="tests/rules -k sign_off"
ARGS =

.DEFAULT_GOAL = help
.PHONY: help
help:
	@echo "Chalkbell. What make can do:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile
	@echo 'More for the command behind it: make test ARGS="tests/rules -k sign_off"'

.PHONY: run
run: ## start the router, all services and the pages, with a demo campus on first start
	$(SETUP) application router pages
	@exec $(BIN)/chalkbell up --demo $(ARGS)

.PHONY: test
test: ## run every test: rules, services, router, pages in a browser, faults
	$(SETUP) application router pages example node-peers postgresql browser curl prometheus
	@code=0; \
	$(if $(ARGS),,$(BIN)/python -m tools.npm run --silent test || code=$$?;) \
	$(BIN)/pytest $(ARGS) || code=$$?; \
	exit $$code

.PHONY: lint
lint: ## check style, types, import rules, generated files and the repository itself
	$(SETUP) application packages
	@$(BIN)/python -m tools.lint

.PHONY: format
format: ## put the Python code into shape
	$(SETUP) application
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

.PHONY: bench
bench: ## measure calls and fan-out against the bare router
	$(SETUP) application router pages
	@$(BIN)/python -m benchmarks $(ARGS)

.PHONY: bench-peers
bench-peers: ## measure fan-out and calls beside other servers: socket.io, ws, NATS, Mosquitto, Channels
	$(SETUP) application router pages node-peers django nats mosquitto
	@$(BIN)/python -m benchmarks.peers $(ARGS)

.PHONY: soak
soak: ## attack a campus for ten minutes and check that nothing was lost, doubled or shown to the wrong person
	$(SETUP) application router postgresql
	@$(BIN)/python -m soak $(ARGS)

.PHONY: bench-sign-offs
bench-sign-offs: ## measure recorded sign-offs
	$(SETUP) application router pages
	@$(BIN)/python -m benchmarks.own.sign_offs $(ARGS)

.PHONY: bench-storm
bench-storm: ## measure how soon everybody is back after the router was killed
	$(SETUP) application router pages
	@$(BIN)/python -m benchmarks.own.storm $(ARGS)

.PHONY: bench-replay
bench-replay: ## measure the replay of a hundred thousand events
	$(SETUP) application router pages
	@$(BIN)/python -m benchmarks.own.replay $(ARGS)

.PHONY: docs
docs: ## build the documentation into docs/_build/html; a warning is an error
	$(SETUP) application documentation
	@$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

.PHONY: generate
generate: ## write what is made from the contracts: schemas, TypeScript, permissions, reference pages
	$(SETUP) application
	@$(BIN)/chalkbell schema --write $(ARGS)

.PHONY: build-web
build-web: ## build the pages into web/dist
	$(SETUP) application pages

.PHONY: setup
setup: ## set up everything that the other targets use, and show what of the system is used
	$(SETUP) application router pages example node-peers postgresql browser curl prometheus documentation
	@$(BIN)/python -m tools.system_parts

.PHONY: lock
lock: ## choose versions anew for every environment: requirements/*.lock and router/requirements.lock
	$(SETUP) application
	@$(BIN)/python -m tools.lock $(ARGS)

.PHONY: clean
clean: ## remove environments and everything built; the data directory stays
	rm -rf .venv router/.venv web/node_modules examples/node/node_modules benchmarks/peers/node/node_modules benchmarks/peers/django/.venv web/dist build docs/_build *.egg-info
	rm -rf .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
