# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Files as if they were spoken into a microphone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from assist_common.errors import InputError

from assist_audio import audio_file
from assist_audio.audio import FRAME_SAMPLES, FRAME_SECONDS, Frame, Samples, nanoseconds
from assist_audio.source import AudioSource

_SILENCE = np.zeros(FRAME_SAMPLES, np.int16)


class FileSource(AudioSource):
    """Plays one file after the other, with silence between them.

    In real time a frame comes every 30 ms; otherwise as fast as it is read, with stamps that run
    ahead. While it is held, silence comes in real time, and the file goes on where it was; after a
    file it waits until nothing has held it for a whole pause. A file that fails is reported and
    left at that place: were it begun again, the robot would obey the same words once more.
    """

    def __init__(
        self,
        paths: Sequence[str],
        now: Callable[[], int],
        steady: Callable[[], float],
        *,
        real_time: bool = True,
        loop: bool = False,
        pause: float = 1.0,
        report: Callable[[str], object] = lambda sentence: None,
    ) -> None:
        """Check the files.

        Args:
            now: the time for stamps, ns.
            steady: seconds on a clock that never jumps, for the pace.
            pause: seconds of silence before, between and after files.
            report: told in one sentence which file was skipped and why.
        """
        super().__init__()
        if not paths:
            raise InputError('no audio file is given', 'set the parameter file or files')
        for path in paths:
            audio_file.check_file(path)
        self.name = ', '.join(paths)
        self._paths = list(paths)
        self._now, self._steady = now, steady
        self._real_time, self._loop = real_time, loop
        self._pause = pause
        self._held = False
        self._closing = threading.Event()
        self._report = report
        self.played = 0
        self.skipped = 0
        self._finished = False
        self._quiet = 0.0
        self._samples: Iterator[Samples] = iter(())

    @property
    def finished(self) -> bool:
        """Return whether all files have been played and the last pause is over."""
        return self._finished

    @property
    def files(self) -> int:
        """Return the number of files."""
        return len(self._paths)

    def hold(self, held: bool) -> None:
        """Hold the play, or let it go on."""
        self._held = held

    def open(self) -> None:
        """Begin with the first file."""
        self._closing.clear()
        self.played, self.skipped, self._finished = 0, 0, False
        self._samples = self._play()
        self._stamp = self._now()
        self._due = self._steady() + FRAME_SECONDS

    def read(self, timeout: float) -> list[Frame]:
        """Return the next frame when it is due."""
        if self._finished or self._closing.is_set():
            return []
        held = self._held
        if self._real_time or held:
            self._closing.wait(max(0.0, min(timeout, self._due - self._steady())))
            if self._steady() < self._due or self._closing.is_set():
                return []
        self._quiet = 0.0 if held else self._quiet + FRAME_SECONDS
        samples = _SILENCE if held else next(self._samples, None)
        if samples is None:
            self._finished = True
            return []
        frame = Frame(samples, self._stamp)
        self._stamp += nanoseconds(FRAME_SECONDS)
        # A reader that was late gets what is due, but a long stop is no debt to catch up with.
        self._due = max(self._due + FRAME_SECONDS, self._steady() - 1.0)
        return [frame]

    def close(self) -> None:
        """Stop."""
        self._closing.set()

    def _play(self) -> Iterator[Samples]:
        yield from self._silence()
        while True:
            before = self.played
            for path in self._paths:
                yield from self._play_file(path)
                yield from self._silence()
            if not self._loop or self.played == before:
                return

    def _play_file(self, path: str) -> Iterator[Samples]:
        try:
            for frame in audio_file.frames(path):
                yield frame.samples
        except Exception as error:  # decoders raise what they like
            self.skipped += 1
            self._report(f'The rest of {path} is skipped: {error}')
        else:
            self.played += 1

    def _silence(self) -> Iterator[Samples]:
        """Yield silence until nothing has held the play for the whole pause."""
        self._quiet = 0.0
        while self._quiet < self._pause:
            yield _SILENCE
