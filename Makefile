# `make run` serves the demo campaign, `make test` checks everything. `make help` lists the rest.
# Both need only Rust and a C compiler, and provide PostgreSQL themselves.

.DEFAULT_GOAL := help
.PHONY: help run test fmt-check lint journey bench contract clients openapi clean

# Cargo where rustup puts it, for shells that do not read the profile.
export PATH := $(PATH):$(HOME)/.cargo/bin

bin = "$${CARGO_TARGET_DIR:-target}/debug/ngayhoi"

help: ## This list.
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

# The demo is for trying out, so it is built as the tests are: an optimised build takes three times as long.
run: ## Build, provide PostgreSQL if DATABASE_URL is unset, load the demo and serve it.
	@[ -n "$$DATABASE_URL" ] || ./scripts/provide-postgres.sh
	@cargo build --locked --bin ngayhoi
	@exec $(bin) serve --demo

test: ## Formatting, lints and all tests, on a PostgreSQL of their own.
	@./scripts/provide-postgres.sh
	cargo fmt --check
	cargo clippy --all-targets --locked -- -D warnings
	cargo test --locked

fmt-check: ## Formatting only.
	cargo fmt --check

lint: ## Lints only.
	cargo clippy --all-targets --locked -- -D warnings

journey: ## Play a campaign against the running demo (NGAYHOI_URL, NGAYHOI_DATA_DIR).
	@cargo run --locked --example journey

bench: ## Measure the service beside pgbench.
	@exec ./scripts/bench.sh

contract: ## Lint the OpenAPI document (needs Python; brings its tools).
	@exec ./tests/contract/run.sh

clients: ## Generate typed clients and make calls with each (needs Python; brings its tools).
	@exec ./tests/clients/run.sh

openapi: ## Write openapi/openapi.json anew.
	@mkdir -p openapi
	@cargo build --locked --bin ngayhoi
	@$(bin) openapi > openapi/openapi.json.new
	@mv openapi/openapi.json.new openapi/openapi.json

clean: ## Remove what was built; the data in .ngayhoi stays.
	cargo clean
