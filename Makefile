# Each target is a script in scripts/. `make` alone prints this list.
.DEFAULT_GOAL := help
.PHONY: help run build test soak figures pictures clean

help: ## this list
	@sed -n 's/^\([a-z]*\): ## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r name what; do printf '  make %-9s %s\n' "$$name" "$$what"; done

run: ## install what is missing, build, and start on http://127.0.0.1:3000
	@scripts/run

build: ## the same without starting: target/release/hubbub
	@scripts/setup
	@scripts/build

test: ## install what is missing, then run every check and test
	@scripts/test

soak: ## hours of simulation: 1,000 seeds, and every fault that it must notice
	@scripts/soak

figures: ## measure what the README claims, and print it as a table
	@scripts/figures

pictures: ## take pictures of every page into end2end/pictures
	@scripts/pictures

clean: ## remove what was built and fetched; data/ stays
	rm -rf target .tools scripts/wasm-opt/node_modules end2end/node_modules end2end/test-results end2end/pictures
