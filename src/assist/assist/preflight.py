# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Check this machine before the graph is started: what works, what is missing, what to do."""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assist_common import models
from assist_common.errors import AssistError, ConfigurationError

from assist import image_loopback
from assist.configuration import entries

LIBRARIES = (
    ('faster-whisper',),
    ('ultralytics', 'ultralytics-opencv-headless'),
    ('opencv-python', 'opencv-python-headless', 'opencv-contrib-python'),
    ('webrtcvad', 'webrtcvad-wheels'),
    ('sounddevice',),
    ('psutil',),
    ('hassil',),
    ('tenacity',),
    ('pybreaker',),
)
"""Distributions of which one each must be there; the first is what pip installs."""

MODELS = (('stt_node', 'model'), ('detector_node', 'model'))
FREE_SPACE = 2**30
IMAGES = 100
LOST_IMAGES_ALLOWED = 1

SYMBOLS = {'pass': '✓', 'skip': '–', 'fail': '✗'}


class Skipped(Exception):
    """The check does not apply to this machine; the text says why."""


@dataclass(frozen=True)
class Outcome:
    """What a check found."""

    name: str
    result: str
    text: str
    remedy: str
    seconds: float


def libraries() -> str:
    """Find the Python libraries of all nodes."""
    found = []
    for alternatives in LIBRARIES:
        version = _version(alternatives)
        if version is None:
            raise ConfigurationError(
                f'the Python library {alternatives[0]} is missing',
                'pip install -r requirements.txt',
            )
        found.append(f'{alternatives[0]} {version}')
    return ', '.join(found)


def ros_environment() -> str:
    """Find the distribution, the middleware and who can join the graph."""
    distribution = os.environ.get('ROS_DISTRO')
    if not distribution:
        raise ConfigurationError('ROS_DISTRO is not set', 'source setup.bash')
    reach = os.environ.get('ROS_AUTOMATIC_DISCOVERY_RANGE', 'SUBNET')
    domain = os.environ.get('ROS_DOMAIN_ID', '0')
    return f'{distribution}, domain {domain}, discovery range {reach}'


def image_transport() -> str:
    """Send camera-sized images between two processes and count them."""
    result = image_loopback.measure(IMAGES)
    if result.discovery is None:
        raise ConfigurationError(
            'two processes on this machine do not find each other',
            'let UDP through on the loopback interface, or set ROS_STATIC_PEERS=127.0.0.1',
        )
    if result.received < result.sent - LOST_IMAGES_ALLOWED:
        raise ConfigurationError(
            f'only {result.received} of {result.sent} images arrived',
            'set FASTDDS_DEFAULT_PROFILES_FILE to config/fastdds.xml; setup.bash does',
        )
    return (
        f'{result.received} of {result.sent} images of 640x480 at 30 Hz, '
        f'discovery {result.discovery:.1f} s'
    )


def packaged_models() -> str:
    """Find the default models on this machine."""
    names = []
    for node, parameter in MODELS:
        name = next(entry.default for entry in entries(node) if entry.name == parameter)
        models.resolve(name)
        names.append(str(name))
    return ', '.join(names)


def microphone() -> str:
    """Find an input device."""
    try:
        import sounddevice
    except OSError as error:
        raise ConfigurationError(
            'the PortAudio library is missing', 'sudo apt-get install libportaudio2'
        ) from error
    names = [
        device['name'] for device in sounddevice.query_devices() if device['max_input_channels']
    ]
    if not names:
        raise Skipped('no microphone; start with audio_source:=file or topic')
    return ', '.join(names)


def voice() -> str:
    """Find the speech synthesiser."""
    path = shutil.which('espeak-ng')
    if path is None:
        raise ConfigurationError('espeak-ng is missing', 'sudo apt-get install espeak-ng')
    return 'espeak-ng'


def camera() -> str:
    """Find a video device."""
    devices = sorted(str(path) for path in Path('/dev').glob('video*'))
    if not devices:
        raise Skipped('no camera; start with camera_source:=FILE or a URL')
    return ', '.join(devices)


def log_folder() -> str:
    """Write to the log folder and see how much space it has."""
    home = Path(os.environ.get('ROS_HOME', Path.home() / '.ros'))
    folder = Path(os.environ.get('ROS_LOG_DIR', home / 'log'))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f'.preflight_{os.getpid()}'
        probe.write_text('x')
        probe.unlink()
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise ConfigurationError(
            f'cannot write to {folder}: {error.strerror}', 'set ROS_LOG_DIR to another folder'
        ) from error
    if free < FREE_SPACE:
        raise ConfigurationError(
            f'only {free / 2**20:.0f} MiB are free at {folder}', 'free 1 GiB or set ROS_LOG_DIR'
        )
    return f'{folder}, {free / 2**30:.0f} GiB free'


CHECKS: dict[str, Callable[[], str]] = {
    'ROS environment': ros_environment,
    'libraries': libraries,
    'models': packaged_models,
    'image transport': image_transport,
    'microphone': microphone,
    'camera': camera,
    'voice': voice,
    'log folder': log_folder,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all checks; return 0 only if none failed."""
    parser = argparse.ArgumentParser(prog='preflight', description=__doc__)
    parser.add_argument('--json', action='store_true', help='print one JSON object a check')
    options = parser.parse_args(sys.argv[1:] if arguments is None else arguments)
    write = _as_json if options.json else _as_text
    failed = 0
    for name, check in CHECKS.items():
        outcome = examine(name, check)
        failed += outcome.result == 'fail'
        print(write(outcome), flush=True)
    if not options.json:
        print(f'\n{failed} of {len(CHECKS)} checks failed.' if failed else '\nReady.')
    return 1 if failed else 0


def examine(name: str, check: Callable[[], str]) -> Outcome:
    """Run one check."""
    began = time.monotonic()

    def outcome(result: str, text: str, remedy: str = '') -> Outcome:
        return Outcome(name, result, text, remedy, round(time.monotonic() - began, 3))

    try:
        return outcome('pass', check())
    except Skipped as reason:
        return outcome('skip', str(reason))
    except AssistError as error:
        return outcome('fail', error.cause, error.remedy)
    except Exception as error:
        return outcome('fail', f'{type(error).__name__}: {error}')


def _version(alternatives: Sequence[str]) -> str | None:
    for name in alternatives:
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return None


def _as_text(outcome: Outcome) -> str:
    remedy = f'\n{"":20}→ {outcome.remedy}' if outcome.remedy else ''
    symbol = SYMBOLS[outcome.result]
    return f'{symbol} {outcome.name:<17} {outcome.text} ({outcome.seconds:.1f} s){remedy}'


def _as_json(outcome: Outcome) -> str:
    return json.dumps(asdict(outcome))


if __name__ == '__main__':
    sys.exit(main())
