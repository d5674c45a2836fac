# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Files through the same gate, segmentation and recognition as live sound."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assist_audio import audio_file
from assist_audio.assembler import Assembler, Speech
from assist_audio.audio import SECOND, Frame, Samples, seconds_of
from assist_audio.listener import Listener
from assist_audio.recogniser import Recognised
from assist_audio.segmenter import Chunk, ChunkState
from assist_audio.transcription import LONGEST, Transcription


@dataclass(frozen=True)
class FileSpeech:
    """The speech in a file; stamps count from its start."""

    segments: list[Speech]
    audio_seconds: float


@dataclass(frozen=True)
class FileTranscription:
    """What is said in a file; segments without text are left out."""

    results: list[Recognised]
    audio_seconds: float
    decode_seconds: float

    @property
    def text(self) -> str:
        """Return all that is said."""
        return ' '.join(result.transcription.text for result in self.results)


def find_speech(path: str, listener: Listener) -> FileSpeech:
    """Return the segments of speech in a file.

    Raises:
        InputError: the file is missing or no sound.
    """
    length = 0.0
    segments = []
    for speech, end in _segments(path, listener):
        length = end
        if speech is not None:
            segments.append(speech)
    return FileSpeech(segments, length)


def transcribe_file(
    path: str, listener: Listener, transcribe: Callable[[Samples], Transcription]
) -> FileTranscription:
    """Return what is said in a file, one segment after the other.

    Raises:
        InputError: the file is missing or no sound.
    """
    length = spent = 0.0
    results = []
    for speech, end in _segments(path, listener):
        length = end
        if speech is None:
            continue
        begin = time.perf_counter()
        transcription = transcribe(speech.samples)
        spent += time.perf_counter() - begin
        if transcription.text:
            results.append(Recognised(speech, transcription, final=True))
    return FileTranscription(results, length, spent)


def start_of(speech: Speech) -> float:
    """Return where a segment starts in its file, s."""
    return speech.stamp / SECOND


def end_of(speech: Speech) -> float:
    """Return where the speech of a segment ends in its file, s."""
    return start_of(speech) + speech.duration


def _segments(path: str, listener: Listener) -> Iterator[tuple[Speech | None, float]]:
    """Yield each segment, and at last None, with the seconds of the file so far."""
    assembler = Assembler(LONGEST)
    end = 0.0
    for frame, chunks in _heard(path, listener):
        if frame is not None:
            end = frame.stamp / SECOND + seconds_of(len(frame.samples))
        for chunk in chunks:
            speech = assembler.add(chunk)
            if speech and speech.state == ChunkState.FINAL:
                yield speech, end
    yield None, end


def _heard(path: str, listener: Listener) -> Iterator[tuple[Frame | None, list[Chunk]]]:
    for frame in audio_file.frames(path):
        yield frame, listener.hear(frame)[1]
    yield None, listener.end()
