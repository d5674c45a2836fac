# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the Command substitution."""

from __future__ import annotations

import shlex
import subprocess

from .. import logging
from ..launch_context import LaunchContext
from ..some_substitutions_type import SomeSubstitutionsType
from ..substitution import Substitution
from ..utilities import (
    describe,
    normalize_to_list_of_substitutions,
    perform,
    perform_substitutions,
)
from .substitution_failure import SubstitutionFailure


class Command(Substitution):
    """What a command prints on its standard output."""

    def __init__(
        self, command: SomeSubstitutionsType, *, on_stderr: SomeSubstitutionsType = 'fail'
    ) -> None:
        self._command = normalize_to_list_of_substitutions(command)
        self._on_stderr = on_stderr

    @property
    def command(self) -> list[Substitution]:
        return self._command

    def describe(self) -> str:
        return f'Command({describe(self._command)})'

    def perform(self, context: LaunchContext) -> str:
        command = perform_substitutions(context, self._command)
        on_stderr = perform(context, self._on_stderr)
        if on_stderr not in ('fail', 'ignore', 'warn', 'capture'):
            raise SubstitutionFailure(
                f"on_stderr of Command must be 'fail', 'ignore', 'warn' or 'capture', "
                f'not {on_stderr!r}'
            )
        try:
            result = subprocess.run(shlex.split(command), capture_output=True, text=True)
        except OSError as error:
            raise SubstitutionFailure(f'file not found: {error}') from error
        if result.returncode != 0:
            raise SubstitutionFailure(
                f'executed command failed. Command: {command}\n'
                f'Captured stderr output: {result.stderr}'
            )
        if result.stderr and on_stderr == 'fail':
            raise SubstitutionFailure(
                'executed command showed stderr output. '
                f'Command: {command}\nCaptured stderr output:\n{result.stderr}'
            )
        if result.stderr and on_stderr == 'warn':
            logging.get_logger('launch').warning(
                f'executed command showed stderr output. Command: {command}\n{result.stderr}'
            )
        return result.stdout + (result.stderr if on_stderr == 'capture' else '')
