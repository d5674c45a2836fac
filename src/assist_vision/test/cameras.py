# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A camera for tests of detector_node, and what is awaited of the scenes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType

import cv2
import numpy as np
from assist_common import qos
from assist_common.testing import Graph, wait_until
from assist_msgs.msg import Scene
from assist_vision import conversions
from builtin_interfaces.msg import Time
from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import Header


class Camera:
    """Publishes one picture again and again, each time with the time of day."""

    def __init__(self, graph: Graph, picture: np.ndarray, *, compressed: bool = False) -> None:
        self._graph = graph
        self._picture = picture
        self._compressed = compressed
        self.stamp: Callable[[Time], Time] | None = None
        """Makes the stamp of the time of day; None: that is it."""
        kind = CompressedImage if compressed else Image
        topic = 'image_raw/compressed' if compressed else 'image_raw'
        self.publisher = graph.publisher(kind, topic, qos.SENSOR)

    def header(self) -> Header:
        now = self._graph.probe.get_clock().now().to_msg()
        return Header(stamp=self.stamp(now) if self.stamp else now, frame_id='camera')

    def show(self) -> Header:
        header = self.header()
        if self._compressed:
            data = cv2.imencode('.jpg', self._picture)[1].tobytes()
            self.publisher.publish(CompressedImage(header=header, format='jpeg', data=data))
        else:
            self.publisher.publish(conversions.to_image(self._picture, header))
        return header


def labels(scene: Scene) -> list[str]:
    return sorted(each.label for each in scene.objects)


def show_until_seen(camera: Camera, scenes: object, count: int = 4) -> Scene:
    """Show the picture until a scene with so many objects comes."""

    def found() -> list[Scene]:
        camera.show()
        messages = scenes.messages  # type: ignore[attr-defined]
        return [each for each in messages if len(each.objects) >= count]

    return wait_until(found, f'a scene with {count} objects')[-1]


class Film:
    """A context manager: shows the picture at a rate, from a thread of its own."""

    def __init__(self, camera: Camera, rate: float) -> None:
        self._camera = camera
        self._pause = 1 / rate
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Film:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ending.wait(self._pause):
            self._camera.show()
