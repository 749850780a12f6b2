# Needs make and Python 3.11 or later; everything else is fetched into .local/ on first use, and nothing outside this folder
# is touched. `make help` lists the words; CI uses the same ones.

PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	command -v $$name >/dev/null 2>&1 && $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$name && break; done)
PYTHON := $(PYTHON)

LOCAL := $(CURDIR)/.local
DEV := $(LOCAL)/dev/bin
SAM := SAM_CLI_TELEMETRY=0 __SAM_CLI_APP_DIR="$(LOCAL)/sam-home" PYTHON="$(PYTHON)" MAKEFLAGS= MAKELEVEL= "$(LOCAL)/sam/bin/sam"
# sam checks and builds for some region even where none is set; it deploys to yours, and only to yours.
ANYWHERE := AWS_DEFAULT_REGION="$${AWS_DEFAULT_REGION:-us-east-1}"
# pytest and what it starts keep their temporary files in here, too.
TESTING := mkdir -p "$(LOCAL)/tmp" && TMPDIR="$(LOCAL)/tmp" COVERAGE_FILE="$(LOCAL)/coverage/data"
# The template's parameters for build and deploy: PARAMETERS="MusicServerUrl=https://music.example.org SyncIntervalMinutes=30"
PARAMETERS ?=
OVERRIDES = $(if $(PARAMETERS),--parameter-overrides $(PARAMETERS))
# A section of samconfig.toml.
CONFIG ?= default

# $(call environments,run sam): bring these up to their locks.
define environments
	@[ -n "$(PYTHON)" ] || { echo "Reprise needs Python 3.11 or later, and found none: install it, or name it with make PYTHON=/path/to/python3." >&2; exit 1; }
	@PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=dev "$(PYTHON)" -m reprise_dev.building.environments $(1)
endef

.DEFAULT_GOAL := help
.PHONY: help run test test-unit test-faults test-e2e test-dynamodb-local contract mutate coverage lint fmt types rooms deps-check template \
	build deploy bench matching watching lock clean

##@ Use

help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## / {printf "  %-20s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## The whole of it on this machine: ONCE=1 ends by itself, SERVER=… USERNAME=… takes your music server, SUMMARY=file.json, PORT=8765
	$(call environments,run sam emulator)
	@SERVER="$(SERVER)" USERNAME="$(USERNAME)" ONCE="$(ONCE)" SUMMARY="$(SUMMARY)" PORT="$(PORT)" \
		exec "$(LOCAL)/run/bin/python" -m reprise_dev.local

contract: ## The Subsonic contract on a server of yours, left as it was: SERVER=… USERNAME=… (password asked, or in REPRISE_PASSWORD)
	@[ -n "$(SERVER)" ] && [ -n "$(USERNAME)" ] || { echo "Say which: make contract SERVER=https://music.example.org USERNAME=alice" >&2; exit 2; }
	$(call environments,dev)
	@$(TESTING) "$(DEV)/python" -m reprise_dev.contract --server "$(SERVER)" --username "$(USERNAME)"

##@ Check

test: ## Every test
	$(call environments,dev sam emulator cli)
	@rm -rf "$(LOCAL)/coverage" && mkdir -p "$(LOCAL)/coverage"
	@$(TESTING) "$(DEV)/coverage" run -m pytest -n 2 --dist loadfile --ignore tests/e2e --ignore tests/faults tests
	@$(TESTING) "$(DEV)/python" -m pytest -n 2 --dist load tests/faults
	@$(TESTING) "$(DEV)/python" -m pytest tests/e2e

test-unit: ## The pure rooms only, in seconds
	$(call environments,dev)
	@$(TESTING) "$(DEV)/python" -m pytest -n 2 tests/unit

test-faults: ## Every outside call of every operation, disturbed in every way: some 3,500 cases, minutes
	$(call environments,dev)
	@$(TESTING) "$(DEV)/python" -m pytest -n 2 --dist load tests/faults

test-e2e: ## The stack on the local emulator
	$(call environments,dev sam emulator cli)
	@$(TESTING) "$(DEV)/python" -m pytest tests/e2e

test-dynamodb-local: ## The stores' contract on Amazon's own DynamoDB Local; needs a JDK and Maven
	$(call environments,dev)
	@$(TESTING) "$(DEV)/python" -m reprise_dev.doubles.dynamodb_local -- "$(DEV)/python" -m pytest tests/contract/stores

# What mutmut is asked for, in its own names: domain/jobs.py -> reprise.domain.jobs
MUTATED = $(foreach each,$(subst /,.,$(patsubst %/,%,$(ROOM:.py=))),reprise.$(each))
mutate: ROOM ?= domain matching usecases
mutate: ## Change the code a little, and see which changes no test fails for: ROOM="domain/jobs.py usecases/sync", WORKERS=1
	$(call environments,mutation)
	@set -e; mkdir -p "$(LOCAL)/mutation-runs"; cd "$(LOCAL)/mutation-runs"; rm -rf mutants/tests; \
	ln -sfn "$(CURDIR)/layers/core" src; ln -sfn "$(CURDIR)/tests" tests; ln -sfn "$(CURDIR)/pyproject.toml" pyproject.toml; \
	"$(LOCAL)/mutation/bin/mutmut" run --max-children "$(or $(WORKERS),1)" $(MUTATED:%='%.*'); \
	"$(LOCAL)/mutation/bin/mutmut" results | grep $(MUTATED:%=-e '^ *%\.') >lived || exit 0; \
	for name in $$(sed -n 's/^ *\(.*\): survived$$/\1/p' lived); do "$(LOCAL)/mutation/bin/mutmut" show "$$name"; done; \
	cat lived

coverage: ## What the last `make test` reached, without its tests of faults and of the stack
	@COVERAGE_FILE="$(LOCAL)/coverage/data" "$(DEV)/coverage" combine --quiet
	@COVERAGE_FILE="$(LOCAL)/coverage/data" "$(DEV)/coverage" report

lint: ## ruff, and its formatting
	$(call environments,dev)
	@"$(DEV)/ruff" check .
	@"$(DEV)/ruff" format --check .

types: ## mypy, strict
	$(call environments,dev)
	@"$(DEV)/mypy"

rooms: ## Who may import whom
	$(call environments,dev)
	@"$(DEV)/lint-imports"

deps-check: ## Declared dependencies against imported ones
	$(call environments,dev)
	@"$(DEV)/deptry" layers/core functions

template: ## cfn-lint and sam validate --lint
	$(call environments,sam)
	@"$(LOCAL)/sam/bin/cfn-lint" template.yaml
	@$(ANYWHERE) $(SAM) validate --lint

bench: ## Measure the figures of docs/measurements.md into benchmarks/results.jsonl, about 3 minutes; SET=folder: the matcher's speed on a labelled set
	$(call environments,dev sam)
	@if [ -n "$(SET)" ]; then "$(DEV)/python" benchmarks/matching.py "$(SET)" --speed; \
	else "$(DEV)/python" benchmarks/figures.py; fi

matching: ## Match a labelled set: SET=folder ANSWERS=file.jsonl
	@[ -n "$(SET)" ] && [ -n "$(ANSWERS)" ] || { echo "Say which: make matching SET=folder ANSWERS=file.jsonl" >&2; exit 2; }
	$(call environments,dev)
	@"$(DEV)/python" benchmarks/matching.py "$(SET)" --answers "$(ANSWERS)"

##@ Deliver

build: ## Layers and functions for Lambda, in .aws-sam/: PARAMETERS="Architecture=x86_64"
	$(call environments,sam)
	@$(ANYWHERE) $(SAM) build --config-env "$(CONFIG)" $(OVERRIDES)
	@PYTHONPATH=dev "$(PYTHON)" -m reprise_dev.building.artifacts describe .aws-sam/build

deploy: build ## Build and deploy with your AWS credentials: PARAMETERS="MusicServerUrl=https://…", CONFIG=prod
	@$(SAM) deploy --config-env "$(CONFIG)" $(OVERRIDES)

##@ Keep up

fmt: ## Format, and fix what can be fixed
	$(call environments,dev)
	@"$(DEV)/ruff" check --fix .
	@"$(DEV)/ruff" format .

watching: ## Write template.yaml's alarms and dashboard from the table in dev/reprise_dev/building/watched.py
	@PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=dev "$(PYTHON)" -m reprise_dev.building.watching

LOCK = "$$UV" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock" $(UPGRADE)
lock: ## Write the lock files anew: UPGRADE=--upgrade takes newer versions
	$(call environments,uv) >/dev/null
	@export UV_CACHE_DIR="$(LOCAL)/uv-cache" UV="$(LOCAL)/uv/bin/uv" && \
	$(LOCK) requirements/runtime.in --output-file layers/deps/requirements.txt && \
	for name in local dev mutation sam emulator cli uv; do \
		$(LOCK) requirements/$$name.in --output-file requirements/$$name.txt || exit 1; done

clean: ## Remove everything that was fetched or built
	rm -rf .local .aws-sam .mypy_cache .ruff_cache .hypothesis .import_linter_cache
