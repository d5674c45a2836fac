# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What a person can set of the node that hears."""

from __future__ import annotations

from dataclasses import dataclass

from assist_common import qos
from assist_common.parameters import parameter

from assist_audio.segmenter import Segmentation
from assist_audio.source import FORMATS
from assist_audio.vad import KINDS


@dataclass(frozen=True)
class AudioParameters:
    """The parameters of audio_node."""

    source: str = parameter(
        'device',
        'where sound comes from: device, file or topic',
        choices=('device', 'file', 'topic'),
        read_only=True,
    )
    device: str = parameter(
        '',
        "microphone: index or part of its name, as 'ros2 run assist_audio devices' lists them; "
        'empty: the default one',
        read_only=True,
    )
    device_rate: int = parameter(
        0,
        'sample rate of the microphone, Hz; 0: 16000, or its own where it does not have that',
        low=0,
        high=384000,
        read_only=True,
    )
    file: str = parameter('', 'source file: a WAV, FLAC or MP3 file', read_only=True)
    files: tuple[str, ...] = parameter(
        (), 'source file: more files, played one after the other', read_only=True
    )
    file_real_time: bool = parameter(
        True, 'source file: play at the pace of speech; false: as fast as possible', read_only=True
    )
    file_loop: bool = parameter(False, 'source file: begin again after the end', read_only=True)
    file_pause: float = parameter(
        1.0,
        'source file: silence before, between and after files, s',
        low=0.0,
        high=600.0,
        read_only=True,
    )
    file_waits: bool = parameter(
        True,
        'source file: hold it while the robot speaks; the next file starts file_pause after that',
        read_only=True,
    )
    input_rate: int = parameter(
        16000, 'source topic: sample rate, Hz', low=4000, high=384000, read_only=True
    )
    input_channels: int = parameter(
        1, 'source topic: number of channels', low=1, high=32, read_only=True
    )
    input_format: str = parameter(
        'S16LE', 'source topic: sample format', choices=tuple(FORMATS), read_only=True
    )
    input_depth: int = parameter(
        50, 'source topic: messages that may wait', low=1, high=1000, read_only=True
    )
    input_reliability: str = parameter(
        'best_effort', 'source topic', choices=qos.RELIABILITIES, read_only=True
    )
    stale_after: float = parameter(
        1.5, 'seconds without sound after which it is stale, s', low=0.2, high=60.0, read_only=True
    )
    silent_after: float = parameter(
        300.0,
        'pure silence, as of a microphone that is muted, after which it is a WARN, s; 0: never',
        low=0.0,
        high=86400.0,
        read_only=True,
    )
    frame_id: str = parameter('microphone', 'frame_id of all headers', read_only=True)
    vad: str = parameter(
        'hybrid',
        'voice activity detection: webrtc is cheap and takes noise for speech, silero is neither, '
        'hybrid lets webrtc open and silero judge',
        choices=KINDS,
        read_only=True,
    )
    aggressiveness: int = parameter(
        3, 'of webrtc: the higher, the less is taken for speech', low=0, high=3, read_only=True
    )
    start_threshold: float = parameter(
        0.5, 'probability above which a frame starts speech', low=0.0, high=1.0
    )
    end_threshold: float = parameter(
        0.35, 'probability below which a frame ends speech', low=0.0, high=1.0
    )
    noise_margin: float = parameter(
        3.0, 'speech starts only so far above the noise floor, dB', low=0.0, high=40.0
    )
    confirmation: float = parameter(
        0.09, 'voiced frames that make a start, s', low=0.03, high=1.0
    )
    pre_roll: float = parameter(0.3, 'sound kept from before the start, s', low=0.03, high=2.0)
    pause: float = parameter(
        0.21, 'silence after which recognition begins, in case the end has come, s',
        low=0.06, high=2.0,
    )
    hang_over: float = parameter(
        0.6, 'silence after which speech has ended, s', low=0.06, high=5.0
    )
    minimum_speech: float = parameter(
        0.15, 'voiced frames below which a segment is no speech, s', low=0.03, high=2.0
    )
    maximum_segment: float = parameter(
        15.0, 'length at which a segment is cut, s', low=2.0, high=28.0
    )
    cut_window: float = parameter(
        3.0, 'how long before that a pause to cut at is looked for, s', low=0.3, high=20.0
    )
    chunk: float = parameter(0.3, 'length of the chunks of growing speech, s', low=0.03, high=5.0)
    listen: str = parameter(
        'always',
        'when it listens; push_to_talk: only while the topic push_to_talk says true, and speech '
        'ends at release, without hang-over; a stop needs the button then, too',
        choices=('always', 'push_to_talk'),
    )
    half_duplex: bool = parameter(True, 'take nothing for a command while the robot speaks')
    barge_in: bool = parameter(
        True, 'half duplex: listen nevertheless, for the stop words alone; false: do not listen'
    )
    speaking_tail: float = parameter(
        0.3, 'nor for so long after it, s', low=0.0, high=5.0
    )


def segmentation(values: AudioParameters) -> Segmentation:
    """Return when a segment begins and ends.

    Raises:
        ConfigurationError: the values contradict each other.
    """
    return Segmentation(
        start_threshold=values.start_threshold,
        end_threshold=values.end_threshold,
        margin=values.noise_margin,
        confirmation=values.confirmation,
        pre_roll=values.pre_roll,
        pause=values.pause,
        hang_over=values.hang_over,
        minimum=values.minimum_speech,
        maximum=values.maximum_segment,
        cut_window=values.cut_window,
        chunk=values.chunk,
    )
