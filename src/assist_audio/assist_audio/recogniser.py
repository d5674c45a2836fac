# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""When to decode: while speech grows, as soon as it pauses, and at the latest when it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assist_audio.assembler import Assembler, Speech
from assist_audio.audio import Samples
from assist_audio.foreground import foreground
from assist_audio.segmenter import Chunk, ChunkState
from assist_audio.transcription import LONGEST, Transcription


@dataclass(frozen=True)
class Recognised:
    """What was understood of a segment so far, or of all of it when `final`.

    stop_only: nothing but a stop in it counts.
    """

    speech: Speech
    transcription: Transcription
    final: bool
    stop_only: bool = False


class Recogniser:
    """Turn the chunks of speech segments into partial and final transcriptions.

    At a pause it decodes at once, during the hang-over: when the end is confirmed the result is
    there already, and when speech goes on it is thrown away. Nothing but the end of a segment is
    decoded while more chunks wait. While the robot speaks, too, partial results are of the louder
    voice alone.
    """

    def __init__(
        self, transcribe: Callable[[Samples, bool], Transcription], partial_period: float
    ) -> None:
        """Make a recogniser.

        Args:
            transcribe: decodes samples; thoroughly where told, for the speech may be whole.
            partial_period: least seconds between partial results; 0: none.
        """
        self.partial_period = partial_period
        self._transcribe = transcribe
        self._assembler = Assembler(LONGEST)
        self._last_partial = float('-inf')
        self._ready: tuple[Speech, Transcription] | None = None

    def take(self, chunk: Chunk, now: float, backlog: int = 0) -> Recognised | None:
        """Take the next chunk; return a new result, if there is one.

        Args:
            now: seconds on the steady clock.
            backlog: how many chunks wait behind this one.
        """
        speech = self._assembler.add(chunk)
        if speech is None or speech.state == ChunkState.DISCARDED:
            return None
        if speech.state == ChunkState.FINAL:
            return Recognised(speech, self._finish(speech), True, speech.over_speech)
        if backlog or not self._is_due(speech, now):
            return None
        self._last_partial = now
        if speech.over_speech:
            transcription = self._transcribe(foreground(speech.samples), False)
            return Recognised(speech, transcription, False, stop_only=True)
        may_be_whole = speech.state == ChunkState.PAUSED
        transcription = self._transcribe(speech.samples, may_be_whole)
        if may_be_whole:
            self._ready = (speech, transcription)
        if not self.partial_period:
            return None
        return Recognised(speech, transcription, False, speech.over_speech)

    def _is_due(self, speech: Speech, now: float) -> bool:
        if speech.state == ChunkState.PAUSED:
            return bool(self.partial_period) or not speech.over_speech
        return 0.0 < self.partial_period <= now - self._last_partial

    def _finish(self, speech: Speech) -> Transcription:
        ready, self._ready = self._ready, None
        if ready and _is_same(ready[0], speech):
            return ready[1]
        # Over the robot's own voice nothing but a clear stop counts.
        return self._transcribe(speech.samples, not speech.over_speech)


def _is_same(one: Speech, other: Speech) -> bool:
    identity = (one.segment, one.stamp, len(one.samples))
    return identity == (other.segment, other.stamp, len(other.samples))
