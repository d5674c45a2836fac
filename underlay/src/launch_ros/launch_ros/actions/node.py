# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the Node action."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from launch import LaunchContext, SomeSubstitutionsType, Substitution
from launch.actions import ExecuteProcess
from launch.logging import get_logger
from launch.utilities import normalize_to_list_of_substitutions, perform

from ..substitutions import ExecutableInPackage
from ..utilities import (
    evaluate_parameters,
    normalize_parameters,
    prefix_namespace,
    to_yaml,
    validate_namespace,
    validate_node_name,
)

UNSPECIFIED_NAME = '<node_name_unspecified>'


class Node(ExecuteProcess):
    """
    Runs a ROS node.

    ``executable`` is one of ``package``, or a path if no package is given. ``parameters`` is a
    list of dictionaries and YAML files, of which the later have precedence; ``remappings`` is a
    list of pairs. ``exec_name`` names the process in the log.
    """

    def __init__(
        self,
        *,
        executable: SomeSubstitutionsType,
        package: SomeSubstitutionsType | None = None,
        name: SomeSubstitutionsType | None = None,
        namespace: SomeSubstitutionsType | None = None,
        exec_name: SomeSubstitutionsType | None = None,
        parameters: Sequence[Any] | None = None,
        remappings: Iterable[tuple[SomeSubstitutionsType, SomeSubstitutionsType]] | None = None,
        ros_arguments: Iterable[SomeSubstitutionsType] | None = None,
        arguments: Iterable[SomeSubstitutionsType] | None = None,
        **kwargs: Any,
    ) -> None:
        program = executable if package is None else ExecutableInPackage(executable, package)
        for argument, value in (('arguments', arguments), ('ros_arguments', ros_arguments)):
            if isinstance(value, (str, Substitution)):
                raise TypeError(f'{argument} of {type(self).__name__} must be a list')
        super().__init__(cmd=[program, *(arguments or ())], name=exec_name, **kwargs)
        self._package = package
        self._executable = executable
        self._node_name = name
        self._namespace = namespace
        self._parameters = normalize_parameters(parameters or [])
        self._remappings = _normalize_remappings(type(self).__name__, remappings or ())
        self._ros_arguments = [
            normalize_to_list_of_substitutions(argument) for argument in ros_arguments or ()
        ]
        self._expanded_namespace: str | None = None
        self._full_name: str | None = None
        self._temporary_files: list[str] = []

    @property
    def node_package(self) -> SomeSubstitutionsType | None:
        return self._package

    @property
    def node_executable(self) -> SomeSubstitutionsType:
        return self._executable

    @property
    def node_name(self) -> str:
        """The full name of the node, once it is executed."""
        if self._full_name is None:
            raise RuntimeError("cannot access 'node_name' before executing action")
        return self._full_name

    @property
    def expanded_node_namespace(self) -> str:
        """The namespace of the node, once it is executed."""
        return self._expanded_namespace or ''

    def is_node_name_fully_specified(self) -> bool:
        return UNSPECIFIED_NAME not in self.node_name

    def execute(self, context: LaunchContext) -> None:
        super().execute(context)
        if self._completed is not None:
            self._completed.add_done_callback(lambda _: self._remove_temporary_files())
            self._warn_of_duplicate(context)

    def _perform_command(self, context: LaunchContext) -> list[str]:
        return [
            *super()._perform_command(context),
            '--ros-args',
            *(perform(context, argument) for argument in self._ros_arguments),
            *self._name_arguments(context),
            *self._parameter_arguments(context),
            *self._remapping_arguments(context),
        ]

    def _name_arguments(self, context: LaunchContext) -> list[str]:
        arguments = []
        name = UNSPECIFIED_NAME
        if self._node_name is not None:
            name = perform(context, self._node_name)
            validate_node_name(name)
            arguments += ['-r', f'__node:={name}']
        own_namespace = None if self._namespace is None else perform(context, self._namespace)
        namespace = prefix_namespace(
            context.launch_configurations.get('ros_namespace'), own_namespace
        )
        if namespace is not None:
            validate_namespace(namespace)
            arguments += ['-r', f'__ns:={namespace}']
        self._expanded_namespace = namespace
        self._full_name = f'{(namespace or "").rstrip("/")}/{name}'
        return arguments

    def _parameter_arguments(self, context: LaunchContext) -> list[str]:
        arguments: list[str] = []
        for item in (
            *context.launch_configurations.get('global_params', ()),
            *evaluate_parameters(context, self._parameters),
        ):
            if isinstance(item, tuple):
                name, value = item
                arguments += ['-p', f'{name}:={to_yaml(value, one_line=True)}']
                continue
            path = item if isinstance(item, Path) else self._write_parameters(item)
            if not path.is_file():
                get_logger('launch_ros').warning(f'Parameter file path is not a file: {path}')
                continue
            arguments += ['--params-file', str(path)]
        return arguments

    def _write_parameters(self, contents: dict[str, Any]) -> Path:
        """Write the contents of a parameter file; the key '' is for parameters of this node."""
        if '' in contents:
            key = self.node_name if self.is_node_name_fully_specified() else '/**'
            contents = {key: {'ros__parameters': contents['']}}
        with NamedTemporaryFile(
            'w', prefix='launch_params_', delete=False, encoding='utf-8'
        ) as file:
            file.write(to_yaml(contents))
        self._temporary_files.append(file.name)
        return Path(file.name)

    def _remove_temporary_files(self) -> None:
        for path in self._temporary_files:
            os.unlink(path)
        self._temporary_files.clear()

    def _remapping_arguments(self, context: LaunchContext) -> list[str]:
        rules = [
            *context.launch_configurations.get('ros_remaps', ()),
            *((perform(context, src), perform(context, dst)) for src, dst in self._remappings),
        ]
        return [argument for src, dst in rules for argument in ('-r', f'{src}:={dst}')]

    def _warn_of_duplicate(self, context: LaunchContext) -> None:
        if not self.is_node_name_fully_specified():
            return
        names = context.get_locals_as_dict().get('launch_ros_node_names', ())
        context.extend_globals({'launch_ros_node_names': (*names, self.node_name)})
        count = names.count(self.node_name) + 1
        if count > 1:
            get_logger(self.name).warning(
                f'there are now at least {count} nodes with the name {self.node_name} created '
                'within this launch context'
            )


def _normalize_remappings(
    owner: str, remappings: Iterable[tuple[SomeSubstitutionsType, SomeSubstitutionsType]]
) -> list[tuple[list[Substitution], list[Substitution]]]:
    result = []
    for rule in remappings:
        if not isinstance(rule, (tuple, list)) or len(rule) != 2:
            raise TypeError(f'remappings of {owner} must be pairs, not {rule!r}')
        src, dst = rule
        result.append(
            (normalize_to_list_of_substitutions(src), normalize_to_list_of_substitutions(dst))
        )
    return result
