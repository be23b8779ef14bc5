# make run and make test are all that a newcomer needs; make help lists the rest.
SHELL := /bin/bash
GALLEY := .build/release/galley
# Options of `galley local up`: make run LOCAL="--rate 120 --orders 100000"
LOCAL ?=

.DEFAULT_GOAL := help
.PHONY: help run build setup test bench lint format status down reset

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Without a terminal `galley` prints the status and ends; "degraded" (10) is an answer then, not a failure.
run: build ## install what is missing, build, start the local platform, open the console on it
	@$(GALLEY) local setup >&2
	@$(GALLEY) local up $(LOCAL) >&2
	@if [ -t 1 ]; then exec $(GALLEY); else $(GALLEY) || [ $$? -eq 10 ]; fi

# Colours are a compiler flag: with them a build on a terminal would throw away one that was made without.
build: setup ## install what is missing and build the release binary
	@swift build --no-color-diagnostics -c release --product galley --static-swift-stdlib >&2

setup: ## install the Debian packages that are missing (says what, sudo only for apt)
	@.ci/setup run

test: ## install what is missing, then format check, build and every test
	@.ci/test

bench: build ## measure the budgets, beside a C floor and htop
	@.ci/setup bench
	@Tests/Benchmarks/run

lint: ## only the format check
	@swift format lint -r --strict Sources Tests Package.swift

format: ## put every Swift file into the project's format
	@swift format -r -i Sources Tests Package.swift

status: ## the health of the local platform (exit 0 healthy, 10 degraded, 11 down)
	@$(GALLEY) status

down: ## end the local platform; its data stays
	@if [ -x $(GALLEY) ]; then $(GALLEY) local down; else echo "nothing was built, so nothing runs"; fi

reset: ## end the local platform and delete its folder
	@$(GALLEY) local reset
