# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Python, the libraries, and the parameters."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from assist_common.errors import ConfigurationError

from assist.nodes import NODES
from assist.preflight.check import Skipped
from assist.preflight.subject import Subject

OLDEST, NEWEST = (3, 10), (3, 14)
IMPORT_LIMIT = 100.0


@dataclass(frozen=True)
class Library:
    """A module that is imported, the oldest version that will do, and how it comes here."""

    module: str
    remedy: str
    least: str = ''


def _pip(module: str, name: str, least: str) -> Library:
    return Library(module, f"pip install '{name}>={least}'", least)


def _apt(module: str, name: str) -> Library:
    return Library(module, f'sudo apt-get install {name}')


REQUIRED = (
    _apt('rclpy', 'ros-$ROS_DISTRO-rclpy'),
    _apt('cv_bridge', 'ros-$ROS_DISTRO-cv-bridge'),
    _apt('diagnostic_updater', 'ros-$ROS_DISTRO-diagnostic-updater'),
    _apt('numpy', 'python3-numpy'),
    _apt('cv2', 'python3-opencv'),
    _apt('yaml', 'python3-yaml'),
    _apt('psutil', 'python3-psutil'),
    _pip('onnxruntime', 'onnxruntime', '1.17'),
    _pip('openvino', 'openvino', '2024.4'),
    _pip('ctranslate2', 'ctranslate2', '4.4'),
    _pip('faster_whisper', 'faster-whisper', '1.1'),
    _pip('av', 'av', '11'),
    _pip('sounddevice', 'sounddevice', '0.4.6'),
    _pip('webrtcvad', 'webrtcvad-wheels', '2.0.14'),
    _pip('hassil', 'hassil', '3.12'),
    _pip('tenacity', 'tenacity', '8.2'),
    _pip('pybreaker', 'pybreaker', '1.0'),
)
"""Modules that the nodes import; the versions are those of requirements.txt."""

OPTIONAL = (
    _pip('pynvml', 'nvidia-ml-py', '12.535'),
    Library('torch', 'pip install torch torchvision'),
    _pip('ultralytics', 'ultralytics-opencv-headless', '8.3'),
)
"""What only a GPU, or a detection model in the format of Ultralytics, needs."""


def python_version(_: Subject) -> str:
    """Compare the version of Python with those that it is written for."""
    version = sys.version_info[:2]
    text = '.'.join(str(part) for part in sys.version_info[:3])
    if not OLDEST <= version <= NEWEST:
        raise ConfigurationError(
            f'this is Python {text}',
            f'use Python {_dotted(OLDEST)} to {_dotted(NEWEST)}',
        )
    return f'{text}, {sys.executable}'


def libraries(_: Subject) -> str:
    """Import what the nodes import."""
    return _import(REQUIRED)


def optional_libraries(_: Subject) -> str:
    """Import what only some machines need."""
    return _import(OPTIONAL)


def parameters(subject: Subject) -> str:
    """Put the configuration through the parameter classes, as the nodes will."""
    count = 0
    for node in NODES:
        chosen = subject.parameters(node)
        count += len(vars(chosen))
        _check_together(node, chosen)
    arguments = subject.settings.arguments
    files = [arguments.get('config_file', 'config/assist.yaml'), arguments.get('profile', '')]
    return f'{count} parameters of {len(NODES)} nodes from {", ".join(filter(None, files))}'


def _check_together(node: str, chosen: object) -> None:
    """Let a node's own module say which values contradict each other."""
    if node == 'audio_node':
        from assist_audio.audio_parameters import segmentation

        segmentation(chosen)  # type: ignore[arg-type]
    elif node == 'monitor_node':
        from assist_monitor.monitor_parameters import to_thresholds
        from assist_monitor.relief import parse_relief

        to_thresholds(chosen)  # type: ignore[arg-type]
        parse_relief(chosen.relief)  # type: ignore[attr-defined]
    elif node == 'supervisor_node':
        from assist_monitor.supervisor_parameters import to_limits

        to_limits(chosen)  # type: ignore[arg-type]


def _import(wanted: Sequence[Library]) -> str:
    names = [library.module for library in wanted]
    command = [sys.executable, '-m', 'assist.preflight.import_probe', *names]
    try:
        process = subprocess.run(
            command, capture_output=True, text=True, timeout=IMPORT_LIMIT, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired as error:
        raise ConfigurationError(
            f'the imports took longer than {IMPORT_LIMIT:g} s', 'see that the disk works'
        ) from error
    lines = [line for line in process.stdout.splitlines() if line.startswith('{"module"')]
    results = {entry['module']: entry for entry in map(json.loads, lines)}
    return _judge(wanted, results)


def _judge(wanted: Sequence[Library], results: dict[str, dict[str, str]]) -> str:
    faults, found = [], []
    for library in wanted:
        result = results.get(library.module)
        if result is None:
            break  # the one before it ended the process
        fault = result.get('error', '' if 'version' in result else 'the import crashes Python')
        version = result.get('version', '')
        if not fault and library.least and _is_older(version, library.least):
            fault = f'{version} is older than {library.least}'
        if fault:
            faults.append((library, fault))
        found.append(f'{library.module} {version}'.strip())
    if faults:
        raise ConfigurationError(
            '; '.join(f'{library.module}: {_short(fault)}' for library, fault in faults),
            ' && '.join(dict.fromkeys(library.remedy for library, _ in faults)),
        )
    if not results:
        raise Skipped('nothing could be imported')
    return ', '.join(found)


def _short(fault: str) -> str:
    return fault.removeprefix('ModuleNotFoundError: ').removeprefix('ImportError: ')


def _is_older(version: str, least: str) -> bool:
    numbers, bound = _numbers(version), _numbers(least)
    return bool(numbers) and numbers[: len(bound)] < bound


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r'\d+', version.partition('+')[0])[:3])


def _dotted(version: tuple[int, int]) -> str:
    return '.'.join(str(part) for part in version)
