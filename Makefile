# What a newcomer types. Everything else is behind `cantodesk --help`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help up test train check chat bench evaluate fresh lint unit stories clean

VENV ?= .venv
# uv of the machine, or one of our own in a private environment.
UV ?= $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
export UV_PROJECT_ENVIRONMENT = $(VENV)
export UV_PYTHON_DOWNLOADS = never
export RASA_TELEMETRY_ENABLED = false

help:            ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 12

up: ready        ## Start everything and print the addresses; Ctrl-C ends it
	@$(VENV)/bin/cantodesk up

train: ready     ## Train a model for the present data
	@$(VENV)/bin/cantodesk train

check: ready     ## Check what designers edit, in seconds, without training
	@$(VENV)/bin/cantodesk check

chat: ready      ## Talk to the running assistant in the terminal
	@$(VENV)/bin/cantodesk chat

bench: ready     ## Measure start, training, memory and turns, beside Rasa's stock pipeline
	@$(VENV)/bin/python -m bench

# STOCK=none leaves Rasa's pipelines out; MODEL=present takes the model `make train` made.
STOCK ?= whitespace_diet,jieba_diet
STOCK_EPOCHS ?= 100
evaluate: ready  ## Measure how well it understands, beside Rasa's stock pipelines; fails below a floor
	@$(VENV)/bin/python -m evaluation --stock $(STOCK) --stock-epochs $(STOCK_EPOCHS) \
	  $(if $(MODEL),--model $(MODEL)) $(if $(PUBLIC),--public $(PUBLIC))

test:            ## Everything from nothing: install, lint, types, data, tests, stories, NLU
	@./scripts/test.sh

# --- behind the targets ------------------------------------------------------------------------

# The environment, made again only when the lock changes.
ready: $(VENV)/.installed

$(VENV)/.installed: uv.lock pyproject.toml | python
	@command -v $(UV) >/dev/null 2>&1 || $(MAKE) --no-print-directory .tools/bin/uv
	@$(UV) sync --frozen --quiet --python python3 \
	  || { echo "The packages could not be installed; the lines above say why. Is the package index reachable?" >&2; exit 1; }
	@touch $@

.PHONY: python
python:
	@command -v python3 >/dev/null 2>&1 \
	  || { echo "python3 is missing. Install Python 3.11 and run make again." >&2; exit 1; }
	@python3 -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
	  || { echo "python3 is $$(python3 -V | cut -d' ' -f2); CantoDesk needs 3.11. Put a Python 3.11 first on the PATH." >&2; exit 1; }

.tools/bin/uv:
	@python3 -m venv .tools && .tools/bin/pip install --quiet --disable-pip-version-check 'uv>=0.5' \
	  || { echo "uv could not be installed into .tools; the lines above say why." >&2; exit 1; }

clean:           ## Remove the environment, models, local database and caches
	rm -rf $(VENV) .tools .cantodesk .rasa models/*.tar.gz results reports .pytest_cache .mypy_cache .ruff_cache
