# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""What happens while launching."""

from .._unsupported import named_import_error
from . import process
from .execution_complete import ExecutionComplete
from .include_launch_description import IncludeLaunchDescription
from .matchers import matches_action
from .shutdown import Shutdown
from .timer_event import TimerEvent

__all__ = [
    'ExecutionComplete',
    'IncludeLaunchDescription',
    'Shutdown',
    'TimerEvent',
    'matches_action',
    'process',
]

__getattr__ = named_import_error(__name__)
