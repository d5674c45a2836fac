# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Set-up of ROS 2, PyTorch and the default models on a machine that has none of them.

Standard library only, and Python 3.8 syntax: it runs before anything is installed.
"""
