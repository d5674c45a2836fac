# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Sound for tests: speech by espeak-ng, noise, and files of several kinds."""

from __future__ import annotations

import functools
import re
import wave
from pathlib import Path

import av
import numpy as np
from assist_audio.audio import FRAME_SAMPLES, SAMPLE_RATE, Frame, Samples, to_samples, to_waveform
from assist_audio.resample import Resampler
from assist_audio.speech_synthesis import EspeakSynthesiser


@functools.cache
def _voice() -> EspeakSynthesiser:
    return EspeakSynthesiser('en-us', speed=130, pitch=30)


@functools.cache
def spoken(text: str) -> Samples:
    """Return a sentence at 16 kHz."""
    sound = _voice().speak(text)
    resampler = Resampler(sound.rate)
    waveform = to_waveform(sound.samples)
    return to_samples(np.concatenate((resampler.process(waveform), resampler.flush())))


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * SAMPLE_RATE), np.int16)


def noise(seconds: float, level: float = 0.05, seed: int = 1) -> Samples:
    """Return white noise with this root mean square."""
    generator = np.random.default_rng(seed)
    return to_samples(
        (level * generator.standard_normal(round(seconds * SAMPLE_RATE))).astype(np.float32)
    )


def dialogue(*sentences: str, pause: float = 1.0) -> Samples:
    """Return sentences with silence before, between and after them."""
    parts = [silence(pause)]
    for sentence in sentences:
        parts += [spoken(sentence), silence(pause)]
    return np.concatenate(parts)


def frames_of(samples: Samples, start: int = 0) -> list[Frame]:
    """Return whole frames; stamps from `start`, ns."""
    count = len(samples) // FRAME_SAMPLES
    return [
        Frame(samples[i * FRAME_SAMPLES : (i + 1) * FRAME_SAMPLES], start + i * 30_000_000)
        for i in range(count)
    ]


def write_wav(path: Path, samples: Samples, rate: int = SAMPLE_RATE, channels: int = 1) -> Path:
    """Write 16 bit; several channels carry the same."""
    with wave.open(str(path), 'wb') as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(np.repeat(samples, channels).astype('<i2').tobytes())
    return path


def encode(path: Path, samples: Samples, codec: str) -> Path:
    """Write a file with a codec of FFmpeg, such as flac or libmp3lame."""
    with av.open(str(path), 'w') as container:
        stream = container.add_stream(codec, rate=SAMPLE_RATE, layout='mono')
        frame = av.AudioFrame.from_ndarray(samples[None, :], format='s16', layout='mono')
        frame.sample_rate = SAMPLE_RATE
        resampler = av.AudioResampler(stream.codec_context.format, 'mono', SAMPLE_RATE, 1152)
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return path


def plain(text: str) -> str:
    """Return a text in lower case without punctuation."""
    return ' '.join(re.findall(r"[a-z']+", text.lower()))
