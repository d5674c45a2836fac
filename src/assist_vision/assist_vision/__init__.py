# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Eyes of assist: camera, detector, tracking and the relations between objects."""

import sys

# Where OpenVINO and NNCF find this, they tell their makers of each import over the network.
sys.modules['openvino_telemetry'] = None  # type: ignore[assignment]
