#!/usr/bin/env bash
# `make test`: everything again from nothing, in an environment and a home of its own.
# What each step checks is said by its heading; the first one that fails ends the run.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export VENV="$work/venv"
export CANTODESK_HOME="$work/home" CANTODESK_MODELS_DIR="$work/models"
# Rasa keeps trained components between runs; this run has to train them all.
export RASA_CACHE_DIRECTORY="$work/cache"
export RASA_TELEMETRY_ENABLED=false TF_CPP_MIN_LOG_LEVEL=3 SQLALCHEMY_SILENCE_UBER_WARNING=1
export CANTODESK_ACTIONS_URL=http://127.0.0.1:5055/webhook
bin="$VENV/bin"
reports=reports
rm -rf "$reports" && mkdir -p "$reports"

step() { printf '\n=== %s (%ss)\n' "$1" "$SECONDS"; }
# Rasa talks a lot; its output is shown only when it fails.
quietly() { "$@" >"$work/step.log" 2>&1 || { tail -n 60 "$work/step.log"; return 1; }; }

step "Install from the lock";          make --no-print-directory ready
step "Formatting and lint (ruff)";     "$bin/ruff" format --check .; "$bin/ruff" check .
step "Types (mypy)";                   "$bin/mypy"
step "Which room imports which";       "$bin/lint-imports"
step "Dependencies (deptry)";          "$bin/deptry" .
step "Designers' files";               "$bin/cantodesk" check
step "rasa data validate";             quietly "$bin/python" -W ignore -m rasa data validate --fail-on-warnings
step "Lines that say nearly the same"; "$bin/python" -W ignore -m evaluation.near_duplicates
step "Train";                          "$bin/cantodesk" train
model=$(ls -t "$CANTODESK_MODELS_DIR"/cantodesk-*.tar.gz | head -n 1)
step "rasa test: stories";             quietly "$bin/python" -W ignore -m rasa test core -m "$model" -s tests/test_stories.yml --fail-on-prediction-errors --out "$reports/stories"
step "rasa test: understanding";       quietly "$bin/python" -W ignore -m rasa test nlu -m "$model" -u tests/nlu/dev --no-plot --out "$reports/rasa-nlu"
step "Understanding above its floors";  "$bin/python" -m evaluation --model "$model" --stock none --out "$reports/understanding"
step "Unit, integration and scenario tests"
"$bin/python" -m pytest
step "All passed"
