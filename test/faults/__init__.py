# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Faults that are injected into the whole graph, and what it makes of them."""
