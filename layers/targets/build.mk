# What `sam build` calls, from the root of the repository (WorkingDirectory in template.yaml). The target, such as
# python3.13-arm64, is the name of the folder whose Makefile included this file.
PYTHON ?= python3
TARGET := $(notdir $(patsubst %/,%,$(dir $(firstword $(MAKEFILE_LIST)))))
BUILD := PYTHONPATH=dev "$(PYTHON)" -m reprise_dev.building.artifacts --target "$(TARGET)" --into "$(ARTIFACTS_DIR)"

build-DepsLayer:
	@$(BUILD) deps
build-CoreLayer:
	@$(BUILD) core
build-DispatcherFunction:
	@$(BUILD) function dispatcher
build-SyncFunction:
	@$(BUILD) function sync
build-NotifierFunction:
	@$(BUILD) function notifier
build-ApiFunction:
	@$(BUILD) function api
build-WebFunction:
	@$(BUILD) function web
