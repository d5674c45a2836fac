# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A microphone that is muted still gives frames: only what is in them tells."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from assist_audio.audio import FRAME_SECONDS, SILENCE_LEVEL
from assist_audio.audio_diagnostics import StreamDiagnostic
from assist_audio.capture import CaptureState
from assist_audio.file_source import FileSource
from assist_audio.listener import Activity
from assist_audio.source import AudioSource, TopicSource
from diagnostic_msgs.msg import DiagnosticStatus
from diagnostic_updater import DiagnosticStatusWrapper
from sounds import encode, spoken

QUIET_ROOM = -70.0


def microphone() -> AudioSource:
    return TopicSource('audio_in', 16000, 1, 'S16LE')


def diagnose(source: AudioSource, levels: list[float], silent_after: float) -> tuple[bytes, str]:
    capture = SimpleNamespace(
        source=source, state=CaptureState.STREAMING, reason='', frames=0, openings=1
    )
    diagnostic = StreamDiagnostic(capture, silent_after)  # type: ignore[arg-type]
    for number, level in enumerate(levels):
        diagnostic.take(Activity(number, False, 0.0, level, QUIET_ROOM))
    status = diagnostic.report(DiagnosticStatusWrapper())
    return status.level, status.message


def frames(seconds: float, level: float) -> list[float]:
    return [level] * (round(seconds / FRAME_SECONDS) + 1)


@pytest.mark.parametrize(
    ('levels', 'silent_after', 'muted'),
    [
        (frames(3.0, SILENCE_LEVEL), 3.0, True),
        (frames(2.0, SILENCE_LEVEL), 3.0, False),
        (frames(30.0, QUIET_ROOM), 3.0, False),
        (frames(30.0, SILENCE_LEVEL) + [QUIET_ROOM], 3.0, False),
        (frames(30.0, SILENCE_LEVEL), 0.0, False),
    ],
)
def test_pure_silence_is_a_warning(levels: list[float], silent_after: float, muted: bool) -> None:
    level, message = diagnose(microphone(), levels, silent_after)
    assert (level == DiagnosticStatus.WARN) == muted
    assert ('not muted' in message) == muted


def test_the_pauses_of_files_are_none(tmp_path: Path) -> None:
    path = encode(tmp_path / 'stop.wav', spoken('stop'), 'pcm_s16le')
    source = FileSource([str(path)], lambda: 0, lambda: 0.0)
    level, _ = diagnose(source, frames(30.0, SILENCE_LEVEL), 3.0)
    assert level == DiagnosticStatus.OK
