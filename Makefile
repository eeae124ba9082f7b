# What a person does with Loam's source. `make help` lists it.
SWIFT ?= swift
PREFIX ?= /usr/local
LOAM = .build/release/loam
# One executable that can be moved: Swift's runtime is linked into it.
RELEASE = -c release --static-swift-stdlib
.DEFAULT_GOAL := help

.PHONY: help build demo test relevance relevance-mail schemathesis load tenants twins ingest-speed bench fuzz faults kernels install format lint clean needs

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "  make %-14s %s\n", $$1, $$2}'

needs: # what is missing on this machine, in one line (as root with CI=1 it is installed)
	@Tests/needs

build: needs ## the executable, at .build/release/loam
	@$(SWIFT) build $(RELEASE) --product loam

demo: build ## ingests Fixtures/ and asks it five questions
	@Fixtures/demo $(LOAM)

test: needs ## every test, in release
	@Tests/run

relevance: build ## SciFact and Cranfield against the bars, scored twice
	@LOAM=$(LOAM) Tests/relevance

relevance-mail: build ## topics over two mailing lists against the bars: half an hour
	@LOAM=$(LOAM) Tests/relevance mail

# One core; what it finds is kept below Tests/Fuzzing/.build, so that the next run goes on from there.
fuzz: ## fuzzes TARGET (mail html calendar http json documents) for SECONDS
	@Tests/Fuzzing/run $(or $(TARGET),mail) $(or $(SECONDS),60)

schemathesis: build ## what Schemas/openapi.json allows and forbids, asked of a running service
	@LOAM=$(LOAM) Tests/schemathesis

load: build ## the endpoint: throughput, latency at a rate, bursts, idle and slow clients, overload (needs wrk)
	@LOAM=$(LOAM) Tests/load

tenants: build ## 10,000 tenants in random order under 512 MiB: memory, first questions (7 GB of disk)
	@LOAM=$(LOAM) Tests/tenants

twins: needs ## two stores, a million hidden passages in one: answers compared, times (PASSAGES: a file of them)
	$(SWIFT) build $(RELEASE) --product loam-bench
	@LOAM_BENCH=$(dir $(LOAM))loam-bench Tests/twins

ingest-speed: build ## whole ingest against mu and notmuch on 6,000 messages, one core (needs both)
	@LOAM=$(LOAM) Tests/ingest-speed

bench: needs ## Loam beside other engines (needs the peers' Python as PEERS; see Tests/bench)
	$(SWIFT) build $(RELEASE) --product loam-bench
	@LOAM_BENCH=$(dir $(LOAM))loam-bench Tests/bench

kernels: needs ## those for 64-bit Arm (emulated) and AVX-512 (written out) against the plain ones
	@Tests/kernels/run

faults: needs ## 10,000 power cuts, 1,000 kills and a fault at every call, of a store's writer: more than an hour
	@Tests/faults

install: build ## the executable, its manual page and completions, below PREFIX
	install -D -s -m 755 $(LOAM) $(DESTDIR)$(PREFIX)/bin/loam
	install -d $(addprefix $(DESTDIR)$(PREFIX)/share/,man/man1 bash-completion/completions \
	  zsh/site-functions fish/vendor_completions.d)
	$(LOAM) manual >$(DESTDIR)$(PREFIX)/share/man/man1/loam.1
	$(LOAM) completion bash >$(DESTDIR)$(PREFIX)/share/bash-completion/completions/loam
	$(LOAM) completion zsh >$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_loam
	$(LOAM) completion fish >$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/loam.fish

format: ## rewrites the sources in the house's format
	@$(SWIFT) format --in-place --recursive Sources Tests Package.swift

lint: ## the house's format and rules
	@$(SWIFT) format lint --strict --recursive Sources Tests Package.swift && echo "lint: clean"

clean: ## what was built
	rm -rf .build
