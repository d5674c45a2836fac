# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
#
# Each target calls one script in scripts/; ARGS is handed on: `make up ARGS="audio_source:=file"`.

.PHONY: help setup build demo up test test-older bench faults soak lint clean
.DEFAULT_GOAL := help

help: ## show these targets
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' $(MAKEFILE_LIST)

setup: ## make the environment: ROS 2, PyTorch and the default models where there is no ROS
	@scripts/setup

build: ## build the workspace into ./install
	@scripts/build

demo: ## hear, see, decide and answer on packaged input, then print a summary
	@scripts/demo $(ARGS)

up: ## run the graph on this machine's microphone and camera
	@scripts/up $(ARGS)

test: ## run every test
	@scripts/test

test-older: ## run the tests of sound and images on NumPy 1 and OpenCV 4
	@scripts/test_older $(ARGS)

bench: ## run the benchmarks; each writes its JSON beside it
	@scripts/bench $(ARGS)

faults: ## inject faults into the whole graph; writes benchmarks/faults.json and faults.md
	@scripts/faults $(ARGS)

soak: ## run dialogues, scenes and faults for half an hour: `make soak ARGS="--minutes 1440"`
	@scripts/soak $(ARGS)

lint: ## check style and types
	@scripts/lint

clean: ## remove what was built here (the environment stays)
	@scripts/clean
