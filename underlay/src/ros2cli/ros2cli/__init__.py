# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The command ros2 for machines where the genuine ros2cli is missing."""
