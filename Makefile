# Two commands do all the set-up: `make demo` and `make test`. Each makes .venv by itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXAMPLES := exosomes timing-audit
BUILT_FROM := pyproject.toml hatch_build.py reviewkit/sources/_walk.c

.PHONY: demo test check clean

demo: $(VENV)/installed
	@for example in $(EXAMPLES); do \
	  echo; echo "== $$example"; \
	  rm -rf reports/$$example && mkdir -p reports && cp -R data/$$example reports/$$example && \
	  { [ -e reports/$$example/codebook.csv ] || cp templates/codebook.csv reports/$$example/; } && \
	  $(BIN)/reviewkit run reports/$$example || exit 1; \
	done
	@echo; echo "== workbooks for two co-reviewers"
	@$(BIN)/reviewkit workbook issue reports/exosomes --to AB,CD --mode assisted
	@echo; echo "Open in a browser:"; \
	for example in $(EXAMPLES); do echo "  reports/$$example/reports/report.html"; done

test: $(VENV)/installed-test
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(VENV)/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

$(VENV)/installed: $(BUILT_FROM)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/installed-test: $(BUILT_FROM)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[test,dev]"
	@touch $@ $(VENV)/installed

clean:
	rm -rf $(VENV) reports/*/ .mypy_cache .pytest_cache .ruff_cache
