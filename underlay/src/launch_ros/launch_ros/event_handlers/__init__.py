# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""What is done about events of ROS nodes."""

from launch._unsupported import named_import_error

from .on_state_transition import OnStateTransition

__all__ = [
    'OnStateTransition',
]

__getattr__ = named_import_error(__name__)
