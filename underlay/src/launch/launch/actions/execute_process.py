# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the ExecuteProcess action."""

from __future__ import annotations

import itertools
import os
import shlex
from collections.abc import Iterable, Mapping
from typing import Any

from ..launch_context import LaunchContext
from ..some_substitutions_type import SomeSubstitutionsType
from ..substitution import Substitution
from ..utilities import normalize_to_list_of_substitutions, perform, perform_substitutions
from .execute_local import ExecuteLocal

Environment = Mapping[Any, SomeSubstitutionsType]

_numbers = itertools.count(1)


class ExecuteProcess(ExecuteLocal):
    """
    Runs a command.

    Each item of ``cmd`` is one argument: a text, a substitution, or a list of both to be joined.
    ``env`` replaces the environment, ``additional_env`` adds to it; ``prefix`` (or the launch
    configuration 'launch-prefix') is put before the command, for a debugger for example.
    """

    def __init__(
        self,
        *,
        cmd: Iterable[SomeSubstitutionsType],
        prefix: SomeSubstitutionsType | None = None,
        name: SomeSubstitutionsType | None = None,
        cwd: SomeSubstitutionsType | None = None,
        env: Environment | None = None,
        additional_env: Environment | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if isinstance(cmd, (str, Substitution)):
            raise TypeError(
                f'cmd of {type(self).__name__} must be a list of arguments, not {cmd!r}'
            )
        self._cmd = [normalize_to_list_of_substitutions(part) for part in cmd]
        if not self._cmd:
            raise ValueError(f'cmd of {type(self).__name__} must not be empty')
        self._prefix = prefix
        self._name = name
        self._cwd = cwd
        self._env = env
        self._additional_env = additional_env

    @property
    def cmd(self) -> list[list[Substitution]]:
        return self._cmd

    def describe(self) -> str:
        return f'{type(self).__name__}({self.name})'

    def _describe_process(self, context: LaunchContext) -> dict[str, Any]:
        cmd = self._perform_command(context)
        executable = cmd[0].split()[0] if self._shell else cmd[0]
        name = os.path.basename(executable) if self._name is None else perform(context, self._name)
        prefix = self._prefix
        if prefix is None:
            prefix = context.launch_configurations.get('launch-prefix', '')
        return {
            'name': f'{name}-{next(_numbers)}',
            'cmd': [*shlex.split(perform(context, prefix)), *cmd],
            'cwd': None if self._cwd is None else perform(context, self._cwd),
            'env': self._final_environment(context),
        }

    def _perform_command(self, context: LaunchContext) -> list[str]:
        return [perform_substitutions(context, part) for part in self._cmd]

    def _final_environment(self, context: LaunchContext) -> dict[str, str]:
        """Return the environment as it is in the scope of the action: respawns keep it."""
        base = dict(context.environment) if self._env is None else {}
        for environment in (self._env or {}, self._additional_env or {}):
            for name, value in environment.items():
                base[perform(context, name)] = perform(context, value)
        return base
