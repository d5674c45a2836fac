# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""The part of the ROS extensions to launch that Python launch files normally use."""

from launch._unsupported import named_import_error

from . import (
    actions,
    descriptions,
    event_handlers,
    events,
    parameter_descriptions,
    substitutions,
    utilities,
)

__all__ = [
    'actions',
    'descriptions',
    'event_handlers',
    'events',
    'parameter_descriptions',
    'substitutions',
    'utilities',
]

__getattr__ = named_import_error(__name__)
