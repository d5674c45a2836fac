# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Hear and speak."""
