# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Check this machine before the graph is started: what works, what is missing, what to do."""
