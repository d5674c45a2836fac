# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Publish the frames of a camera, a video or pictures."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
from assist_common import memory, qos
from assist_common.component import Component
from assist_common.errors import ConfigurationError, DeviceError
from assist_common.main import run
from assist_common.parameters import parameter
from assist_common.resilience import Backoff
from diagnostic_msgs.msg import DiagnosticStatus
from sensor_msgs.msg import CameraInfo, Image
from std_msgs.msg import Header

from assist_vision import calibration, camera, conversions

STOP_TIMEOUT = 1.0
"""Seconds that the end of a read is waited for; a read that blocks longer is left behind."""
_QUIET, _QUIET_FRAMES = 2.0, 3
"""Seconds, or periods where that is longer, without a frame after which a source is stale."""


@dataclass(frozen=True)
class CameraParameters:
    source: str = parameter(
        '0',
        'index or path of a device, address (rtsp://...), video, picture or folder of pictures',
        read_only=True,
    )
    rate: float = parameter(
        0.0,
        'frames per second; 0: that of the device or video, 10 for pictures',
        low=0.0,
        high=240.0,
    )
    loop: bool = parameter(True, 'a video or folder begins anew at its end')
    width: int = parameter(
        0, 'pixels; asked of a device, the most for files; 0: as it is', low=0, high=16384
    )
    height: int = parameter(
        0, 'pixels; asked of a device, the most for files; 0: as it is', low=0, high=16384
    )
    seconds_per_image: float = parameter(
        3.0, 'how long each picture of a folder is shown, s', low=0.05, high=3600.0
    )
    timeout: float = parameter(
        5.0, 'longest wait for an address to answer or to send a frame, s', low=0.5, high=60.0
    )
    frame_id: str = parameter('camera_optical_frame', 'frame of the images, optical (REP-103)')
    calibration: str = parameter(
        '', 'YAML file of camera_calibration for camera_info; empty: uncalibrated', read_only=True
    )
    reconnect: float = parameter(
        0.5, 'first wait before a lost device is opened again, s; it doubles', low=0.05, high=60.0
    )
    reconnect_limit: float = parameter(
        10.0, 'longest wait before a lost device is opened again, s', low=0.05, high=600.0
    )


class CameraNode(Component):
    """Publish the frames of a camera, a video or pictures, and come back after a lost device."""

    parameters: CameraParameters
    _stream: _Stream | None = None

    def on_setup(self) -> None:
        path = self.parameters.calibration
        self.calibration = calibration.load(path) if path else None
        source = self.parameters.source
        if not camera.is_live(source):
            # What is wrong with a file now stays wrong: say so before anybody waits for frames.
            camera.open_source(source, self._options()).close()
        self.hardware_id = source
        self.images = self.create_publisher(Image, 'image_raw', qos.SENSOR)
        self.infos = self.create_publisher(CameraInfo, 'camera_info', qos.SENSOR)
        self.add_diagnostic('camera stream', self.diagnose)
        self._switching = threading.Lock()
        self._changes = self.create_worker(self._restart, newest_only=True, name='restart')

    def on_start(self) -> None:
        self._stream = _Stream(self)

    def on_stop(self) -> None:
        with self._switching:
            self._end_stream()
            self._stream = None

    def on_parameters_changed(self, old: CameraParameters) -> None:
        if self.is_active:
            # A source that blocks must not hold up the executor.
            self._changes.put(None)

    def _restart(self, _: None) -> None:
        with self._switching:
            self._end_stream()
            self._stream = _Stream(self) if self.is_active else None

    def _end_stream(self) -> None:
        if self._stream and not self._stream.stop():
            self.log.warning('The camera did not stop in time; its thread was left behind.')

    def publish(self, frame: np.ndarray) -> None:
        """Publish one frame, stamped with the time at which it was read."""
        header = Header(stamp=self.now(), frame_id=self.parameters.frame_id)
        height, width = frame.shape[:2]
        with self.stage('publish'):
            self.images.publish(conversions.to_image(frame, header))
            self.infos.publish(conversions.to_camera_info(self.calibration, width, height, header))

    def diagnose(self, status: DiagnosticStatus) -> DiagnosticStatus:
        """Report the rate, or why there are no frames."""
        stream, now = self._stream, self.steady()
        if stream is None:
            status.summary(DiagnosticStatus.OK, 'not started')
            return status
        if stream.fault:
            status.summary(DiagnosticStatus.ERROR, stream.fault)
        elif stream.ended:
            status.summary(DiagnosticStatus.WARN, 'the source has ended')
        elif stream.silence(now) > stream.patience:
            status.summary(DiagnosticStatus.STALE, f'no frame for {stream.silence(now):.1f} s')
        elif not stream.frames:
            status.summary(DiagnosticStatus.WARN, 'no frame yet')
        elif self.calibration and stream.size != (self.calibration.width, self.calibration.height):
            wanted = f'{self.calibration.width}x{self.calibration.height}'
            status.summary(
                DiagnosticStatus.WARN, f'the calibration is for {wanted}, so it is not used'
            )
        else:
            status.summary(DiagnosticStatus.OK, 'streaming')
        status.add('source', self.parameters.source)
        status.add('resolution', f'{stream.size[0]}x{stream.size[1]} px')
        status.add('rate', f'{stream.take_rate(now):.1f} frames/s')
        status.add('frames', str(stream.frames))
        status.add('reconnects', str(stream.reconnects))
        return status

    def open(self) -> camera.Source:
        """Open the source."""
        return camera.open_source(self.parameters.source, self._options(), self.log.warning)

    def _options(self) -> camera.CameraOptions:
        wanted = self.parameters
        return camera.CameraOptions(
            width=wanted.width,
            height=wanted.height,
            rate=wanted.rate,
            loop=wanted.loop,
            seconds_per_image=wanted.seconds_per_image,
            timeout=wanted.timeout,
        )


class _Stream:
    """Reads the source on a thread of its own, since a read blocks until the next frame."""

    def __init__(self, node: CameraNode) -> None:
        self.fault = ''
        self.ended = False
        self.frames = 0
        self.reconnects = 0
        self.size = (0, 0)
        self.patience = _QUIET
        """Seconds without a frame after which the source is stale."""
        self._node = node
        self._last = node.steady()
        self._counted = (self._last, 0)
        self._stopping = threading.Event()
        self._delivering = threading.Lock()
        self._thread = threading.Thread(target=self._run, name='camera', daemon=True)
        self._thread.start()

    def stop(self) -> bool:
        """Publish nothing more and end the thread; False when it did not end in time."""
        with self._delivering:
            self._stopping.set()
        self._thread.join(STOP_TIMEOUT)
        return not self._thread.is_alive()

    def silence(self, now: float) -> float:
        """Return the seconds since the last frame, or since the start."""
        return now - self._last

    def take_rate(self, now: float) -> float:
        """Return the frames per second since the last call."""
        since, frames = self._counted
        self._counted = (now, self.frames)
        return (self.frames - frames) / max(now - since, 1e-3)

    def _run(self) -> None:
        wanted = self._node.parameters
        backoff = Backoff(wanted.reconnect, maximum=max(wanted.reconnect, wanted.reconnect_limit))
        while not self._stopping.is_set() and not self.ended:
            try:
                self._read(backoff)
            except (DeviceError, ConfigurationError) as error:
                self._report(str(error))
            except Exception as error:
                self._node.report_error('camera', error)
                self._report(f'The camera failed: {error}.')
            if not self.ended:
                self._stopping.wait(backoff.next())

    def _read(self, backoff: Backoff) -> None:
        source = self._node.open()
        try:
            wanted = self._node.parameters.rate
            rate = wanted or source.rate or 30.0
            self.patience = max(_QUIET, _QUIET_FRAMES / rate)
            # What a device says of its rate is not to be relied on: only a wanted one thins it.
            pace = _Pace(self._node.steady(), wanted if source.live else rate, source.live)
            while not self._stopping.wait(pace.wait(self._node.steady())):
                with self._node.stage('capture'):
                    frame = source.read(self._node.steady() - pace.begin)
                if frame is None:
                    self.ended = True
                    self._node.log.info(f"The source '{source.name}' has ended.")
                    return
                self._last = self._node.steady()
                if pace.due(self._last):
                    self._deliver(frame)
                    backoff.reset()
        finally:
            source.close()

    def _deliver(self, frame: np.ndarray) -> None:
        with self._delivering:
            if self._stopping.is_set():
                return
            if self.fault:
                self.reconnects += 1
                self._node.log.info('The camera is back.')
            self.fault = ''
            height, width = frame.shape[:2]
            self.size = (width, height)
            if not self.frames:
                self._node.log.info(f'The first frame is there, {width}x{height} px.')
            self.frames += 1
            self._node.publish(frame)

    def _report(self, fault: str) -> None:
        if fault != self.fault and not self._stopping.is_set():
            self._node.log.error(f'{fault} Trying again.')
        self.fault = fault


class _Pace:
    """When the next frame is due: a file is read at its rate, a device is thinned to it.

    A rate of 0 is for a device, and takes all that it gives.
    """

    def __init__(self, begin: float, rate: float, live: bool) -> None:
        self.begin = begin
        self._period = 1.0 / rate if rate else 0.0
        self._live = live
        self._count = 0

    def wait(self, now: float) -> float:
        """Return the seconds before the source may be read."""
        if self._live:
            return 0.0
        return max(0.0, self.begin + self._count * self._period - now)

    def due(self, now: float) -> bool:
        """Tell whether a frame that was just read is to be published, and count it."""
        if not self._period:
            return True
        elapsed = (now - self.begin) / self._period
        # Devices jitter: one that comes a little early is still the frame that is due.
        if self._live and elapsed < self._count - 0.5:
            return False
        self._count = max(self._count + 1, int(elapsed))
        return True


def main() -> int:
    """Run the node."""
    memory.keep_blocks()
    return run(CameraNode)
