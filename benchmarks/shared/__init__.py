# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What several benchmarks need: speech and noise, processes and microphones, reports."""
