# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""One module a command of ros2."""
