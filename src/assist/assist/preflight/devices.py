# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Microphone, loudspeaker and camera: whether something really comes out of them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
from assist_common.errors import ConfigurationError, DeviceError

from assist.preflight.check import Skipped
from assist.preflight.subject import Subject

CAPTURE_SECONDS = 0.5
SILENCE_SECONDS = 2.0
"""Seconds that it is listened while there is nothing but zeros: a stream may begin with them."""
CAPTURE_LIMIT = 5.0
VIDEO_DEVICES = Path('/dev')


def microphone(subject: Subject) -> str:
    """Record half a second, or the beginning of the file that stands for the microphone."""
    chosen = subject.parameters('audio_node')
    if chosen.source == 'topic':
        raise Skipped('sound comes from the topic audio_in')
    if chosen.source == 'file':
        return _sound_files([*([chosen.file] if chosen.file else []), *chosen.files])
    from assist_audio import sound_device

    if not chosen.device and not sound_device.devices('input'):
        raise Skipped('no microphone here; connect one, or use audio_source:=topic or file')
    return _capture(chosen.device, chosen.device_rate)


def loudspeaker(subject: Subject) -> str:
    """Play a tenth of a second of silence."""
    chosen = subject.parameters('speaker_node')
    if chosen.output == 'silent':
        raise Skipped('the parameter output is silent')
    from assist_audio import sound_device

    if chosen.output == 'auto' and not chosen.device and not sound_device.devices('output'):
        raise Skipped('no loudspeaker here, so what the robot says is not heard; connect one')
    found = sound_device.find(chosen.device, 'output')
    sounddevice = sound_device.library()
    try:
        with sounddevice.OutputStream(
            device=found.index, samplerate=found.rate, channels=1, dtype='int16'
        ) as stream:
            stream.write(np.zeros((found.rate // 10, 1), np.int16))
    except sounddevice.PortAudioError as error:
        raise DeviceError(
            f"the loudspeaker '{found.name}' does not work ({error.args[0]})",
            'see that no other program holds it',
        ) from error
    return f'{found.name}, {found.rate} Hz'


def camera(subject: Subject) -> str:
    """Read one frame from the source that is set."""
    from assist_vision import camera as cameras

    chosen = subject.parameters('camera_node')
    if chosen.source == '0' and not any(VIDEO_DEVICES.glob('video*')):
        raise Skipped('no camera here; connect one, or use camera_source:=FILE or an address')
    options = cameras.CameraOptions(
        width=chosen.width, height=chosen.height, rate=chosen.rate, timeout=chosen.timeout
    )
    source = cameras.open_source(chosen.source, options)
    try:
        frame = source.read(0.0)
    finally:
        source.close()
    if frame is None:
        raise DeviceError(f"the camera source '{chosen.source}' has no frame", 'use another one')
    height, width = frame.shape[:2]
    black = '; but it is black: see that nothing covers the lens' if not frame.any() else ''
    return f'a frame of {width}x{height} from {source.name}{black}'


def _capture(device: str, rate: int) -> str:
    from assist_audio.audio import FRAME_SECONDS
    from assist_audio.device_source import DeviceSource

    source = DeviceSource(device, time.time_ns, rate)
    source.open()
    heard: list[Any] = []
    try:
        deadline = time.monotonic() + CAPTURE_LIMIT
        wanted = CAPTURE_SECONDS
        while len(heard) * FRAME_SECONDS < wanted and time.monotonic() < deadline:
            heard += source.read(0.1)
            wanted = CAPTURE_SECONDS if _peak(heard) else SILENCE_SECONDS
    finally:
        source.close()
    seconds = len(heard) * FRAME_SECONDS
    if seconds < CAPTURE_SECONDS:
        raise DeviceError(
            f"the microphone '{source.name}' gave {seconds:.1f} s of sound in {CAPTURE_LIMIT:g} s",
            'see that it is connected and that no other program holds it',
        )
    loudest = _peak(heard)
    level = f'peak {20 * np.log10(loudest / 32768):.0f} dB' if loudest else 'pure silence'
    muted = '' if loudest else ': see that it is not muted'
    return f'{seconds:.1f} s from {source.name}, {level}{muted}'


def _peak(frames: list[Any]) -> int:
    return max((int(np.abs(one.samples.astype(np.int32)).max()) for one in frames), default=0)


def _sound_files(paths: list[str]) -> str:
    from assist_audio import audio_file

    if not paths:
        raise ConfigurationError('there is no sound file to play', 'give audio_files:=PATH')
    for path in paths:
        if next(iter(audio_file.frames(path)), None) is None:
            raise ConfigurationError(f"the sound file '{path}' is empty", 'use another one')
    return f'{len(paths)} sound files, such as {paths[0]}'
