# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Speech by espeak-ng, and the sounds of rooms, made anew and alike in every run."""

from __future__ import annotations

import functools
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
from assist_audio.audio import SAMPLE_RATE, Samples, Waveform, to_samples, to_waveform
from assist_audio.resample import Resampler
from assist_audio.speech_synthesis import EspeakSynthesiser

_SPEECH_LEVEL = 0.07  # root mean square of all speech, -23 dB
_HUSH = -45.0  # dB below the loudest moment: what espeak-ng leaves before and after the words


@functools.cache
def speak(text: str, voice: str = 'en-us', speed: int = 150, pitch: int = 40) -> Waveform:
    """Return a sentence at 16 kHz and one level, without silence before and after it."""
    sound = EspeakSynthesiser(voice, speed, pitch).speak(text)
    resampler = Resampler(sound.rate)
    waveform = np.concatenate((resampler.process(to_waveform(sound.samples)), resampler.flush()))
    loud = np.flatnonzero(np.abs(waveform) > np.abs(waveform).max() * 10 ** (_HUSH / 20))
    return at_level(waveform[loud[0] : loud[-1] + 1], _SPEECH_LEVEL)


def at_level(waveform: Waveform, level: float) -> Waveform:
    """Return a sound with this root mean square."""
    return (waveform * (level / np.sqrt(np.mean(waveform**2)))).astype(np.float32)


def silence(seconds: float) -> Waveform:
    """Return nothing at all."""
    return np.zeros(round(seconds * SAMPLE_RATE), np.float32)


def band(waveform: Waveform, low: float, high: float) -> Waveform:
    """Return what lies between two frequencies, Hz."""
    spectrum = np.fft.rfft(waveform)
    frequencies = np.fft.rfftfreq(len(waveform), 1 / SAMPLE_RATE)
    spectrum[(frequencies < low) | (frequencies > high)] = 0
    return np.fft.irfft(spectrum, len(waveform)).astype(np.float32)


def telephone(waveform: Waveform) -> Waveform:
    """Return a sound as a telephone carries it."""
    return band(waveform, 300.0, 3400.0)


def reverberate(waveform: Waveform, seed: int, decay: float = 0.5) -> Waveform:
    """Return a sound in a room where an echo takes so many seconds to fall by 60 dB."""
    time = np.arange(round(decay * SAMPLE_RATE)) / SAMPLE_RATE
    tail = np.random.default_rng(seed).standard_normal(len(time)) * 10 ** (-3 * time / decay)
    response = 0.05 * tail
    response[0] = 1.0
    length = len(waveform) + len(response) - 1
    product = np.fft.rfft(waveform, length) * np.fft.rfft(response, length)
    return at_level(np.fft.irfft(product, length).astype(np.float32), _SPEECH_LEVEL)


def with_noise(waveform: Waveform, noise: Waveform, ratio: float) -> Waveform:
    """Return speech in noise that is so many dB below the usual level of speech."""
    return waveform + at_level(noise[: len(waveform)], _SPEECH_LEVEL * 10 ** (-ratio / 20))


def white(seconds: float, seed: int) -> Waveform:
    """Return noise that has all frequencies alike."""
    length = round(seconds * SAMPLE_RATE)
    return np.random.default_rng(seed).standard_normal(length).astype(np.float32)


def pink(seconds: float, seed: int) -> Waveform:
    """Return noise with the spectrum of most rooms: 3 dB less an octave."""
    spectrum = np.fft.rfft(white(seconds, seed))
    spectrum /= np.sqrt(np.maximum(1.0, np.arange(len(spectrum))))
    return np.fft.irfft(spectrum, round(seconds * SAMPLE_RATE)).astype(np.float32)


def fan(seconds: float, seed: int) -> Waveform:
    """Return a motor: hum with harmonics, and rushing air that swells a little."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    hum = sum(np.sin(2 * np.pi * 117 * k * time) / k for k in range(1, 8))
    air = band(white(seconds, seed), 200.0, 5000.0) * (1 + 0.3 * np.sin(2 * np.pi * 0.4 * time))
    return (hum + air).astype(np.float32)


def knocks(seconds: float, seed: int) -> Waveform:
    """Return dishes, doors and steps: about two blows a second on quiet pink noise."""
    random = np.random.default_rng(seed)
    sound = 0.02 * at_level(pink(seconds, seed), 1.0)
    for _ in range(round(2 * seconds)):
        time = np.arange(round(random.uniform(0.05, 0.4) * SAMPLE_RATE)) / SAMPLE_RATE
        pitch = random.uniform(120, 3000)
        blow = np.sin(2 * np.pi * pitch * time) + random.standard_normal(len(time))
        start = random.integers(0, len(sound) - len(time))
        sound[start : start + len(time)] += blow * np.exp(-12 * time / time[-1])
    return sound.astype(np.float32)


def music(seconds: float, seed: int) -> Waveform:
    """Return chords with harmonics, a melody and a beat, 100 beats a minute."""
    random = np.random.default_rng(seed)
    beat = round(0.6 * SAMPLE_RATE)
    time = np.arange(beat) / SAMPLE_RATE
    fade = np.minimum(1, time / 0.01) * np.exp(-2 * time)
    drum = np.sin(2 * np.pi * 55 * time) * np.exp(-25 * time)
    beats = []
    for number in range(int(np.ceil(seconds / 0.6))):
        root = 220 * 2 ** ([0, 5, 7, 3][number // 4 % 4] / 12)
        notes = [root, root * 2 ** (4 / 12), root * 2 ** (7 / 12)]
        notes.append(2 * root * 2 ** (random.choice([0, 2, 4, 7, 9]) / 12))
        tones = sum(_tone(note, time) for note in notes)
        beats.append(tones * fade + 2 * drum)
    return np.concatenate(beats)[: round(seconds * SAMPLE_RATE)].astype(np.float32)


def breathing(seconds: float, seed: int) -> Waveform:
    """Return a mouth close to the microphone: in and out every four seconds, without voice."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    inhale = np.clip(np.sin(2 * np.pi * time / 4.0), 0, 1) ** 0.7
    exhale = np.clip(-np.sin(2 * np.pi * time / 4.0), 0, 1) ** 1.5
    high = band(white(seconds, seed), 800.0, 4000.0) * inhale
    low = band(white(seconds, seed + 1), 200.0, 2000.0) * exhale
    return (high + 1.5 * low + 0.01 * pink(seconds, seed)).astype(np.float32)


BACKGROUNDS: dict[str, Callable[[float, int], Waveform]] = {
    'white': white,
    'pink': pink,
    'fan': fan,
    'knocks': knocks,
    'music': music,
    'breathing': breathing,
}
"""Sounds without speech by name; each takes seconds and a seed."""


def write(path: Path, waveform: Waveform) -> Path:
    """Write a WAV file of 16 bit."""
    samples: Samples = to_samples(waveform)
    with wave.open(str(path), 'wb') as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(SAMPLE_RATE)
        sound.writeframes(samples.astype('<i2').tobytes())
    return path


def _tone(pitch: float, time: Waveform) -> Waveform:
    parts = [np.sin(2 * np.pi * pitch * k * time) / k**1.5 for k in range(1, 6)]
    return np.sum(parts, axis=0)
