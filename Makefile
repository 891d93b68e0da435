# Everything a person needs: `make run` and `make test` do all the set-up by themselves.
PYTHON := .vibe/venv/bin/python
# The runtime is linked in, so that the binary needs no Swift where it runs. Debug builds, and with them `make test-unit`, check
# exclusive access to memory; these do not: it costs a tenth of a delivery.
RELEASE := swift build -c release --static-swift-stdlib -Xswiftc -enforce-exclusivity=unchecked

# Tests are built without debug information, which takes a fifth of the time and of which only a debugger makes use.
TESTS := swift build --build-tests -debug-info-format none

# Product tests at once: they wait as much as they compute.
WORKERS ?= 4
PYTEST := $(PYTHON) -m pytest Tests/Product

.PHONY: run build test check test-unit test-pages test-product build-tests build-product run-unit run-product lint format bench
.PHONY: run-smoke fuzz sanitize-thread sanitize-address simulate setup setup-bench setup-test clean shots under-load

run: build
	exec .build/release/vibe serve

build: setup
	$(RELEASE) --product vibe

setup:
	@scripts/setup run

setup-bench:
	@scripts/setup bench

setup-test:
	@scripts/setup test

# Everything that proves the project. Two builds keep all cores busy, so they follow each other; the unit tests, which mostly wait,
# run beside the second.
test: setup-test
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target build-tests lint test-pages
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target build-product run-unit
	@$(MAKE) --no-print-directory run-product

# What to run after each change: all but the product tests, and one of those, with the debug build.
check: setup-test
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target build-tests lint test-pages
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target run-unit run-smoke

test-unit: setup-test build-tests
	@$(MAKE) --no-print-directory run-unit

build-tests:
	$(TESTS)

# A test that hangs ends the run, and is the last that was named. The lock is left to a build that may run beside it.
run-unit:
	timeout 15m stdbuf -oL swift test --skip-build --ignore-lock --no-parallel

run-smoke:
	VIBE_BIN_DIR=.build/debug $(PYTEST) -k test_two_people_watch_one_app_being_built

test-pages:
	node --test Tests/Pages/

# SIMULATION_SEED=N runs and prints one schedule.
SCHEDULES ?= 10000
simulate:
	SIMULATION_SCHEDULES=$(SCHEDULES) swift test -debug-info-format none --filter RealtimeTests.SimulationTests

test-product: setup-test build-product
	@$(MAKE) --no-print-directory run-product

build-product:
	$(RELEASE)

run-product:
	$(PYTEST) --numprocesses $(WORKERS)

# RUNS=20 TARGETS='run-unit test-pages' make under-load: targets that are built already, so many times beside a busy machine.
RUNS ?= 3
TARGETS ?= run-unit test-pages run-product
under-load:
	scripts/under-load $(RUNS) $(TARGETS)

# Pictures of every page in every state, at 1440, 820 and 390 pixels, light and dark, and sheets of them side by side.
SHOTS ?= shots
shots: setup-test
	$(RELEASE) --product vibe
	VIBE_SHOTS=$(abspath $(SHOTS)) $(PYTHON) -m pytest Tests/Product/test_pages.py Tests/Product/test_lost_connection.py
	$(PYTHON) Tests/Product/contact_sheet.py $(SHOTS)
	@echo "Pictures are in $(abspath $(SHOTS))"

lint:
	swift format lint --strict --configuration .swift-format --recursive Sources Tests Fuzz Package.swift
	node --test Tests/Pages/types.test.mjs

format:
	swift format format --in-place --configuration .swift-format --recursive Sources Tests Fuzz Package.swift

# ROUNDS=5 WORKLOADS=burst,paced SERVERS=ours,uws choose; all of it takes about 25 minutes on an idle machine. MINUTES is how long
# the pages are watched.
ROUNDS ?= 5
MINUTES ?= 3
bench: setup-bench
	$(RELEASE) --product vibe
	$(RELEASE) --product realtime-bench
	$(MAKE) -s -C Benchmarks
	$(PYTHON) Benchmarks/first_version.py
	$(PYTHON) Benchmarks/run.py --rounds $(ROUNDS) --workloads '$(WORKLOADS)' --servers '$(SERVERS)'
	$(PYTHON) Benchmarks/pages.py --minutes $(MINUTES)

# Seconds for each of the fuzzed parsers.
SECONDS ?= 60

fuzz: setup-test
	scripts/fuzz $(SECONDS)

sanitize-thread: setup-test
	scripts/sanitize/run thread 'WebSocketCodecTests|RealtimeTests'

sanitize-address: setup-test
	scripts/sanitize/run address WebSocketCodecTests

clean:
	rm -rf .build .build-fuzz .build-thread .build-address .vibe/venv .vibe/toolchain Public/fonts
