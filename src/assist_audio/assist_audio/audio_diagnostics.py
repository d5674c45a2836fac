# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""How the stream of sound is, for /diagnostics."""

from __future__ import annotations

import math
import time
from typing import Any

from diagnostic_msgs.msg import DiagnosticStatus

from assist_audio.audio import FRAME_SECONDS, SILENCE_LEVEL
from assist_audio.capture import Capture, CaptureState
from assist_audio.file_source import FileSource
from assist_audio.listener import Activity
from assist_audio.source import TopicSource

_FASTEST, _SLOWEST = 1.3, 0.7
"""Times the pace of speech that no source keeps up for long, unless its rate is another."""
_PATIENCE = 3.0  # s
_SHORTEST = 0.5  # s, in which a rate is measured

_LEVELS = {
    CaptureState.STREAMING: DiagnosticStatus.OK,
    CaptureState.FINISHED: DiagnosticStatus.OK,
    CaptureState.FAILED: DiagnosticStatus.ERROR,
    CaptureState.STALE: DiagnosticStatus.STALE,
    CaptureState.OPENING: DiagnosticStatus.WARN,
    CaptureState.STOPPED: DiagnosticStatus.WARN,
}


class StreamDiagnostic:
    """The task 'audio stream': state, rate, what was lost, and how loud it is."""

    def __init__(self, capture: Capture, silent_after: float = 0.0) -> None:
        """Make the task.

        Args:
            silent_after: seconds of pure silence after which the microphone counts as muted; 0:
                never.
        """
        self.activity: Activity | None = None
        self._capture = capture
        self._silent_after = silent_after
        self._silent = 0  # frames
        self._frames = 0
        self._lost = 0
        self._time = time.monotonic()
        self._rate = 0.0  # frames/s
        self._off_pace = 0.0  # seconds for which it has been too fast or too slow

    def take(self, activity: Activity) -> None:
        """Take what was judged of one more frame."""
        self.activity = activity
        self._silent = self._silent + 1 if activity.level <= SILENCE_LEVEL else 0

    def report(self, status: Any) -> Any:
        """Fill in the status; WARN while sound is being lost."""
        state, counts = self._capture.state, self._capture.source.counts
        self._measure_rate()
        new = counts.overruns + counts.gaps - self._lost
        self._lost += new
        level, summary = _LEVELS[state], self._capture.reason or state.value
        if level == DiagnosticStatus.OK and self._off_pace > _PATIENCE:
            # Told before what is lost: sound at a lower rate than was set seems to have gaps.
            level, summary = (
                DiagnosticStatus.WARN,
                f'sound comes at {self._pace:.1f} times its pace; '
                'see input_rate and input_channels',
            )
        elif level == DiagnosticStatus.OK and new:
            level, summary = DiagnosticStatus.WARN, f'sound was lost {new} times'
        elif level == DiagnosticStatus.OK and self._is_muted():
            level, summary = (
                DiagnosticStatus.WARN,
                f'pure silence for {self._silent * FRAME_SECONDS:.0f} s; see that it is not muted',
            )
        source = self._capture.source
        skipped = source.skipped if isinstance(source, FileSource) else 0
        if level == DiagnosticStatus.OK and skipped:
            level, summary = DiagnosticStatus.WARN, f'{skipped} files were not played to the end'
        status.summary(level, summary)
        status.add('source', source.name)
        status.add('rate', f'{self._rate:.1f} frames/s of {1 / FRAME_SECONDS:.1f}')
        status.add('overruns', str(counts.overruns))
        status.add('gaps', str(counts.gaps))
        status.add('opened', f'{self._capture.openings} times')
        if self.activity:
            status.add('level', f'{self.activity.level:.0f} dB')
            status.add('noise floor', f'{self.activity.noise_floor:.0f} dB')
        if isinstance(source, FileSource):
            status.add('files played', f'{source.played}')
            status.add('files skipped', f'{source.skipped}')
            status.add('finished', str(source.finished))
        return status

    def _is_muted(self) -> bool:
        # The pauses of files are of pure silence, too.
        is_file = isinstance(self._capture.source, FileSource)
        limit = math.inf if is_file else self._silent_after or math.inf
        return self._silent * FRAME_SECONDS >= limit

    def _measure_rate(self) -> None:
        now, frames = time.monotonic(), self._capture.frames
        seconds = now - self._time
        if seconds < _SHORTEST:
            return
        self._rate = (frames - self._frames) / seconds
        self._time, self._frames = now, frames
        source = self._capture.source
        is_fast = self._pace > _FASTEST and not isinstance(source, FileSource)
        is_slow = 0.0 < self._pace < _SLOWEST and isinstance(source, TopicSource)
        self._off_pace = self._off_pace + seconds if is_fast or is_slow else 0.0

    @property
    def _pace(self) -> float:
        return self._rate * FRAME_SECONDS
