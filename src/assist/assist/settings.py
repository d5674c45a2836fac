# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What the graph is set to: configuration file, profile, environment, launch arguments."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_type_hints

import yaml
from ament_index_python.packages import get_package_share_directory
from assist_common.errors import ConfigurationError
from assist_common.parameters import check

from assist.configuration import parameter_class
from assist.nodes import NODES

SHARE = Path(get_package_share_directory('assist'))
CONFIG_FILE = SHARE / 'config' / 'assist.yaml'
PROFILES = SHARE / 'config' / 'profiles'
NO_PROFILE = 'default'

OVERRIDES = {
    'audio_source': ('audio_node', 'source'),
    'audio_device': ('audio_node', 'device'),
    'audio_files': ('audio_node', 'files'),
    'speech_model': ('stt_node', 'model'),
    'camera_source': ('camera_node', 'source'),
    'vision_model': ('detector_node', 'model'),
    'log_directory': ('monitor_node', 'log_directory'),
    'audit_folder': ('intent_node', 'audit_folder'),
}
"""Launch arguments that stand for one parameter of one node; empty leaves it to the files."""

ARGUMENTS = (
    'config_file',
    'profile',
    'namespace',
    'nodes',
    *OVERRIDES,
    'log_level',
    'threads',
    'use_sim_time',
    'respawn',
    'discovery',
)
"""The names of all launch arguments."""

PREFIX = 'ASSIST_'
OTHER_VARIABLES = (
    'ASSIST_MODEL_PATH',
    'ASSIST_ENV_ROOT',
    'ASSIST_ROS_ROOT',
    'ASSIST_UNDERLAY',
    'ASSIST_SIGNALS_RESET',
)
"""Variables with the same prefix that set-up, tests and the search for models use."""

_FROM_LAUNCH = ('use_sim_time', 'autostart')


def profiles() -> list[str]:
    """Return the names of the profiles."""
    return [NO_PROFILE, *sorted(path.stem for path in PROFILES.glob('*.yaml'))]


def parameter_files(config_file: str, profile: str, namespace: str = '') -> list[Path]:
    """Return the configuration file and the profile on top of it.

    Raises:
        ConfigurationError: the file can not be used as it is, or there is no such profile.
    """
    config = Path(config_file).expanduser()
    read(config, namespace)
    if profile not in profiles():
        raise ConfigurationError(
            f"there is no profile '{profile}'", f'use one of: {", ".join(profiles())}'
        )
    return [config, *([] if profile == NO_PROFILE else [PROFILES / f'{profile}.yaml'])]


def read(path: Path, namespace: str = '') -> dict[str, dict[str, Any]]:
    """Return the parameters that a file has, by the pattern of the nodes that they are for.

    rcl would end every node with a riddle where the file is broken, and ignore a name that no
    node has.

    Args:
        namespace: of the graph.

    Raises:
        ConfigurationError: it is missing, broken, or for no node of this graph.
    """
    about = f'the configuration config_file:={path}'
    example = f'see {CONFIG_FILE}'
    try:
        content = yaml.safe_load(path.read_text())
    except FileNotFoundError:
        remedy = 'give the path of a YAML file'
        raise ConfigurationError(f'{about} does not exist', remedy) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = ' '.join(str(error).split())
        raise ConfigurationError(f'{about} can not be read ({reason})', example) from None
    if not isinstance(content, dict):
        raise ConfigurationError(f'{about} holds no nodes', example)
    sections = {}
    for key, entry in content.items():
        if not isinstance(entry, dict) or not isinstance(entry.get('ros__parameters'), dict):
            raise ConfigurationError(f"{about}: '{key}' has no ros__parameters", example)
        _check_key(about, str(key), namespace)
        sections[str(key)] = entry['ros__parameters']
    return sections


def from_environment(
    environment: Mapping[str, str],
) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """Return the launch arguments, and the parameters by node, that ASSIST_* variables set.

    ASSIST_PROFILE is the launch argument `profile`; ASSIST_STT_NODE__BEAM_SIZE is the parameter
    `beam_size` of stt_node. A variable that is empty counts as not set.

    Raises:
        ConfigurationError: one of them names nothing, or has a value that is refused.
    """
    arguments: dict[str, str] = {}
    parameters: dict[str, dict[str, Any]] = {}
    for variable, text in sorted(environment.items()):
        if not variable.startswith(PREFIX) or variable in OTHER_VARIABLES or not text:
            continue
        name, separator, parameter = variable.removeprefix(PREFIX).lower().partition('__')
        if separator and name in NODES:
            value = _from_text(variable, name, parameter, text)
            parameters.setdefault(name, {})[parameter] = value
        elif not separator and name in ARGUMENTS:
            arguments[name] = text
        else:
            raise ConfigurationError(*_no_variable(variable))
    return arguments, parameters


class Settings:
    """The parameters of every node, as a launch with the same arguments would give them."""

    def __init__(
        self, arguments: Mapping[str, str] | None = None, environment: Mapping[str, str] = {}
    ) -> None:
        """Read the files and the environment.

        Args:
            arguments: launch arguments; what is missing is as in the launch.

        Raises:
            ConfigurationError: one of them can not be used.
        """
        from_variables, parameters = from_environment(environment)
        self.arguments = {**from_variables, **(arguments or {})}
        self.namespace = self.arguments.get('namespace', 'assist').strip('/')
        self._given: dict[str, dict[str, Any]] = {node: {} for node in NODES}
        files = parameter_files(
            self.arguments.get('config_file', str(CONFIG_FILE)),
            self.arguments.get('profile', NO_PROFILE),
            self.namespace,
        )
        for path in files:
            self._take_file(path)
        for node, values in parameters.items():
            self._given[node].update(values)
        for argument, (node, name) in OVERRIDES.items():
            if value := self.arguments.get(argument):
                self._given[node][name] = (
                    tuple(value.split(',')) if argument == 'audio_files' else value
                )

    def full_name(self, node: str) -> str:
        """Return the name of a node with its namespace."""
        return f'/{self.namespace}/{node}' if self.namespace else f'/{node}'

    def parameters(self, node: str) -> Any:
        """Return the parameters of a node, an instance of its class.

        Raises:
            ConfigurationError: the first one that is wrong.
        """
        kind = parameter_class(node)
        values = {}
        for name, value in self._given[node].items():
            if name in _FROM_LAUNCH or name.startswith('qos_overrides.'):
                continue
            _check_name(node, name)
            try:
                values[name] = check(kind, name, value)
            except ConfigurationError as error:
                raise ConfigurationError(f'{node}: {error.cause}', error.remedy) from error
        return kind(**values)

    def _take_file(self, path: Path) -> None:
        for key, values in read(path, self.namespace).items():
            for node in NODES:
                if _matches(key.strip('/').split('/'), self.full_name(node)[1:].split('/')):
                    self._given[node].update(_flat(values))


def _check_key(about: str, key: str, namespace: str) -> None:
    node = key.rpartition('/')[2]
    if node not in ('*', '**', *NODES):
        near = difflib.get_close_matches(node, NODES, n=1)
        hint = f"did you mean '/**/{near[0]}'?" if near else f'the nodes are {", ".join(NODES)}'
        raise ConfigurationError(f"{about}: '{key}' is no node of this graph", hint)
    if namespace and key.strip('/') in NODES:
        raise ConfigurationError(
            f"{about}: '{key}' is not in the namespace {namespace}", f"write '/**/{node}'"
        )


def _check_name(node: str, name: str) -> None:
    known = [field.name for field in dataclasses.fields(parameter_class(node))]
    if name in known:
        return
    near = difflib.get_close_matches(name, known, n=1)
    raise ConfigurationError(
        f"{node} has no parameter '{name}'",
        f"did you mean '{near[0]}'?" if near else 'see docs/configuration.md',
    )


def _from_text(variable: str, node: str, name: str, text: str) -> Any:
    try:
        _check_name(node, name)
        kind = parameter_class(node)
        value = check(kind, name, _parse(text, get_type_hints(kind)[name]))
    except yaml.YAMLError:
        raise ConfigurationError(f"{variable}='{text}' can not be read as YAML") from None
    except ConfigurationError as error:
        raise ConfigurationError(
            f"the variable {variable}='{text}' is refused: {error.cause}", error.remedy
        ) from None
    if value == ():
        # launch_ros can not hand on a list that has no type.
        raise ConfigurationError(f"{variable}='{text}' is an empty list", 'use config_file for it')
    return value


def _parse(text: str, wanted: Any) -> Any:
    if wanted is str:
        return text
    if isinstance(wanted, type) or text.lstrip().startswith('['):
        return yaml.safe_load(text)
    items = [item.strip() for item in text.split(',')]
    return items if wanted == tuple[str, ...] else [yaml.safe_load(item) for item in items]


def _no_variable(variable: str) -> tuple[str, str]:
    nodes = [f'{PREFIX}{node.upper()}__' for node in NODES]
    node, separator, parameter = variable.partition('__')
    if separator:
        near = difflib.get_close_matches(f'{node}__', nodes, n=1)
        hint = f'{near[0]}{parameter}' if near else ''
    else:
        arguments = [f'{PREFIX}{name.upper()}' for name in ARGUMENTS]
        hint = next(iter(difflib.get_close_matches(variable, arguments, n=1, cutoff=0.75)), '')
    return (
        f'the variable {variable} sets nothing',
        f'did you mean {hint}?'
        if hint
        else f'write {PREFIX}PROFILE for a launch argument, {nodes[0]}DEVICE for a parameter',
    )


def _flat(values: Mapping[str, Any], prefix: str = '') -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            flat.update(_flat(value, f'{prefix}{name}.'))
        else:
            flat[f'{prefix}{name}'] = value
    return flat


def _matches(pattern: Sequence[str], name: Sequence[str]) -> bool:
    if not pattern:
        return not name
    if pattern[0] == '**':
        return any(_matches(pattern[1:], name[skipped:]) for skipped in range(len(name) + 1))
    same = bool(name) and pattern[0] in ('*', name[0])
    return same and _matches(pattern[1:], name[1:])

