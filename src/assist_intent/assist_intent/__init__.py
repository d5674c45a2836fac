# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Understand what a person wants, decide safely, and have it done."""
