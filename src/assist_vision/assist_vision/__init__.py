# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Eyes of assist: camera, detector, tracking and the relations between objects."""
