# Everything a person needs: `make run` and `make test` do all the set-up by themselves.
PYTHON := .vibe/venv/bin/python
# The runtime is linked in, so that the binary needs no Swift where it runs. Debug builds, and with them `make test-unit`, check
# exclusive access to memory; these do not: it costs a tenth of a delivery.
RELEASE := swift build -c release --static-swift-stdlib -Xswiftc -enforce-exclusivity=unchecked

.PHONY: run build test test-unit test-pages test-product lint format bench fuzz sanitize-thread sanitize-address
.PHONY: simulate setup setup-bench setup-test clean shots

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

test: setup-test lint test-pages test-unit test-product

# A test that hangs ends the run, and is the last that was named.
test-unit: setup-test
	swift build --build-tests
	timeout 15m stdbuf -oL swift test --skip-build --no-parallel

test-pages: setup-test
	node --test Tests/Pages/

# SIMULATION_SEED=N runs and prints one schedule.
SCHEDULES ?= 10000
simulate:
	SIMULATION_SCHEDULES=$(SCHEDULES) swift test --filter RealtimeTests.SimulationTests

test-product: setup-test
	$(RELEASE) --product vibe
	$(RELEASE) --product websocket-echo
	$(RELEASE) --product realtime-bench
	$(PYTHON) -m pytest Tests/Product

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
