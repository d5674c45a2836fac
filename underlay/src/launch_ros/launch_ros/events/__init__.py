# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""What happens to ROS nodes."""

from launch._unsupported import named_import_error

from . import lifecycle
from .matchers import matches_node_name

__all__ = ['lifecycle', 'matches_node_name']

__getattr__ = named_import_error(__name__)
