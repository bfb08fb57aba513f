# What a newcomer needs: `make run` and `make test`. Both bring everything that is missing.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
export RASA_TELEMETRY_ENABLED := false
export RASA_MAX_CACHE_SIZE := 0

UV := .tools/bin/uv
RUN := $(UV) run --locked --no-sync
STAMP := .venv/.careline-ready

.PHONY: help run setup test check evaluate bench browser clean

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

run: $(STAMP)  ## Set up what is missing, then serve on PORT (8000) with data in DATA_DIR (var/)
	@exec $(RUN) careline serve

setup: $(STAMP)  ## Install the locked environment into .venv

test: $(STAMP) browser check  ## Check the code, then run every test (brings a browser if there is none)
	@$(RUN) careline train
	@$(if $(COVERAGE),$(RUN) coverage erase)
	@bin/in-memory $(RUN) pytest -n 2 --dist loadgroup --no-loadscope-reorder $(if $(COVERAGE),--cov --cov-report=term --cov-fail-under=90)

check: $(STAMP)  ## Lint, format and types
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) mypy

evaluate: $(STAMP)  ## Measure the replies on tests/eval, and compare with the last time
	@$(RUN) careline evaluate

bench: $(STAMP)  ## Measure beside the stock Rasa set-up; writes docs/benchmarks.md (an hour)
	@$(RUN) careline bench

clean:  ## Forget the environment, the data and the models of this folder
	rm -rf .tools .venv var build results

browser:
	@command -v chromium >/dev/null || bin/install-packages chromium

$(UV):
	@bin/install-uv

$(STAMP): $(UV) uv.lock pyproject.toml .python-version
	@bin/find-python $(UV)
	@$(UV) sync --locked --quiet
	@touch $@
