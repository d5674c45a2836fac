# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Sound from WAV, FLAC, MP3 and whatever else FFmpeg reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from assist_common.errors import ConfigurationError, InputError

from assist_audio.audio import SECOND, Frame, Waveform, mix_down
from assist_audio.resample import RATES, FrameCutter


def check_file(path: str) -> None:
    """Raise an InputError when a file is not there or holds no sound that can be read."""
    for _ in blocks(path):
        return
    raise InputError(f'{path} holds no sound', 'give a WAV, FLAC or MP3 file')


def frames(path: str, start: int = 0) -> Iterator[Frame]:
    """Yield the sound of a file as frames; stamps count from `start`, ns.

    Raises:
        InputError: the file is missing, empty or no sound. A damaged end is left out.
    """
    cutter: FrameCutter | None = None
    received = rate = 0
    for rate, block in blocks(path):
        cutter = cutter or FrameCutter(rate)
        yield from cutter.feed(block, start + received * SECOND // rate)
        received += len(block)
    if cutter is None:
        raise InputError(f'{path} holds no sound', 'give a WAV, FLAC or MP3 file')
    yield from cutter.flush(start + received * SECOND // rate)


def blocks(path: str) -> Iterator[tuple[int, Waveform]]:
    """Yield the sample rate and the next mono samples of a file, until its end or damage."""
    av = _import_av()
    if not Path(path).is_file():
        raise InputError(f'there is no audio file {path}', 'check the path')
    try:
        container = av.open(path, mode='r', metadata_errors='ignore')
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise InputError(
            f'{path} is not an audio file ({error.strerror or error})'
            if isinstance(error, OSError)
            else f'{path} is not an audio file',
            'give a WAV, FLAC or MP3 file',
        ) from error
    with container:
        if not container.streams.audio:
            raise InputError(f'{path} holds no sound', 'give a WAV, FLAC or MP3 file')
        yield from _decode(av, container, path)


def _decode(av: Any, container: Any, path: str) -> Iterator[tuple[int, Waveform]]:
    rate = 0
    decoded = container.decode(audio=0)
    while True:
        try:
            frame = next(decoded)
        except StopIteration:
            return
        except av.error.EOFError:
            return
        except (av.error.FFmpegError, ValueError):
            if rate:
                return  # damaged from here on
            raise InputError(f'{path} is damaged', 'give another file') from None
        rate = rate or frame.sample_rate
        if frame.sample_rate != rate or not RATES[0] <= rate <= RATES[1]:
            raise InputError(
                f'{path} has a sample rate of {frame.sample_rate} Hz',
                f'convert it to one rate from {RATES[0]} to {RATES[1]} Hz',
            )
        if frame.samples:
            yield rate, mix_down(_channels(frame, path))


def _channels(frame: Any, path: str) -> np.ndarray[Any, np.dtype[Any]]:
    """Return (samples, channels) of a planar or packed frame."""
    array: np.ndarray[Any, np.dtype[Any]]
    try:
        array = frame.to_ndarray()
    except ValueError as error:
        raise InputError(
            f'{path} has samples of the kind {frame.format.name}', 'convert it to 16 bit'
        ) from error
    if frame.format.is_planar:
        return array.T
    return array.reshape(frame.samples, -1)


def _import_av() -> Any:
    try:
        import av
    except ImportError as error:
        raise ConfigurationError(
            'the package av is not installed', 'run: pip install av'
        ) from error
    return av
