# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A person at a microphone: speaks sound files on `audio_in`, and is silent in between."""

from __future__ import annotations

import threading
import time
import wave
from collections import deque
from pathlib import Path
from types import TracebackType

import numpy as np
from assist_common import qos
from assist_common.errors import InputError
from audio_common_msgs.msg import AudioData, AudioDataStamped
from rclpy.duration import Duration
from rclpy.node import Node

FRAME_SECONDS = 0.03
SILENCE_LEVEL = 3.0
"""Root mean square of the room's noise, of 32,768: a microphone is never quite silent."""


class Person:
    """A context manager that sends sound at the pace of time from a thread of its own.

    Args:
        rate: samples a second of all files, mono, signed 16 bit.
    """

    def __init__(self, node: Node, rate: int) -> None:
        self._node = node
        self._rate = rate
        self._size = round(rate * FRAME_SECONDS)
        self._publisher = node.create_publisher(AudioDataStamped, 'audio_in', qos.RELIABLE)
        self._random = np.random.default_rng(1)
        self._frames: deque[np.ndarray] = deque()
        self._plugged = threading.Event()
        self._plugged.set()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name='person', daemon=True)

    def __enter__(self) -> Person:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.set()
        self._thread.join(1.0)

    @property
    def is_speaking(self) -> bool:
        """Return whether a sentence is not through yet."""
        return bool(self._frames)

    def say(self, path: Path) -> None:
        """Begin to speak a WAV file.

        Raises:
            InputError: it is not mono, 16 bit, of the person's sample rate.
        """
        with wave.open(str(path)) as file:
            shape = file.getnchannels(), file.getsampwidth(), file.getframerate()
            if shape != (1, 2, self._rate):
                raise InputError(f'{path} is not mono, 16 bit, {self._rate} Hz')
            samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        whole = -(-len(samples) // self._size) * self._size
        self._frames.extend(np.pad(samples, (0, whole - len(samples))).reshape(-1, self._size))

    def unplug(self) -> None:
        """Send nothing any more, not even silence."""
        self._plugged.clear()

    def plug(self) -> None:
        """Send again."""
        self._plugged.set()

    def _run(self) -> None:
        due = time.monotonic()
        while not self._ending.wait(max(0.0, due - time.monotonic())):
            due += FRAME_SECONDS
            if self._plugged.is_set():
                self._send(self._frames.popleft() if self._frames else np.zeros(self._size))

    def _send(self, frame: np.ndarray) -> None:
        noise = self._random.normal(0.0, SILENCE_LEVEL, self._size)
        samples = np.clip(frame + noise, -32768, 32767).astype(np.int16)
        message = AudioDataStamped(audio=AudioData(data=samples.tobytes()))
        first_sample = self._node.get_clock().now() - Duration(seconds=FRAME_SECONDS)
        message.header.stamp = first_sample.to_msg()
        message.header.frame_id = 'microphone'
        self._publisher.publish(message)
