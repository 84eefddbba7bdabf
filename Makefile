# One file for people and for CI: `make demo` to look, `make test` to prove, `make check` before a commit.
# Needs Python 3.11 or newer (PYTHON= names another) and, for `make test` as root on Debian or Ubuntu, apt.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && { echo $$p; break; }; done)
PORT ?= 8000
COMMANDS ?= 100000
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

.PHONY: demo test check coverage bench soak screenshots lighthouse oracle lock dist clean system-tests-need

demo: $(VENV)/app-installed
	@mkdir -p var
	$(BIN)/timebank demo --port $(PORT) --database sqlite:///var/demo.db

# In the order of the folders: the long files stand in the first ones, the many short ones fill the end.
# Many tests start programs of ours: each is compiled once, beside the environment, whatever the shell says of compiled files.
test: $(VENV)/dev-installed system-tests-need
	env -u PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX=$(CURDIR)/$(VENV)/pycache $(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder --durations 12

check: $(VENV)/dev-installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit -q -c pyproject.toml -r ledger marketplace timebank

# Lines and branches of the marketplace that its own tests run through; fails below the goal.
coverage: $(VENV)/dev-installed system-tests-need
	$(BIN)/python -m pytest -q tests/marketplace --cov=marketplace --cov-branch --cov-report=json:.coverage.json --cov-report=
	$(BIN)/python -m tools.branch_coverage .coverage.json 95

bench: $(VENV)/dev-installed
	$(BIN)/python -m benchmarks --write

# What the long examples have done so far stands in var/soak.jsonl: a soak that was cut short goes on from there.
soak: $(VENV)/dev-installed
	@mkdir -p var
	LEDGER_TALLY=var/soak.jsonl LEDGER_EXAMPLES=10000 LEDGER_STEPS=200 LEDGER_CRASHES=200 LEDGER_SEEDS=2000 LEDGER_LOSSES=2000 \
	  $(BIN)/python -m pytest -q -s --timeout=0 tests/ledger tests/engine
	@mv var/soak.jsonl var/soak-done.jsonl
	TOWN_ONE_IN=1 $(BIN)/python -m pytest -q --timeout=0 tests/timebank/town
	PROMISE_RUNS=300 PROMISE_STEPS=30 $(BIN)/python -m pytest -q --timeout=0 tests/timebank/promises/test_machine.py
	THIEF_RUNS=200 THIEF_STEPS=200 THIEF_ROUNDS=60 $(BIN)/python -m pytest -q --timeout=0 tests/timebank/hands
	TAMPERINGS=1000 $(BIN)/python -m pytest -q --timeout=0 tests/commands/test_sealed_copies.py
	TAMPERINGS=1000 $(BIN)/python -m pytest -q -s --timeout=0 tests/timebank/audit/test_audit_tampering.py
	RADAR_SEEDS=60 $(BIN)/python -m pytest -q -s --timeout=0 tests/timebank/radar/test_radar_planted.py
	SERVER_KILLS=200 $(BIN)/python -m pytest -q -s --timeout=0 tests/commands/test_killed_server.py
	NEWS_DAYS=30 NEWS_KILLS=10 NEWS_VISITS=6 $(BIN)/python -m pytest -q -s --timeout=0 tests/timebank/news/test_news_month.py
	ROUND_DAYS=2000 WALKED_WEEKS=10000 CALM_WEEKS=150 ORLIB="gap1 gap2 gap3 gap5 gap6 gap9" $(BIN)/python -m pytest -q --timeout=0 \
	  tests/marketplace/planning/test_planning_routes.py tests/marketplace/planning/test_planning_days_hold.py \
	  tests/marketplace/planning/test_planning_orlib.py tests/marketplace/planning/test_planning_calm.py
	API_CASES=10000 $(BIN)/python -m pytest -q -s --timeout=0 tests/timebank/openapi
	PAGES=all $(BIN)/python -m pytest -q --timeout=0 tests/pages
	DAYS=all $(BIN)/python -m pytest -q --timeout=0 tests/browser/days

# Every page of the demo community, as it looks today, into docs/screenshots.
screenshots: $(VENV)/dev-installed system-tests-need
	$(BIN)/python -m tools.screenshots

# Lighthouse's four figures of the pages that people open first, into docs/lighthouse-figures.md; needs Node.
lighthouse: $(VENV)/dev-installed system-tests-need
	$(BIN)/python -m benchmarks.lighthouse --write

# Locks are made without registry addresses, for every supported Python at once.
lock: $(VENV)/dev-installed
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-emit-package timebank-ledger --no-emit-package timebank-marketplace --upgrade pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-emit-package timebank-ledger --no-emit-package timebank-marketplace --upgrade pyproject.toml --group dev -o requirements-dev.lock

# Three distributions from one tree; the app pins the two libraries.
dist: $(VENV)/dev-installed
	$(BIN)/python -m build --no-isolation --outdir dist packages/ledger
	$(BIN)/python -m build --no-isolation --outdir dist packages/marketplace
	$(BIN)/python -m build --no-isolation --outdir dist

# The same random commands to a real TigerBeetle server: make oracle TIGERBEETLE=path/to/tigerbeetle [COMMANDS=100000]
oracle: $(VENV)/dev-installed
	@test -n "$(TIGERBEETLE)" || { echo "say where the server is: make oracle TIGERBEETLE=path"; exit 1; }
	$(BIN)/python -m tests.ledger.oracle --server "$(TIGERBEETLE)" --commands $(COMMANDS)

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed / 需要 Python 3.11 以上"; exit 1; }
	@# Debian's bare python3 has no venv module until its package is there.
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -q && apt-get install -y -q --no-install-recommends python3-venv; \
	  else echo "please install python3-venv / 请先安装 python3-venv"; exit 1; fi; }
	$(PYTHON) -m venv $(VENV)

# The locks name every package, so nothing is left to resolve; an older pip that resolves all the same stumbles over the
# first newer release of a package that another one asks for with an extra.
$(VENV)/app-installed: $(BIN)/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install -q --no-deps --require-hashes -r requirements.lock
	$(BIN)/python tools/link_checkout.py
	@touch $@

$(VENV)/dev-installed: $(BIN)/python requirements-dev.lock pyproject.toml
	$(BIN)/python -m pip install -q --no-compile --no-deps --require-hashes -r requirements-dev.lock
	$(BIN)/python tools/link_checkout.py
	@touch $@ $(VENV)/app-installed

# A real browser, a Chinese font, and strace to see the flushes, from the distribution when we may install them.
# Chromium's build without a window is the same engine and lighter; where it is not to be had, the whole one serves.
system-tests-need:
	@have() { command -v "$$1" >/dev/null 2>&1; }; may() { [ "$$(id -u)" = 0 ] && have apt-get; }; \
	install() { DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$$@"; }; \
	enough() { { have chromium-headless-shell || have chromium || [ -n "$$CHROMIUM" ]; } && have strace && fc-list :lang=zh 2>/dev/null | grep -q .; }; \
	if may && ! enough; then apt-get update -q && install fonts-noto-cjk fontconfig strace; fi; \
	if may && ! have chromium-headless-shell && [ -z "$$CHROMIUM" ]; then install chromium-headless-shell || have chromium || install chromium; fi; \
	enough || { echo "tests need chromium, a Chinese font and strace / 测试需要 chromium、中文字体和 strace"; exit 1; }
