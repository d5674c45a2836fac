# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A module sounddevice without hardware, for tests of devices that come, go and hang."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np


class PortAudioError(Exception):
    """As sounddevice raises it."""


class FakeSoundDevice:
    """Stands for the module; knows the devices that were there when it was initialised.

    present: names of devices that are there. rates and channels: what they take.
    """

    PortAudioError = PortAudioError

    def __init__(self, *present: str) -> None:
        self.present = list(present)
        self.rates: set[float] | None = None
        self.channels = {1, 2}
        self.starts_fail = 0
        self.scans = 0
        self.heard: list[Any] = []
        self.opened: list[tuple[float, int]] = []
        self.hang: threading.Event | None = None
        self._initialized = 1
        self._known = list(present)

    @property
    def default(self) -> Any:
        return type('Default', (), {'device': {'input': 0, 'output': 0}})

    def _terminate(self) -> None:
        self._need_initialized()
        self._initialized -= 1

    def _initialize(self) -> None:
        self.scans += 1
        if self.starts_fail:
            self.starts_fail -= 1
            raise PortAudioError('Error initializing PortAudio')
        self._initialized += 1
        self._known = list(self.present)

    def query_devices(self) -> list[dict[str, Any]]:
        self._need_initialized()
        return [
            {
                'index': index,
                'name': name,
                'max_input_channels': 2,
                'max_output_channels': 2,
                'default_samplerate': 48000.0,
            }
            for index, name in enumerate(self._known)
        ]

    def check_input_settings(self, *_: Any, **__: Any) -> None:
        pass

    def check_output_settings(self, device: int, channels: int, dtype: str, samplerate: float,
                              ) -> None:  # fmt: skip
        del device, dtype
        if channels not in self.channels or self.rates and samplerate not in self.rates:
            raise PortAudioError('Invalid sample rate')

    def OutputStream(self, **options: Any) -> _Stream:  # noqa: N802
        return self._open(options)

    def InputStream(self, **options: Any) -> _Stream:  # noqa: N802
        return self._open(options)

    def _open(self, options: dict[str, Any]) -> _Stream:
        if self._known[options['device']] not in self.present:
            raise PortAudioError('Device unavailable')
        self.check_output_settings(
            options['device'], options['channels'], options['dtype'], options['samplerate']
        )
        self.opened.append((options['samplerate'], options['channels']))
        return _Stream(self)

    def _need_initialized(self) -> None:
        if not self._initialized:
            raise PortAudioError('PortAudio not initialized')


class _Stream:
    def __init__(self, module: FakeSoundDevice) -> None:
        self._module = module
        self.aborted = False

    def __enter__(self) -> _Stream:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def start(self) -> None:
        pass

    def stop(self) -> None:
        pass

    def close(self, ignore_errors: bool = True) -> None:
        pass

    def abort(self) -> None:
        self.aborted = True

    def write(self, samples: Any) -> None:
        if self._module.hang is not None:
            self._module.hang.wait(30.0)
        self._module.heard.append(np.array(samples))
