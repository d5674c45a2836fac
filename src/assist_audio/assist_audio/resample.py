# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""From any sample rate to another, block by block, with the time of every sample kept."""

from __future__ import annotations

from math import gcd

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from assist_audio.audio import FRAME_SAMPLES, SAMPLE_RATE, SECOND, Frame, Waveform, to_samples

RATES = (4_000, 384_000)
"""Hz: the lowest and the highest rate of a source."""

_CROSSINGS = 16
_KAISER_BETA = 8.6  # stop band near -90 dB (Kaiser's formula)
_CUTOFF = 0.94  # of the lower Nyquist frequency; the rest is the transition band


class Resampler:
    """Polyphase windowed-sinc resampling of a stream, without delay.

    Output sample n is the input at time n / rate_out exactly; it comes as soon as the input that
    its filter needs is there. The sinc is cut by a Kaiser window (Smith, "Digital Audio
    Resampling", CCRMA).
    """

    def __init__(self, rate_in: int, rate_out: int = SAMPLE_RATE) -> None:
        divisor = gcd(rate_in, rate_out)
        self._up, self._down = rate_out // divisor, rate_in // divisor
        self._bank = _filter_bank(self._up, self._down)
        self._half = self._bank.shape[1] // 2
        self.reset()

    def reset(self) -> None:
        """Begin a new stream."""
        self._buffer: Waveform = np.zeros(self._half - 1, np.float32)
        self._first = 1 - self._half  # input index of the first sample in the buffer
        self._next = 0  # index of the next output sample

    def process(self, block: Waveform) -> Waveform:
        """Return all output that the input up to the end of this block allows."""
        if self._up == self._down:
            return block
        self._buffer = np.concatenate((self._buffer, block))
        end = self._first + len(self._buffer)
        # The last output whose filter ends within the input: floor(n * down / up) + half < end.
        last = ((end - self._half) * self._up - 1) // self._down
        outputs = np.arange(self._next, last + 1)
        if not outputs.size:
            return np.zeros(0, np.float32)
        centres, phases = np.divmod(outputs * self._down, self._up)
        starts = centres - self._half + 1 - self._first
        windows = sliding_window_view(self._buffer, self._bank.shape[1])[starts]
        result = np.einsum('nt,nt->n', windows, self._bank[phases])
        self._next = last + 1
        self._forget(self._next * self._down // self._up - self._half + 1)
        return result.astype(np.float32)

    def flush(self) -> Waveform:
        """Return the output that still waits for input, as if silence followed."""
        if self._up == self._down:
            return np.zeros(0, np.float32)
        return self.process(np.zeros(self._half, np.float32))

    def _forget(self, before: int) -> None:
        unused = before - self._first
        if unused > 0:
            self._buffer = self._buffer[unused:].copy()
            self._first = before


class FrameCutter:
    """Cut blocks of any rate and length into frames of 30 ms at 16 kHz with exact stamps."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._resampler = Resampler(rate)
        self.reset()

    def reset(self) -> None:
        """Begin anew after a gap; what was not yet a whole frame is lost."""
        self._resampler.reset()
        self._pending: Waveform = np.zeros(0, np.float32)
        self._received = 0  # input samples before the current block
        self._emitted = 0  # output samples in frames so far

    def feed(self, block: Waveform, stamp: int) -> list[Frame]:
        """Return the frames that are complete with this block.

        Args:
            block: mono samples at the rate of the source.
            stamp: time of its first sample, ns.
        """
        self._pending = np.concatenate((self._pending, self._resampler.process(block)))
        return self._cut(stamp, len(block))

    def flush(self, stamp: int) -> list[Frame]:
        """Return what is left, filled up with silence; the stamp is that of the end."""
        rest = np.concatenate((self._pending, self._resampler.flush()))
        missing = -len(rest) % FRAME_SAMPLES
        self._pending = np.concatenate((rest, np.zeros(missing, np.float32)))
        frames = self._cut(stamp, 0)
        self.reset()
        return frames

    def _cut(self, stamp: int, received: int) -> list[Frame]:
        frames = []
        for start in range(0, len(self._pending) - FRAME_SAMPLES + 1, FRAME_SAMPLES):
            samples = to_samples(self._pending[start : start + FRAME_SAMPLES])
            frames.append(Frame(samples, stamp + self._offset(self._emitted)))
            self._emitted += FRAME_SAMPLES
        self._pending = self._pending[len(frames) * FRAME_SAMPLES :]
        self._received += received
        return frames

    def _offset(self, output: int) -> int:
        """Return the time of an output sample after the first sample of the block, ns."""
        position = output * self._rate - self._received * SAMPLE_RATE
        return round(position * SECOND / (self._rate * SAMPLE_RATE))


def _filter_bank(up: int, down: int) -> Waveform:
    """Return one row of taps for each of the phases between two input samples."""
    stretch = max(1.0, down / up)
    half = int(np.ceil(_CROSSINGS * stretch))
    distance = np.arange(1 - half, half + 1)[None, :] - np.arange(up)[:, None] / up
    cutoff = _CUTOFF / stretch
    window = np.i0(_KAISER_BETA * np.sqrt(np.clip(1 - (distance / half) ** 2, 0, 1)))
    taps = np.sinc(cutoff * distance) * window
    return (taps / taps.sum(axis=1, keepdims=True)).astype(np.float32)
