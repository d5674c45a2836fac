# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Every parameter of every node, rendered from the parameter classes: as YAML and as a table."""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import sys
from collections.abc import Iterator
from typing import Any, get_type_hints

import yaml
from assist_common.parameters import Constraint, constraint_of

from assist.nodes import NODES

YAML_HEAD = """\
# All parameters of all nodes with their defaults.
# Made from the parameter classes by: ros2 run assist configuration --yaml
# Copy it, keep the lines that you change, and start with:
#   ros2 launch assist bringup.launch.py config_file:=my.yaml
"""

MARKDOWN_HEAD = """\
# Configuration

Made from the parameter classes by `ros2 run assist configuration --markdown`; a test sees to it
that this page and `config/assist.yaml` are current.

Later wins: the defaults, `config_file`, `profile`, `ASSIST_*` variables, launch arguments.
A parameter marked *start* is read when the node is configured; the others can be changed at any
time with `ros2 param set`. A value of the wrong type or out of range is refused with the reason,
and what was set stays. `ros2 run assist preflight` puts all of it through the same checks before
anything is started; it takes the same arguments as the launch.

A file that names a node which this graph does not have is refused: `/**/stt_node` is stt_node in
any namespace.

## Profiles

A profile is laid over the configuration file: `profile:=small`.

| profile | for | sets |
| --- | --- | --- |
| `default` | any machine | nothing; a GPU is used where there is one |
| `cpu` | a machine whose GPU is for others | speech and detection on the processor |
| `gpu` | an NVIDIA GPU | `small.en` in float16 and `yolo11s.pt`, downloaded once |
| `small` | 4 GB of memory, no GPU | the smallest models, two threads each, low rates |
| `demo` | `make demo` | a picture as the camera, a synthetic voice as the person |

`small` takes 640x480 at 10 images a second and looks at five of them, has earlier limits for
memory, and a `relief` for when it is CRITICAL: back to `tiny.en`, one image a second. The model is
an English one: with another `language` of stt_node, give `model` and `relief` your own.

## Time-outs and bounds

| what | default | where |
| --- | --- | --- |
| pure silence after which a microphone counts as muted | 300 s | audio_node `silent_after` |
| no sound at all: the stream is stale, and opened again | 1.5 s | audio_node `stale_after` |
| longest recognition of one segment | 60 s | stt_node `time_limit` |
| time to answer a question of the robot | 10 s | `confirmation.seconds` of the safety policy |
| a network camera that does not answer or send a frame | 5 s | camera_node `timeout` |
| no image: the camera counts as stopped | 2 s | detector_node `timeout` |
| age up to which a scene is what is there now | 2 s | `scene.fresh` of the safety policy |
| no safety_state: everything halts | 0.4 s | executor_node `safety_timeout` |
| a node that was silent is missing | 2 s | `heartbeat_timeout` of monitor_node, supervisor_node |
| failures in a row until a node rests, and its rest | 3, 60 s | supervisor_node |
| threads of one node | 6, at most one a core | launch argument `threads`; `threads` of a node |
| samples of health that are kept | 1000 | monitor_node `history` |
| samples, checks of health | 5 s, 30 s | monitor_node `sample_period`, `check_period` |
| log file, backups | 10 MiB, 5 | monitor_node `log_file_size`, `log_backups` |

Nobody has to speak for the 300 s: a quiet room is not pure silence, and a microphone that gives
nothing but zeros is muted or broken. The end of the graph has no parameter: a node has 4.2 s from
SIGINT to SIGTERM and 0.3 s from there to SIGKILL, since the whole has to end within 5 s.

## Safety policy

What may be done is not a parameter but a file, `config/safety_policy.yaml`; a copy of yours is
given by `policy` of intent_node. An error in it names the line, and intent_node stays
unconfigured.

| key | default | meaning |
| --- | --- | --- |
| `intents.NAME.risk` | | low: done at once; medium: after a yes; high: after it is repeated |
| `intents.NAME.timeout` | | s, after which an act is cancelled |
| `intents.NAME.per_minute` | | most such acts in a minute |
| `rules` | | what raises a risk: a sharp thing, somebody near, unsure words and more |
| `confirmation.seconds` | 10 | s for the answer, from the end of the question |
| `confirmation.early` | 0.3 | s that an answer may seem to begin before that |
| `confirmation.reprompts` | 1 | questions that are asked again after an unclear answer |
| `confirmation.approve` | 0.45 | least confidence of a yes that counts |
| `confirmation.style` | medium: yes, high: repeat | what an answer has to say; high is repeat |
| `approval` | voice, typed, button: high | highest risk that each way of answering may approve |
| `understanding.confidence` | 0.3 | below it the person is asked to say it again |
| `understanding.silence` | 8 | s between two replies of "I did not understand" |
| `scene.fresh` | 2 | s that a scene counts as what is there now |

## Environment variables

| variable | sets |
| --- | --- |
| `ASSIST_` + name of a launch argument: `ASSIST_PROFILE=cpu` | the default of the launch argument |
| `ASSIST_` + node + `__` + parameter: `ASSIST_STT_NODE__BEAM_SIZE=3` | the parameter of the node |

A value is written as in YAML; a text needs no quotes, and a list may be given as `a,b`. A variable
that is empty counts as not set. An argument wins over the parameter that it stands for. A variable
that names nothing, or whose value is refused, ends the launch with one sentence before a node has
started. These have the same prefix and another purpose:
`ASSIST_MODEL_PATH` (folders with packaged models), `ASSIST_ENV_ROOT`, `ASSIST_ROS_ROOT`,
`ASSIST_UNDERLAY` and `ASSIST_SIGNALS_RESET` (set-up and tests).
"""


@dataclasses.dataclass(frozen=True)
class Entry:
    """One parameter of one node."""

    name: str
    type_name: str
    default: Any
    constraint: Constraint


def parameter_class(node: str) -> Any:
    """Return the dataclass with the parameters of a node."""
    module = importlib.import_module(f'{NODES[node]}.{node}')
    class_name = ''.join(part.capitalize() for part in node.split('_'))
    return get_type_hints(getattr(module, class_name))['parameters']


def entries(node: str) -> Iterator[Entry]:
    """Yield the parameters of a node in the order of its class."""
    parameters = parameter_class(node)
    types = get_type_hints(parameters)
    for field in dataclasses.fields(parameters):
        yield Entry(
            field.name, _type_name(types[field.name]), field.default, constraint_of(field)
        )


def as_yaml() -> str:
    """Return the configuration file of the graph with every default."""
    parts = [YAML_HEAD]
    for node in NODES:
        parts.append(f'\n/**/{node}:\n  ros__parameters:\n')
        for entry in entries(node):
            parts.append(f'    # {_note(entry)}\n')
            parts.append(f'    {entry.name}: {_yaml_value(entry.default)}\n')
    return ''.join(parts)


def as_markdown() -> str:
    """Return the page that documents every parameter."""
    parts = [MARKDOWN_HEAD]
    for node in NODES:
        parts.append(f'\n## {node} ({NODES[node]})\n\n')
        parts.append('| parameter | type | default | meaning | limits | read |\n')
        parts.append('| --- | --- | --- | --- | --- | --- |\n')
        for entry in entries(node):
            parts.append(_row(entry))
    return ''.join(parts)


def main() -> int:
    """Print the configuration as YAML or as a page."""
    parser = argparse.ArgumentParser(prog='configuration', description=__doc__)
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument('--yaml', action='store_true', help='print config/assist.yaml')
    choice.add_argument('--markdown', action='store_true', help='print docs/configuration.md')
    options = parser.parse_args()
    sys.stdout.write(as_yaml() if options.yaml else as_markdown())
    return 0


def _row(entry: Entry) -> str:
    constraint = entry.constraint
    cells = (
        f'`{entry.name}`',
        entry.type_name,
        f'`{_yaml_value(entry.default)}`',
        constraint.description.replace('|', '\\|'),
        _limits(constraint),
        'start' if constraint.read_only else 'any time',
    )
    return f'| {" | ".join(cells)} |\n'


def _note(entry: Entry) -> str:
    limits = _limits(entry.constraint)
    start = 'read at the start' if entry.constraint.read_only else ''
    extra = '; '.join(part for part in (limits, start) if part)
    return f'{entry.constraint.description} [{extra}]' if extra else entry.constraint.description


def _limits(constraint: Constraint) -> str:
    if constraint.choices:
        return ', '.join(str(choice) or "''" for choice in constraint.choices)
    if constraint.low is not None and constraint.high is not None:
        return f'{constraint.low:g} to {constraint.high:g}'
    if constraint.low is not None:
        return f'at least {constraint.low:g}'
    if constraint.high is not None:
        return f'at most {constraint.high:g}'
    return ''


def _yaml_value(value: Any) -> str:
    plain = list(value) if isinstance(value, tuple) else value
    text = yaml.safe_dump(plain, default_flow_style=True, width=10_000)
    return text.removesuffix('...\n').strip()


def _type_name(kind: Any) -> str:
    if isinstance(kind, type):
        return kind.__name__
    return f'list of {kind.__args__[0].__name__}'


if __name__ == '__main__':
    sys.exit(main())
