# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""What happens to lifecycle nodes."""

from launch._unsupported import named_import_error

from .change_state import ChangeState
from .lifecycle_node_matchers import matches_node_name
from .state_transition import StateTransition

__all__ = [
    'ChangeState',
    'StateTransition',
    'matches_node_name',
]

__getattr__ = named_import_error(__name__)
