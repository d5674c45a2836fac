# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A source is opened, watched, and opened again."""

from __future__ import annotations

import time

import numpy as np
from assist_audio.audio import Frame
from assist_audio.capture import Capture, CaptureState
from assist_audio.source import AudioSource
from assist_common.errors import DeviceError
from assist_common.resilience import Backoff
from assist_common.testing import wait_until

FRAME = Frame(np.zeros(480, np.int16), 0)


class Device(AudioSource):
    """Does what the test says."""

    name = 'device'

    def __init__(self, can_reopen: bool = True) -> None:
        super().__init__()
        self.can_reopen = can_reopen
        self.missing = False
        self.quiet = False
        self.broken = False
        self.opened = 0
        self.closed = 0
        self.ended = False

    def open(self) -> None:
        if self.missing:
            raise DeviceError('there is no such device')
        self.opened += 1

    def read(self, timeout: float) -> list[Frame]:
        time.sleep(0.005)
        if self.broken:
            raise OSError('the driver is confused')
        return [] if self.quiet else [FRAME]

    def close(self) -> None:
        self.closed += 1

    @property
    def finished(self) -> bool:
        return self.ended


class Rig:
    def __init__(self, device: Device, on_frame=lambda frame: None) -> None:
        self.changes: list[tuple[CaptureState, str]] = []
        self.errors: list[Exception] = []
        self.capture = Capture(
            device,
            on_frame,
            stale_after=0.1,
            on_change=lambda state, reason: self.changes.append((state, reason)),
            on_error=self.errors.append,
            backoff=Backoff(0.02, maximum=0.05),
        )

    def __enter__(self) -> Capture:
        self.capture.start()
        return self.capture

    def __exit__(self, *_: object) -> None:
        assert self.capture.stop()


def reaches(capture: Capture, state: CaptureState) -> None:
    wait_until(lambda: capture.state == state, f'the state {state.value}')


def test_a_device_that_comes_late_is_used_when_it_is_there() -> None:
    device = Device()
    device.missing = True
    rig = Rig(device)
    with rig as capture:
        reaches(capture, CaptureState.FAILED)
        assert capture.reason == 'There is no such device.'
        time.sleep(0.2)
        device.missing = False
        reaches(capture, CaptureState.STREAMING)
    failures = [change for change in rig.changes if change[0] == CaptureState.FAILED]
    assert len(failures) == 1  # told once, however often it was tried
    assert capture.state == CaptureState.STOPPED


def test_a_device_that_goes_quiet_is_stale_then_failed_then_back() -> None:
    device = Device()
    rig = Rig(device)
    with rig as capture:
        reaches(capture, CaptureState.STREAMING)
        device.quiet = True
        reaches(capture, CaptureState.STALE)
        reaches(capture, CaptureState.FAILED)
        assert 'has delivered nothing' in capture.reason
        device.quiet = False
        reaches(capture, CaptureState.STREAMING)
    assert device.opened >= 2
    assert device.closed >= device.opened


def test_a_topic_that_goes_quiet_is_stale_until_it_is_back() -> None:
    device = Device(can_reopen=False)
    with Rig(device) as capture:
        reaches(capture, CaptureState.STREAMING)
        device.quiet = True
        reaches(capture, CaptureState.STALE)
        time.sleep(0.3)
        assert capture.state == CaptureState.STALE
        device.quiet = False
        reaches(capture, CaptureState.STREAMING)
        assert device.opened == 1


def test_whatever_a_driver_raises_it_is_opened_again() -> None:
    device = Device()
    with Rig(device) as capture:
        reaches(capture, CaptureState.STREAMING)
        device.broken = True
        reaches(capture, CaptureState.FAILED)
        assert 'confused' in capture.reason
        device.broken = False
        reaches(capture, CaptureState.STREAMING)


def test_an_error_of_the_receiver_does_not_end_it() -> None:
    def fail(frame: Frame) -> None:
        raise ValueError('cannot use this')

    rig = Rig(Device(), fail)
    with rig as capture:
        wait_until(lambda: capture.frames > 3, 'frames')
    assert len(rig.errors) > 2


def test_a_source_that_ends_is_finished_and_can_be_started_again() -> None:
    device = Device()
    with Rig(device) as capture:
        reaches(capture, CaptureState.STREAMING)
        device.ended = True
        reaches(capture, CaptureState.FINISHED)
        assert capture.stop()
        device.ended = False
        capture.start()
        reaches(capture, CaptureState.STREAMING)
