# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What NVML knows of NVIDIA GPUs; nothing, without a complaint, where there is none."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assist_common.memory import MEBIBYTE


@dataclass(frozen=True)
class GpuSample:
    """One GPU; NaN for what it cannot tell."""

    name: str
    memory_used: float
    """MiB"""
    memory_total: float
    """MiB"""
    utilisation: float
    """percent of the time"""
    temperature: float
    """degrees Celsius"""
    power: float
    """W"""
    clock: float = math.nan
    """of the multiprocessors, MHz"""
    slowed_by: tuple[str, ...] = ()
    """what holds the clock down"""


SLOWED_BY = {
    0x04: 'power limit',
    0x08: 'hardware slowdown',
    0x20: 'heat',
    0x40: 'heat (hardware)',
    0x80: 'power brake',
}
"""Bits of nvmlDeviceGetCurrentClocksThrottleReasons: nvmlClocksEventReasons of the NVML API."""


LOST = (1, 8, 9, 11, 15, 16, 18)
"""Errors of a GPU that worked before: NVML or driver gone, no power, interrupts, lost, reset
required, driver changed (nvmlReturn_t of the NVML API). Others say that it does not tell this."""


def nvml() -> Any:
    """Return pynvml, or None where the package or NVIDIA's driver is missing.

    Without the driver the package, 2 MB, is of no use.
    """
    try:
        ctypes.CDLL('libnvidia-ml.so.1')
        import pynvml
    except (OSError, ImportError):
        return None
    return pynvml


class GpuReader:
    """Reads all GPUs through a library such as `nvml` returns; None has none.

    Attributes:
        fault: why NVML, or a GPU that was there, does not work; empty where all works or NVML is
            absent.
    """

    def __init__(self, library: Any) -> None:
        self.fault = ''
        self._trouble = ''
        self._library = library
        self._handles: list[Any] = []
        if library is not None:
            self._open()

    def read(self) -> list[GpuSample]:
        """Return one sample for each GPU."""
        self._trouble = ''
        samples = [self._sample(handle) for handle in self._handles]
        if self._handles:
            self.fault = _fault(self._trouble) if self._trouble else ''
        return samples

    def close(self) -> None:
        """Let go of NVML."""
        if self._handles:
            self._handles = []
            self._value(self._library.nvmlShutdown, None)

    def _open(self) -> None:
        nvml = self._library
        absent = (nvml.NVML_ERROR_LIBRARY_NOT_FOUND, nvml.NVML_ERROR_DRIVER_NOT_LOADED)
        try:
            nvml.nvmlInit()
            count = nvml.nvmlDeviceGetCount()
            self._handles = [nvml.nvmlDeviceGetHandleByIndex(index) for index in range(count)]
        except nvml.NVMLError as error:
            if error.value not in absent:
                self.fault = _fault(str(error))

    def _sample(self, handle: Any) -> GpuSample:
        nvml = self._library
        name = self._value(lambda: nvml.nvmlDeviceGetName(handle), 'GPU')
        memory = self._value(lambda: nvml.nvmlDeviceGetMemoryInfo(handle), None)
        return GpuSample(
            name=name.decode() if isinstance(name, bytes) else name,
            memory_used=memory.used / MEBIBYTE if memory else math.nan,
            memory_total=memory.total / MEBIBYTE if memory else math.nan,
            utilisation=self._value(
                lambda: float(nvml.nvmlDeviceGetUtilizationRates(handle).gpu), math.nan
            ),
            temperature=self._value(
                lambda: float(nvml.nvmlDeviceGetTemperature(handle, nvml.NVML_TEMPERATURE_GPU)),
                math.nan,
            ),
            power=self._value(lambda: nvml.nvmlDeviceGetPowerUsage(handle) / 1000, math.nan),
            clock=self._value(
                lambda: float(nvml.nvmlDeviceGetClockInfo(handle, nvml.NVML_CLOCK_SM)), math.nan
            ),
            slowed_by=self._slowed_by(handle),
        )

    def _slowed_by(self, handle: Any) -> tuple[str, ...]:
        reasons = self._value(
            lambda: self._library.nvmlDeviceGetCurrentClocksThrottleReasons(handle), 0
        )
        return tuple(text for bit, text in SLOWED_BY.items() if reasons & bit)

    def _value(self, read: Callable[[], Any], otherwise: Any) -> Any:
        try:
            return read()
        except AttributeError:
            # An older pynvml.
            return otherwise
        except self._library.NVMLError as error:
            if error.value in LOST:
                self._trouble = str(error)
            return otherwise


def _fault(reason: str) -> str:
    return f'the GPU cannot be read: {reason}; check its driver with nvidia-smi'
