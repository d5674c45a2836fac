# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Whether a frame of sound is speech: WebRTC, Silero, or both together."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

import numpy as np
from assist_common.errors import ConfigurationError

from assist_audio import silero
from assist_audio.audio import SAMPLE_RATE, Samples, Waveform, to_waveform

KINDS = ('hybrid', 'silero', 'webrtc')
Report = Callable[[str], object]


def _ignore(_sentence: str) -> None:
    pass


class VoiceDetector(Protocol):
    """Judges the frames of one stream in order."""

    name: str

    def probability(self, samples: Samples) -> float:
        """Return how likely this frame of 30 ms is speech, 0 to 1."""
        ...

    def reset(self) -> None:
        """Begin a new stream."""
        ...


def make_detector(kind: str, aggressiveness: int = 3, report: Report = _ignore) -> VoiceDetector:
    """Return a detector of the kind 'webrtc', 'silero' or 'hybrid'.

    Args:
        aggressiveness: of WebRTC, 0 to 3; the higher, the less is taken for speech.
        report: is told in one sentence what is not as usual.
    """
    if kind == 'webrtc':
        return WebRtcDetector(aggressiveness)
    if kind == 'silero':
        return SileroDetector(report=report)
    if kind == 'hybrid':
        return HybridDetector(WebRtcDetector(aggressiveness), SileroDetector(report=report))
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
    """The recurrent network of Silero (v6) that comes with faster-whisper."""

    name = 'silero'

    def __init__(self, path: str = '', report: Report = _ignore) -> None:
        self._network = silero.load(path, report)
        self._pending: Waveform = np.zeros(silero.CONTEXT, np.float32)
        self._latest = 0.0

    def probability(self, samples: Samples) -> float:
        """Return the highest probability of the windows that end in these samples.

        A frame that completes no window has the probability of the one before.
        """
        self._pending = np.concatenate((self._pending, to_waveform(samples)))
        judged = []
        while len(self._pending) >= silero.TAKEN:
            judged.append(self._network.judge(self._pending[: silero.TAKEN]))
            self._pending = self._pending[silero.WINDOW :]
        self._latest = max(judged, default=self._latest)
        return self._latest

    def reset(self) -> None:
        """Begin a new stream."""
        self._network.reset()
        self._pending = np.zeros(silero.CONTEXT, np.float32)
        self._latest = 0.0


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
