# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Whether a frame of sound is speech: WebRTC, Silero, or both together."""

from __future__ import annotations

import importlib.util
from collections import deque
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from assist_common.errors import ConfigurationError, ModelError

from assist_audio.audio import SAMPLE_RATE, Samples, Waveform, to_waveform

KINDS = ('hybrid', 'silero', 'webrtc')


class VoiceDetector(Protocol):
    """Judges the frames of one stream in order."""

    name: str

    def probability(self, samples: Samples) -> float:
        """Return how likely this frame of 30 ms is speech, 0 to 1."""
        ...

    def reset(self) -> None:
        """Begin a new stream."""
        ...


def make_detector(kind: str, aggressiveness: int = 3) -> VoiceDetector:
    """Return a detector of the kind 'webrtc', 'silero' or 'hybrid'.

    Args:
        aggressiveness: of WebRTC, 0 to 3; the higher, the less is taken for speech.
    """
    if kind == 'webrtc':
        return WebRtcDetector(aggressiveness)
    if kind == 'silero':
        return SileroDetector()
    if kind == 'hybrid':
        return HybridDetector(WebRtcDetector(aggressiveness), SileroDetector())
    raise ConfigurationError(f"VAD '{kind}' is unknown", f'use one of {", ".join(KINDS)}')


class WebRtcDetector:
    """Gaussian mixture over sub-bands, from WebRTC: cheap, and takes many noises for speech."""

    name = 'webrtc'

    def __init__(self, aggressiveness: int = 3) -> None:
        try:
            import webrtcvad
        except ImportError as error:
            raise ConfigurationError(
                'the package webrtcvad is not installed', 'run: pip install webrtcvad-wheels'
            ) from error
        self._new = lambda: webrtcvad.Vad(aggressiveness)
        self.reset()

    def probability(self, samples: Samples) -> float:
        """Return 0 or 1."""
        return float(self._vad.is_speech(samples.tobytes(), SAMPLE_RATE))

    def reset(self) -> None:
        """Begin a new stream."""
        self._vad = self._new()


class SileroDetector:
    """The recurrent network of Silero (v6, ONNX) that comes with faster-whisper."""

    name = 'silero'
    _WINDOW = 512  # samples that the network judges at once
    _CONTEXT = 64  # samples before them that it also takes

    def __init__(self, path: str = '') -> None:
        self._session = _session(path or _packaged_silero())
        self._pending: Waveform = np.zeros(0, np.float32)
        self._context: Waveform = np.zeros((1, self._CONTEXT), np.float32)
        self._latest = 0.0
        self.reset()

    def probability(self, samples: Samples) -> float:
        """Return the highest probability of the windows that end in these samples.

        A frame that completes no window has the probability of the one before.
        """
        self._pending = np.concatenate((self._pending, to_waveform(samples)))
        count = len(self._pending) // self._WINDOW
        if count:
            used = count * self._WINDOW
            windows = self._pending[:used].reshape(count, self._WINDOW)
            self._pending = self._pending[used:]
            self._latest = float(self._run(windows).max())
        return self._latest

    def reset(self) -> None:
        """Begin a new stream."""
        self._pending = np.zeros(0, np.float32)
        self._context = np.zeros((1, self._CONTEXT), np.float32)
        self._state = [np.zeros((1, 1, 128), np.float32) for _ in 'hc']
        self._latest = 0.0

    def _run(self, windows: Waveform) -> Waveform:
        ends = np.concatenate((self._context, windows[:, -self._CONTEXT :]))
        self._context = ends[-1:]
        inputs = np.concatenate((ends[:-1], windows), axis=1)
        hidden, cell = self._state
        result = self._session.run(None, {'input': inputs, 'h': hidden, 'c': cell})
        self._state = result[1:]
        return np.asarray(result[0], np.float32)


class HybridDetector:
    """WebRTC opens cheaply, Silero judges while it is open.

    WebRTC alone takes household noise for speech, and Silero alone costs more while nobody
    speaks. On opening, Silero hears what came just before, so that its state is warm and the
    first syllable counts.
    """

    name = 'hybrid'
    _LOOK_BACK = 10  # frames
    _HOLD = 34  # frames, about 1 s, that it stays open after the last frame that WebRTC took

    def __init__(self, opener: VoiceDetector, judge: VoiceDetector) -> None:
        self._opener = opener
        self._judge = judge
        self._hold = 0
        self._history: deque[Samples] = deque(maxlen=self._LOOK_BACK)

    def probability(self, samples: Samples) -> float:
        """Return 0 while closed, else the probability that the judge gives."""
        opened = self._opener.probability(samples) > 0.5
        if opened and not self._hold:
            self._judge.reset()
            for earlier in self._history:
                self._judge.probability(earlier)
        self._hold = self._HOLD if opened else max(0, self._hold - 1)
        self._history.append(samples)
        return self._judge.probability(samples) if self._hold else 0.0

    def reset(self) -> None:
        """Begin a new stream."""
        self._opener.reset()
        self._judge.reset()
        self._hold = 0
        self._history.clear()


def _packaged_silero() -> str:
    """Return the path of the network without importing the package, which would take 60 MB."""
    found = importlib.util.find_spec('faster_whisper')
    folders = found.submodule_search_locations if found else None
    for folder in folders or ():
        for path in sorted((Path(folder) / 'assets').glob('silero_vad_v6*.onnx')):
            return str(path)
    raise ModelError(
        'the Silero VAD network was not found', "run: pip install 'faster-whisper>=1.2'"
    )


def _session(path: str) -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise ConfigurationError(
            'the package onnxruntime is not installed', 'run: pip install onnxruntime'
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(path, options, providers=['CPUExecutionProvider'])
    except Exception as error:  # onnxruntime's errors have no common base class
        raise ModelError(
            f'the VAD network {path} could not be loaded ({error})', 'install faster-whisper anew'
        ) from error
    if {entry.name for entry in session.get_inputs()} != {'input', 'h', 'c'}:
        raise ModelError(
            f'{path} is not the Silero VAD network of version 6', 'install faster-whisper anew'
        )
    return session
