# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Health, logs and supervision of the graph."""
