# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Between messages and what the engines take."""

from __future__ import annotations

import array

import numpy as np
from assist_common.errors import InputError
from assist_msgs.msg import SpeechSegment, Transcript, Utterance, VoiceActivity, Word
from audio_common_msgs.msg import AudioDataStamped, AudioInfo
from builtin_interfaces.msg import Time
from std_msgs.msg import Header

from assist_audio.audio import SAMPLE_RATE, SECOND, Frame, nanoseconds
from assist_audio.listener import Activity
from assist_audio.recogniser import Recognised
from assist_audio.segmenter import Chunk, ChunkState
from assist_audio.utterance_queue import Priority, QueuedUtterance

_MOST_SAMPLES = 60 * SAMPLE_RATE


def to_nanoseconds(stamp: Time) -> int:
    """Return a stamp as nanoseconds."""
    return stamp.sec * SECOND + stamp.nanosec


def to_time(nanoseconds: int) -> Time:
    """Return nanoseconds, not negative, as a stamp."""
    return Time(sec=nanoseconds // SECOND, nanosec=nanoseconds % SECOND)


def to_audio(frame: Frame, frame_id: str) -> AudioDataStamped:
    """Return a frame as signed 16 bit little endian bytes."""
    message = AudioDataStamped()
    message.header.stamp = to_time(frame.stamp)
    message.header.frame_id = frame_id
    message.audio.data = array.array('B', frame.samples.astype('<i2').tobytes())
    return message


def audio_info() -> AudioInfo:
    """Return what `audio` carries."""
    return AudioInfo(
        channels=1,
        sample_rate=SAMPLE_RATE,
        sample_format='S16LE',
        bitrate=SAMPLE_RATE * 16,
        coding_format='wave',
    )


def to_activity(activity: Activity, frame_id: str) -> VoiceActivity:
    """Return what was judged of a frame."""
    message = VoiceActivity(
        active=activity.active,
        probability=activity.probability,
        level=activity.level,
        noise_floor=activity.noise_floor,
    )
    message.header.stamp = to_time(activity.stamp)
    message.header.frame_id = frame_id
    return message


def to_segment(chunk: Chunk, frame_id: str) -> SpeechSegment:
    """Return a chunk of speech."""
    message = SpeechSegment(
        id=chunk.segment,
        chunk=chunk.index,
        state=int(chunk.state),
        sample_rate=SAMPLE_RATE,
        samples=array.array('h', chunk.samples.tobytes()),
        tail=chunk.tail,
        over_speech=chunk.over_speech,
    )
    message.header.stamp = to_time(chunk.stamp)
    message.header.frame_id = frame_id
    return message


def to_chunk(message: SpeechSegment) -> Chunk:
    """Return a chunk of speech.

    Raises:
        InputError: another sample rate, an unknown state, or absurd sizes.
    """
    if message.sample_rate != SAMPLE_RATE:
        raise InputError(
            f'speech came at {message.sample_rate} Hz', f'send it at {SAMPLE_RATE} Hz'
        )
    if message.state not in list(ChunkState):
        raise InputError(f'a chunk of speech has the unknown state {message.state}')
    if len(message.samples) > _MOST_SAMPLES or not 0.0 <= message.tail < 60.0:
        raise InputError('a chunk of speech has an absurd size', 'send at most 60 s at once')
    stamp = message.header.stamp
    if stamp.sec < 0 or stamp.nanosec >= SECOND:
        raise InputError('a chunk of speech has an absurd stamp', 'set the time of its start')
    return Chunk(
        segment=message.id,
        index=message.chunk,
        state=ChunkState(message.state),
        stamp=to_nanoseconds(stamp),
        samples=np.array(message.samples, np.int16),
        tail=float(message.tail),
        over_speech=message.over_speech,
    )


def to_transcript(result: Recognised, frame_id: str) -> Transcript:
    """Return what was said in a segment."""
    spoken = result.transcription
    message = Transcript(
        segment_id=result.speech.segment,
        final=result.final,
        stop_only=result.stop_only,
        text=spoken.text,
        alternatives=list(spoken.alternatives),
        language=spoken.language,
        confidence=spoken.confidence,
        no_speech_probability=min(1.0, spoken.no_speech_probability),
        duration=result.speech.duration,
        words=[
            Word(text=word.text, start=word.start, end=word.end, probability=word.probability)
            for word in spoken.words
        ],
    )
    message.header.stamp = to_time(result.speech.stamp)
    message.header.frame_id = frame_id
    return message


def end_of_speech(result: Recognised) -> Header:
    """Return a header with the time at which somebody stopped to speak."""
    end = result.speech.stamp + nanoseconds(result.speech.duration)
    return Header(stamp=to_time(end))


def to_utterance(message: Utterance, now: Time, steady: float) -> QueuedUtterance:
    """Return what is to be said, its expiry on the steady clock.

    Args:
        now: ROS time of its arrival.
        steady: seconds on the steady clock at the same moment.

    Raises:
        InputError: an unknown priority, a negative expiry, or no text.
    """
    if message.priority not in list(Priority):
        raise InputError(f'an utterance has the unknown priority {message.priority}')
    if not message.text.strip():
        raise InputError('an utterance has no text')
    expiry = float(message.expiry)
    if not 0.0 <= expiry < float('inf'):
        raise InputError(f'an utterance has an expiry of {expiry}', 'use seconds, or 0 for never')
    deadline = float('inf')
    if expiry:
        age = (to_nanoseconds(now) - to_nanoseconds(message.header.stamp)) / SECOND
        deadline = steady + expiry - max(0.0, age)
    return QueuedUtterance(message.text, Priority(message.priority), deadline)
