# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Count what is heard where nobody speaks, and rate the three modes of voice detection.

20 minutes of noise, motors, knocks, music and breathing, all made here, and 18 minutes of recorded
music (a Debian package, fetched into a cache with apt-get) go through the path of `ros2 run
assist_audio transcribe`. Line to meet: no transcript. Pieces of the same sounds are also decoded as
if voice detection had let them pass, here and by WhisperModel.transcribe.

Then speech at known times, in several noises and levels, goes through webrtc, silero and hybrid:
how much silence each takes for speech (false alarms) and how much speech it takes for silence
(misses), in frames and in segments.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from assist_audio.audio import (
    FRAME_SAMPLES,
    FRAME_SECONDS,
    SAMPLE_RATE,
    Frame,
    Waveform,
    nanoseconds,
    to_samples,
)
from assist_audio.listener import Listener
from assist_audio.offline import transcribe_file
from assist_audio.segmenter import ChunkState
from assist_audio.stt_parameters import SttParameters
from assist_audio.transcriber import Transcriber
from assist_audio.transcription import DEFAULT_PROMPT, Decoding
from assist_audio.vad import KINDS, make_detector
from assist_common import models
from faster_whisper import WhisperModel
from numpy.typing import NDArray
from recognition import COMMANDS, VOICES
from shared import recordings, report, sounds

SECONDS = 200.0  # of each background; six make 20 minutes
PIECES, PIECE_SECONDS = 10, 3.0  # of each background that are decoded all the same
MUSIC_SECONDS = 8.0  # of the first piece, in the short version
LOUD, QUIET = 0.1, 0.01  # root mean squares: -20 and -40 dB
RATIOS = (20.0, 10.0, 5.0, 0.0)  # dB of speech above noise
NOISES = ('white', 'pink', 'fan', 'knocks', 'music')
THRESHOLD = 0.5
_SPOKEN = 0.001  # root mean square of a frame, -60 dB: what is quieter is a pause
_SHORT_PAUSE = 10  # frames: a pause within words is no silence


def main() -> int:
    """Measure, print and write."""
    options = report.parser(__doc__, runs=1).parse_args()
    begin = time.monotonic()
    seconds = 10.0 if options.quick else SECONDS
    made, recorded = backgrounds(seconds), music(options.quick)
    alarms = without_speech(made)
    music_alarms = without_speech(recorded)
    texts = [text for each in alarms.values() for text in each['transcripts']]
    music_texts = [text for each in music_alarms.values() for text in each['transcripts']]
    modes = rate_modes(4 if options.quick else len(COMMANDS), options.quick)
    result = {
        'minutes_without_speech': minutes(made),
        'minutes_of_recorded_music': minutes(recorded),
        'lines': {
            'transcripts without speech': report.line(len(texts), 0),
            'transcripts of recorded music': report.line(len(music_texts), 0),
        },
        'without_speech': alarms,
        'recorded_music': music_alarms,
        'without_voice_detection': decode_anyway(1 if options.quick else PIECES),
        'voice_detection': modes,
        'seconds_taken': round(time.monotonic() - begin),
    }
    return report.finish(__file__, result, quick=options.quick)


def backgrounds(seconds: float) -> dict[str, Waveform]:
    """Return each sound of a room, the first half loud, the second quiet."""
    halves = {
        name: make(seconds / 2, seed)
        for seed, (name, make) in enumerate(sounds.BACKGROUNDS.items())
    }
    return {name: at_both_levels(half) for name, half in halves.items()}


def at_both_levels(sound: Waveform) -> Waveform:
    """Return a sound twice: loud, then quiet."""
    return np.concatenate((sounds.at_level(sound, LOUD), sounds.at_level(sound, QUIET)))


def music(quick: bool) -> dict[str, Waveform]:
    """Return recorded music, each piece as loud as a television."""
    pieces = {name: sounds.at_level(piece, LOUD) for name, piece in recordings.music().items()}
    if not quick:
        return pieces
    name, piece = next(iter(pieces.items()))
    return {name: piece[: round(MUSIC_SECONDS * SAMPLE_RATE)]}


def minutes(parts: dict[str, Waveform]) -> float:
    """Return how long all sounds are together."""
    return round(sum(map(len, parts.values())) / SAMPLE_RATE / 60, 1)


def without_speech(parts: dict[str, Waveform]) -> dict[str, dict[str, Any]]:
    """Return the segments and transcripts that each sound yields."""
    transcriber = Transcriber(models.resolve('tiny.en'), 'cpu', 'int8')
    decoding = Decoding(prompt=DEFAULT_PROMPT, alternatives=SttParameters().alternatives)
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, sound in parts.items():
            path = sounds.write(Path(folder, f'{name}.wav'), sound)
            rejected: list[str] = []

            def transcribe(samples: Any, rejected: list[str] = rejected) -> Any:
                result = transcriber.transcribe(samples, decoding)
                rejected.append(result.rejected)
                return result

            result = transcribe_file(str(path), Listener(make_detector('hybrid')), transcribe)
            found[name] = {
                'segments': len(rejected),
                'transcripts': [one.transcription.text for one in result.results],
            }
            print(name, found[name], flush=True)
    return found


def decode_anyway(pieces: int) -> dict[str, Any]:
    """Return the texts that pieces of the backgrounds yield without voice detection."""
    path = models.resolve('tiny.en')
    ours = Transcriber(path, 'cpu', 'int8')
    peer = WhisperModel(path, device='cpu', compute_type='int8')
    decoding = Decoding(prompt=DEFAULT_PROMPT, alternatives=SttParameters().alternatives)
    texts: dict[str, list[str]] = {'Transcriber': [], 'WhisperModel.transcribe': []}
    for seed in range(pieces):
        for make in sounds.BACKGROUNDS.values():
            level = LOUD if seed % 2 else QUIET
            sound = sounds.at_level(make(PIECE_SECONDS, seed), level)
            texts['Transcriber'].append(ours.transcribe(to_samples(sound), decoding).text)
            found = peer.transcribe(sound)[0]
            texts['WhisperModel.transcribe'].append(''.join(one.text for one in found).strip())
    written = {name: [text for text in each if text] for name, each in texts.items()}
    print('without voice detection:', written, flush=True)
    return {
        'pieces': pieces * len(sounds.BACKGROUNDS),
        **{name: {'with_text': len(each), 'texts': each} for name, each in written.items()},
    }


def rate_modes(sentences: int, quick: bool) -> dict[str, dict[str, Any]]:
    """Return the rates of each mode over all noises and levels, and by level."""
    totals: dict[str, dict[str, list[NDArray[np.float64]]]] = {kind: {} for kind in KINDS}
    for ratio in RATIOS[:2] if quick else RATIOS:
        for number, name in enumerate(NOISES[:2] if quick else NOISES):
            sound, spoken = labelled(name, ratio, sentences, seed=number)
            for kind in KINDS:
                counts = judge(kind, sound, spoken)
                for group in ('all', f'{ratio:g} dB', name):
                    totals[kind].setdefault(group, []).append(counts)
        print(f'{ratio:g} dB: done', flush=True)
    return {
        kind: {group: _rates(np.sum(counts, axis=0)) for group, counts in groups.items()}
        for kind, groups in totals.items()
    }


def labelled(
    noise: str, ratio: float, sentences: int, seed: int
) -> tuple[NDArray[np.int16], NDArray[np.bool_]]:
    """Return frames of commands in noise, and for each whether somebody speaks in it."""
    random = np.random.default_rng(seed)
    parts = [sounds.silence(2.0)]
    for index in range(sentences):
        voice = VOICES[(index + seed) % len(VOICES)]
        parts += [sounds.speak(COMMANDS[index], *voice), sounds.silence(random.uniform(1.0, 2.5))]
    clean = np.concatenate(parts)
    clean = clean[: len(clean) // FRAME_SAMPLES * FRAME_SAMPLES]
    levels = np.sqrt(np.mean(clean.reshape(-1, FRAME_SAMPLES) ** 2, axis=1))
    spoken = _close_gaps(levels > _SPOKEN)
    background = sounds.BACKGROUNDS[noise](len(clean) / 16000 + 0.1, seed)
    noisy = to_samples(sounds.with_noise(clean, background, ratio))
    return noisy.reshape(-1, FRAME_SAMPLES), spoken


def judge(kind: str, sound: NDArray[np.int16], spoken: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return counts: false and silent frames, missed and spoken ones; the same of segments.

    A segment is false when nobody speaks in it; an utterance is missed when none touches it.
    """
    listener = Listener(make_detector(kind))
    voiced = np.zeros(len(sound), bool)
    segments: list[tuple[int, int]] = []
    lengths: dict[int, tuple[int, int]] = {}
    for index, samples in enumerate(sound):
        activity, chunks = listener.hear(Frame(samples, nanoseconds(index * FRAME_SECONDS)))
        voiced[index] = activity.probability >= THRESHOLD
        for chunk in chunks:
            first = round(chunk.stamp / nanoseconds(FRAME_SECONDS))
            length = lengths.get(chunk.segment, (first, 0))[1] + len(chunk.samples) // FRAME_SAMPLES
            lengths[chunk.segment] = (first, length)
            if chunk.state == ChunkState.FINAL:
                segments.append((first, first + length))
    utterances = list(_runs(spoken))
    false = sum(not spoken[first:last].any() for first, last in segments)
    missed = sum(
        not any(first < end and start < last for first, last in segments)
        for start, end in utterances
    )
    return np.array(
        [
            (voiced & ~spoken).sum(),
            (~spoken).sum(),
            (~voiced & spoken).sum(),
            spoken.sum(),
            false,
            missed,
            len(utterances),
        ],
        float,
    )


def _rates(counts: NDArray[np.float64]) -> dict[str, float]:
    false, silent, missed, spoken, false_segments, missed_utterances, utterances = counts
    return {
        'false_alarms_percent_of_silent_frames': round(100 * false / silent, 2),
        'misses_percent_of_spoken_frames': round(100 * missed / spoken, 2),
        'false_segments_per_silent_minute': round(
            false_segments / (silent * FRAME_SECONDS / 60), 2
        ),
        'missed_utterances_percent': round(100 * missed_utterances / utterances, 2),
    }


def _close_gaps(spoken: NDArray[np.bool_]) -> NDArray[np.bool_]:
    closed = spoken.copy()
    for start, end in _runs(~spoken):
        if end - start <= _SHORT_PAUSE:
            closed[start:end] = True
    return closed


def _runs(marks: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], marks.astype(np.int8), [0]))))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


if __name__ == '__main__':
    sys.exit(main())
