# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Text to sound, by espeak-ng or Piper as a program of its own."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from assist_common.errors import ConfigurationError, DeviceError, ModelError

from assist_audio.audio import Samples

ENGINES = ('espeak-ng', 'piper')
LONGEST_TEXT = 2000
"""Characters; what is longer is cut."""

_TIME_LIMIT = 30.0
_RATES = (4_000, 192_000)


@dataclass(frozen=True)
class SpokenText:
    """Mono sound; rate in Hz."""

    samples: Samples
    rate: int

    @property
    def seconds(self) -> float:
        """Return how long it lasts."""
        return len(self.samples) / self.rate


class Synthesiser(Protocol):
    """Speaks a text into memory."""

    name: str

    def speak(self, text: str) -> SpokenText:
        """Return the sound of a text; empty for a text without words.

        Raises:
            DeviceError: the program failed.
        """
        ...

    def close(self) -> None:
        """End what runs for it."""
        ...


def make_synthesiser(
    engine: str, voice: str = '', speed: int = 160, pitch: int = 50
) -> Synthesiser:
    """Return a synthesiser.

    Args:
        engine: 'espeak-ng' or 'piper'.
        voice: name of the voice of espeak-ng, or the ONNX file of that of Piper.
        speed: words a minute.
        pitch: 0 to 99, of espeak-ng.

    Raises:
        ConfigurationError: the program is not installed, or has no such voice.
    """
    if engine == 'espeak-ng':
        return EspeakSynthesiser(voice or 'en-us', speed, pitch)
    if engine == 'piper':
        return PiperSynthesiser(voice, speed)
    raise ConfigurationError(
        f"the speech engine '{engine}' is unknown", f'use one of {", ".join(ENGINES)}'
    )


class EspeakSynthesiser:
    """The formant synthesiser espeak-ng."""

    def __init__(self, voice: str = 'en-us', speed: int = 160, pitch: int = 50) -> None:
        """Check that the program and the voice are there."""
        program = _program('espeak-ng', 'run: sudo apt install espeak-ng')
        self.name = f'espeak-ng {voice}'
        options = ['-v', voice, '-s', str(speed), '-p', str(pitch)]
        # -z: without the pause at the end, in which the robot would seem to speak still.
        self._command = [program, *options, '-z', '--stdin', '--stdout']
        try:
            self.speak('a')
        except DeviceError as error:
            raise ConfigurationError(
                f"espeak-ng has no voice '{voice}'", 'choose one of: espeak-ng --voices'
            ) from error

    def speak(self, text: str) -> SpokenText:
        """Return the sound of a text."""
        output = _finish(_start(self._command), _one_line(text))
        try:
            with wave.open(io.BytesIO(output)) as sound:
                rate = sound.getframerate()
                data = sound.readframes(len(output))
        except (wave.Error, EOFError) as error:
            raise DeviceError(f'espeak-ng gave no sound ({error})', 'try another voice') from error
        return SpokenText(np.frombuffer(data[: len(data) // 2 * 2], '<i2').astype(np.int16), rate)

    def close(self) -> None:
        """Do nothing: the program ends with each text."""


class PiperSynthesiser:
    """The neural synthesiser Piper with a voice of its own making.

    A text ends the program that speaks it; the next one is started at once, and has loaded its
    voice when the next text comes. It ends with this process, which it waits for.
    """

    _USUAL_SPEED = 160.0  # words a minute that a voice speaks at a length scale of 1

    def __init__(self, voice: str, speed: int = 160) -> None:
        """Check that the program and the voice are there."""
        program = _program('piper', 'run: pip install piper-tts')
        path = Path(voice).expanduser()
        if not voice or not path.is_file():
            raise ModelError(f"there is no Piper voice '{voice}'", 'set voice to an .onnx file')
        self.name = f'piper {path.stem}'
        self._rate = _piper_rate(path)
        scale = f'{self._USUAL_SPEED / speed:.2f}'
        self._command = [program, '-m', str(path), '--length-scale', scale, '--output-raw']
        self._ready: subprocess.Popen[bytes] | None = _start(self._command)

    def speak(self, text: str) -> SpokenText:
        """Return the sound of a text."""
        process = self._ready
        if process is None or process.poll() is not None:
            process = _start(self._command)
        try:
            output = _finish(process, _one_line(text))
        finally:
            self._ready = _start(self._command)
        data = output[: len(output) // 2 * 2]
        return SpokenText(np.frombuffer(data, '<i2').astype(np.int16), self._rate)

    def close(self) -> None:
        """End the program that waits for a text."""
        process, self._ready = self._ready, None
        if process is not None:
            process.kill()
            process.communicate()


def _piper_rate(voice: Path) -> int:
    config = voice.with_name(voice.name + '.json')
    try:
        rate = json.loads(config.read_text(encoding='utf-8'))['audio']['sample_rate']
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f'the configuration {config} of the Piper voice cannot be read ({error})',
            'put it beside the voice',
        ) from error
    if not isinstance(rate, int) or not _RATES[0] <= rate <= _RATES[1]:
        raise ModelError(f'{config} gives a sample rate of {rate}', 'get the voice anew')
    return rate


def _program(name: str, remedy: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise ConfigurationError(f'the program {name} is not installed', remedy)
    return path


def _one_line(text: str) -> str:
    readable = ''.join(character if character.isprintable() else ' ' for character in text)
    return ' '.join(readable.split())[:LONGEST_TEXT]


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    try:
        # In a session of its own: a Ctrl-C that ends the graph is no fault of the program.
        return subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True
        )
    except OSError as error:
        raise DeviceError(f'{command[0]} does not start ({error.strerror})') from error


def _finish(process: subprocess.Popen[bytes], text: str) -> bytes:
    """Give a program its text; return what it makes of it."""
    assert isinstance(process.args, list)
    name = Path(str(process.args[0])).name
    try:
        output, errors = process.communicate(f'{text}\n'.encode(), _TIME_LIMIT)
    except subprocess.TimeoutExpired as error:
        process.kill()
        process.communicate()
        raise DeviceError(
            f'{name} took longer than {_TIME_LIMIT:g} s', 'say less at once'
        ) from error
    if process.returncode or not output:
        lines = errors.decode(errors='replace').strip().splitlines()
        reason = lines[-1] if lines else f'exit code {process.returncode}'
        raise DeviceError(f'{name} failed ({reason})', 'see its documentation')
    return output
