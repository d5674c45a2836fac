# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the LaunchLogDir substitution."""

from __future__ import annotations

from .. import logging
from ..launch_context import LaunchContext
from ..substitution import Substitution


class LaunchLogDir(Substitution):
    """The folder of this launch's log files."""

    def describe(self) -> str:
        return 'LaunchLogDir()'

    def perform(self, context: LaunchContext) -> str:
        return logging.launch_config.log_dir
