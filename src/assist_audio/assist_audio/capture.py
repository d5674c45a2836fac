# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Keep a source of sound running: open it, notice when it goes quiet, open it again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from enum import Enum

from assist_common.errors import DeviceError
from assist_common.resilience import Backoff

from assist_audio.audio import Frame
from assist_audio.source import AudioSource


class CaptureState(Enum):
    """How a capture stands."""

    STOPPED = 'stopped'
    OPENING = 'opening'
    STREAMING = 'streaming'
    STALE = 'nothing comes'
    FAILED = 'failed'
    FINISHED = 'finished'


class Capture:
    """Reads a source on a thread of its own and hands over every frame."""

    _READ_SECONDS = 0.1

    def __init__(
        self,
        source: AudioSource,
        on_frame: Callable[[Frame], None],
        *,
        stale_after: float = 1.5,
        on_change: Callable[[CaptureState, str], object] = lambda state, reason: None,
        on_error: Callable[[Exception], object],
        backoff: Backoff | None = None,
    ) -> None:
        """Make a capture.

        Args:
            on_frame: gets each frame, on the capture's thread.
            stale_after: seconds without a frame after which the source is stale; a source that
                can be opened again is so after as long once more.
            on_change: told a new state and its reason.
            on_error: told what on_frame raised; the capture goes on.
        """
        self.source = source
        self.state = CaptureState.STOPPED
        self.reason = ''
        self.frames = 0
        self.openings = 0
        self._on_frame = on_frame
        self._on_change = on_change
        self._on_error = on_error
        self._stale_after = stale_after
        self._backoff = backoff or Backoff(0.5, maximum=10.0)
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start to read."""
        self._stopping = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(self._stopping,), name='capture', daemon=True
        )
        self._thread.start()

    def stop(self, timeout: float = 2.0) -> bool:
        """Stop to read; False when the source does not let go in time."""
        self._stopping.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(timeout)
        self._change(CaptureState.STOPPED)
        return thread is None or not thread.is_alive()

    def _run(self, stopping: threading.Event) -> None:
        while not stopping.is_set() and self.state != CaptureState.FINISHED:
            try:
                self._change(CaptureState.OPENING)
                self.source.open()
                self.openings += 1
                self._read(stopping)
            except Exception as error:
                # PortAudio's thread and drivers raise what they like; whatever it is, try again.
                self._fail(error)
                stopping.wait(self._backoff.next())
            finally:
                self.source.close()

    def _read(self, stopping: threading.Event) -> None:
        latest = time.monotonic()
        while not stopping.is_set():
            frames = self.source.read(self._READ_SECONDS)
            if self.source.finished:
                self._change(CaptureState.FINISHED)
                return
            now = time.monotonic()
            if frames:
                latest = now
                self._backoff.reset()
                self._change(CaptureState.STREAMING)
                for frame in frames:
                    self._hand_over(frame)
            elif now - latest > 2 * self._stale_after and self.source.can_reopen:
                raise DeviceError(
                    f"'{self.source.name}' has delivered nothing for {now - latest:.0f} s",
                    'see that it is connected and not held by another program',
                )
            elif now - latest > self._stale_after:
                self._change(
                    CaptureState.STALE, f'Nothing has come for {self._stale_after:g} s or more.'
                )

    def _hand_over(self, frame: Frame) -> None:
        self.frames += 1
        try:
            self._on_frame(frame)
        except Exception as error:
            self._on_error(error)

    def _fail(self, error: Exception) -> None:
        self._change(CaptureState.FAILED, str(error) or type(error).__name__)

    def _change(self, state: CaptureState, reason: str = '') -> None:
        if state == CaptureState.OPENING and self.state == CaptureState.FAILED:
            return  # still failing until a frame comes
        if (state, reason) != (self.state, self.reason):
            self.state, self.reason = state, reason
            self._on_change(state, reason)
