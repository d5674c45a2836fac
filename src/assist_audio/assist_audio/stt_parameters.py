# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What a person can set of the node that turns speech into text."""

from __future__ import annotations

from dataclasses import dataclass

from assist_common.parameters import parameter

from assist_audio.segmenter import Segmentation
from assist_audio.transcription import Decoding
from assist_audio.vad import KINDS


@dataclass(frozen=True)
class SttParameters:
    """The parameters of stt_node."""

    model: str = parameter(
        'tiny.en', 'Whisper model: packaged or downloadable name, or CTranslate2 folder'
    )
    device: str = parameter(
        'auto',
        'where it runs; auto: the GPU if there is one',
        choices=('auto', 'cpu', 'cuda'),
    )
    compute_type: str = parameter(
        'auto', 'of CTranslate2, such as int8 or float16; auto: float16 on a GPU, int8 on a CPU'
    )
    threads: int = parameter(
        0, 'on a CPU; 0: all cores, at most four, or OMP_NUM_THREADS', low=0, high=64
    )
    language: str = parameter('en', 'ISO 639-1, such as en; empty: detect it in every segment')
    beam_size: int = parameter(1, 'hypotheses that are followed; 1 is greedy', low=1, high=10)
    doubt: float = parameter(
        0.85, 'confidence below which other readings are looked for', low=0.0, high=1.0
    )
    alternatives: int = parameter(
        7,
        'other readings of doubtful speech, at most, about which the robot may ask; 0: none',
        low=0,
        high=15,
    )
    prompt: str = parameter(
        '',
        'sentences that are likely to be said, each with its full stop; they steer recognition; '
        'empty: those of the grammar, about what the camera sees',
    )
    wake_phrase: str = parameter(
        '',
        'words such as: hey robot; only what begins with them, or follows soon, is said to the '
        'robot, of all else nothing but a stop counts; empty: everything is said to the robot',
    )
    wake_seconds: float = parameter(
        15.0, 'how long after the wake phrase it needs no repetition, s', low=0.0, high=600.0
    )
    word_times: bool = parameter(False, 'publish times and probabilities of words')
    window: float = parameter(
        10.0,
        'least seconds of sound that are encoded; 30 is slowest and the most that Whisper takes',
        low=4.0,
        high=30.0,
    )
    minimum_confidence: float = parameter(
        0.3, 'texts below this confidence are dropped', low=0.0, high=1.0
    )
    partial_period: float = parameter(
        0.5, 'time between partial transcripts while somebody speaks, s; 0: none', low=0.0, high=60
    )
    time_limit: float = parameter(
        60.0, 'longest decode before it is abandoned, s', low=1.0, high=600.0
    )
    vad: str = parameter(
        'hybrid', 'of files for ~/transcribe: voice activity detection of audio_node', choices=KINDS
    )
    aggressiveness: int = parameter(3, 'the same: of webrtc', low=0, high=3)
    start_threshold: float = parameter(
        0.5, 'the same: probability above which a frame starts speech', low=0.0, high=1.0
    )
    end_threshold: float = parameter(
        0.35, 'the same: probability below which a frame ends speech', low=0.0, high=1.0
    )
    queue: int = parameter(
        512, 'chunks of speech that may wait', low=1, high=10000, read_only=True
    )


@dataclass(frozen=True)
class ModelChoice:
    """Which model, and how it runs."""

    model: str
    device: str
    compute_type: str
    threads: int


def to_choice(values: SttParameters) -> ModelChoice:
    """Return which model is wanted."""
    return ModelChoice(values.model, values.device, values.compute_type, values.threads)


def decoding(values: SttParameters) -> Decoding:
    """Return how speech is decoded."""
    return Decoding(
        language=values.language,
        beam_size=values.beam_size,
        word_times=values.word_times,
        window=values.window,
        confidence=values.minimum_confidence,
        doubt=values.doubt,
        alternatives=values.alternatives,
    )


def file_segmentation(values: SttParameters) -> Segmentation:
    """Return when a segment of a file begins and ends.

    Raises:
        ConfigurationError: the thresholds contradict each other.
    """
    return Segmentation(
        start_threshold=values.start_threshold, end_threshold=values.end_threshold
    )
