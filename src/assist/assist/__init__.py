# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Bring up, show and check the graph of assist."""
