# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The one path from sound to segments of speech, live and from files."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assist_audio.audio import FRAME_SECONDS, SECOND, Frame, level_of, nanoseconds
from assist_audio.segmenter import Chunk, Segmentation, Segmenter
from assist_audio.vad import VoiceDetector

_LONGEST_DELAY = 10 * SECOND  # that sound can wait to be heard; see BlockSource


@dataclass(frozen=True)
class Activity:
    """What was judged of one frame; levels in dB relative to full scale."""

    stamp: int
    active: bool
    probability: float
    level: float
    noise_floor: float


class Listener:
    """A voice detector and a segmenter that can be deaf, and that mark what the robot talks over.

    A segment is marked as a whole. What a person says when the robot begins to speak ends there;
    what goes on when the robot has finished stays marked, because its beginning may be an echo.
    """

    def __init__(self, detector: VoiceDetector, settings: Segmentation | None = None) -> None:
        self.detector = detector
        self._segmenter = Segmenter(settings)
        self._closed = False
        self._over_speech = False

    def configure(self, settings: Segmentation) -> None:
        """Use other settings from the next frame on."""
        self._segmenter.settings = settings

    def hear(
        self, frame: Frame, *, closed: bool = False, over_speech: bool = False
    ) -> tuple[Activity, list[Chunk]]:
        """Judge the next frame; return what was found and the chunks that it completes.

        Args:
            closed: nothing is to be heard; what was said up to now is ended.
            over_speech: the robot speaks, or did a moment ago.
        """
        if closed:
            chunks = [] if self._closed else self.end()
            self._closed = True
            return self._activity(frame.stamp, 0.0, level_of(frame.samples)), chunks
        self._closed = False
        chunks = self._turn(over_speech)
        probability = self.detector.probability(frame.samples)
        chunks += self._marked(self._segmenter.push(frame, probability))
        return self._activity(frame.stamp, probability, self._segmenter.level), chunks

    def _turn(self, over_speech: bool) -> list[Chunk]:
        """Take note that the robot begins or ends to speak."""
        goes_on = self._over_speech and self._segmenter.mid_word
        if over_speech == self._over_speech or goes_on:
            return []
        chunks = self.end()
        self._over_speech = over_speech
        return chunks

    def _marked(self, chunks: list[Chunk]) -> list[Chunk]:
        if not self._over_speech:
            return chunks
        return [replace(chunk, over_speech=True) for chunk in chunks]

    def end(self) -> list[Chunk]:
        """End the segment that is open, because no more frames follow."""
        self.detector.reset()
        return self._marked(self._segmenter.flush())

    def _activity(self, stamp: int, probability: float, level: float) -> Activity:
        floor = self._segmenter.noise_floor.level
        return Activity(stamp, self._segmenter.active, probability, level, floor)


class HalfDuplexGate:
    """Closed while the robot speaks and for a moment after it, so that it does not hear itself."""

    def __init__(self) -> None:
        self.speaking = False
        self._ended: int | None = None

    def set_speaking(self, speaking: bool, stamp: int) -> None:
        """Take a change at this time, ns."""
        if self.speaking and not speaking:
            self._ended = stamp
        self.speaking = speaking

    def is_closed(self, frame: Frame, tail: float) -> bool:
        """Return whether a frame is not to be heard; the tail is that moment in seconds."""
        if self.speaking:
            return True
        return self._ended is not None and _is_before(frame, self._ended + nanoseconds(tail))


class TalkButton:
    """Open while it is held down."""

    def __init__(self) -> None:
        self.pressed = False
        self._released = 0

    def press(self, pressed: bool, stamp: int) -> None:
        """Take in that it is pressed or released at this time, ns."""
        if self.pressed and not pressed:
            self._released = stamp
        self.pressed = pressed

    def is_open(self, frame: Frame) -> bool:
        """Return whether a frame was said while it was held; one in progress still counts."""
        return self.pressed or _is_before(frame, self._released)


def _is_before(frame: Frame, moment: int) -> bool:
    """Return whether a frame is from shortly before a moment; of what is older the clock was set.

    Without a bound a clock that was set back by an hour would keep the robot deaf, or listening,
    for as long.
    """
    return moment - _LONGEST_DELAY <= frame.stamp < moment


class ActivityReporter:
    """Picks the activities that are worth a message: changes, and one a second."""

    def __init__(self, period: float = 1.0) -> None:
        self._frames = round(period / FRAME_SECONDS)
        self._since = self._frames
        self._active = False

    def is_due(self, activity: Activity) -> bool:
        """Return whether this one is to be told."""
        self._since += 1
        if activity.active == self._active and self._since < self._frames:
            return False
        self._active, self._since = activity.active, 0
        return True
