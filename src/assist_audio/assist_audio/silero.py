# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The recurrent network of Silero (v6) that comes with faster-whisper, in numpy.

A short-time Fourier transform, four convolutions, one LSTM cell and one output: 0.7 million
multiplications for 32 ms of sound. ONNX Runtime is no faster at that, and takes 30 MB more.
"""

from __future__ import annotations

import importlib.util
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from assist_common.errors import ConfigurationError, ModelError
from numpy.typing import NDArray

from assist_audio import onnx_weights
from assist_audio.audio import Waveform

WINDOW = 512
"""Samples that the network judges at once."""

CONTEXT = 64
"""Samples before them that it also takes."""

TAKEN = CONTEXT + WINDOW

_KNOWN = (1_245_151, 0x938361F9)
"""Bytes and CRC-32 of assets/silero_vad_v6.onnx in faster-whisper 1.2.1: the network that is
written out here. (A digest of hashlib would bring OpenSSL, 4 MB, into the node.)"""

_WIDTH, _STEP = 256, 128  # samples of one Fourier transform, and from one to the next
_FREQUENCIES = 129
_STRIDES = (1, 2, 2, 1)  # of the convolutions
_STATE = 128  # values that the LSTM remembers

Array = NDArray[np.float32]


class Network(Protocol):
    """Judges the windows of one stream in order."""

    def judge(self, samples: Waveform) -> float:
        """Return how likely a window is speech, 0 to 1.

        Args:
            samples: (TAKEN,), from -1 to 1.
        """
        ...

    def reset(self) -> None:
        """Begin a new stream."""
        ...


def load(path: str, report: Callable[[str], object]) -> Network:
    """Return the network of a file; '' is the one that comes with faster-whisper.

    Args:
        report: is told in one sentence when the file is another one, which ONNX Runtime runs.

    Raises:
        ModelError: the file is missing, or holds no network of this kind.
        ConfigurationError: ONNX Runtime is needed, and not installed.
    """
    path = path or _packaged()
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise ModelError(f'the VAD network {path} can not be read ({error.strerror})') from error
    if (len(content), zlib.crc32(content)) == _KNOWN:
        return NumpyNetwork(onnx_weights.read(content))
    network = RuntimeNetwork(path)
    report(f'{path} is not the VAD network known here; ONNX Runtime runs it and takes 30 MB more.')
    return network


class NumpyNetwork:
    """The network, computed by numpy; its weights have the names that the file gives them."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        basis = weights['encoder.feature_extractor.forward_basis_buffer'].reshape(-1, _WIDTH)
        self._cosine, self._sine = basis[:_FREQUENCIES], basis[_FREQUENCIES:]
        self._convolutions = [
            _Convolution(
                weights[f'encoder.conv_layers.{number}.weight'],
                weights[f'encoder.conv_layers.{number}.bias'],
                stride,
            )
            for number, stride in enumerate(_STRIDES)
        ]
        of_input, of_state = (weights[f'onnx::LSTM_{number}'] for number in (209, 210))
        self._gates = np.hstack((of_input.reshape(-1, _STATE), of_state.reshape(-1, _STATE)))
        self._gate_bias = weights['onnx::LSTM_211'].reshape(2, -1).sum(axis=0)
        self._output = weights['decoder.conv1d.weight']
        self._output_bias = weights['decoder.conv1d.bias'][0]
        self.reset()

    def reset(self) -> None:
        """Begin a new stream."""
        self._cell = np.zeros(_STATE, np.float32)
        self._state = np.zeros(_STATE, np.float32)

    def judge(self, samples: Waveform) -> float:
        """Return how likely a window is speech."""
        layer = self._magnitudes(samples)
        for convolution in self._convolutions:
            layer = convolution(layer)
        self._remember(layer[0])
        return float(_sigmoid(_rectified(self._state) @ self._output + self._output_bias))

    def _magnitudes(self, samples: Waveform) -> Array:
        """Return the spectrum, (4, frequencies); what is beyond the end mirrors what is before."""
        mirrored = np.concatenate((samples, samples[-2 : -2 - CONTEXT : -1]))
        starts = range(0, len(mirrored) - _WIDTH + 1, _STEP)
        spans = np.array([mirrored[start : start + _WIDTH] for start in starts])
        return np.hypot(_product(spans, self._cosine), _product(spans, self._sine))

    def _remember(self, features: Array) -> None:
        """Take the LSTM one step further."""
        known = np.concatenate((features, self._state))[np.newaxis]
        gates = _product(known, self._gates)[0] + self._gate_bias
        enter, leave, keep = _sigmoid(gates[: 3 * _STATE]).reshape(3, _STATE)
        self._cell = keep * self._cell + enter * np.tanh(gates[3 * _STATE :])
        self._state = leave * np.tanh(self._cell)


class RuntimeNetwork:
    """A network of the same inputs and outputs, computed by ONNX Runtime."""

    def __init__(self, path: str) -> None:
        self._session = _session(path)
        self.reset()

    def reset(self) -> None:
        """Begin a new stream."""
        self._state = [np.zeros((1, 1, _STATE), np.float32) for _ in 'hc']

    def judge(self, samples: Waveform) -> float:
        """Return how likely a window is speech."""
        hidden, cell = self._state
        inputs = {'input': samples[np.newaxis], 'h': hidden, 'c': cell}
        result, *self._state = self._session.run(None, inputs)
        return float(result[0])


class _Convolution:
    """A convolution over three steps, zeros before the first and after the last, rectified."""

    def __init__(self, kernel: Array, bias: Array, stride: int) -> None:
        outputs = len(bias)
        by_step = kernel.reshape(outputs, -1, 3).transpose(0, 2, 1)
        self._kernel = np.ascontiguousarray(by_step).reshape(outputs, -1)
        self._bias = bias
        self._stride = stride

    def __call__(self, layer: Array) -> Array:
        """Return (steps / stride, outputs) of (steps, inputs)."""
        padded = np.zeros((len(layer) + 2, layer.shape[1]), np.float32)
        padded[1:-1] = layer
        steps = [padded[first : first + len(layer) : self._stride] for first in range(3)]
        rows = np.concatenate(steps, axis=1)
        return _rectified(_product(rows, self._kernel) + self._bias)


def _product(rows: Array, kernel: Array) -> Array:
    """Return rows (n, inputs) times kernel (outputs, inputs).

    OpenBLAS shares a product of 9216 weights with a single row, or of 262144 multiplications,
    among threads (interface/gemv.c and gemm.c), which then wait busily for the next one: 10 ms of
    CPU each time. No product here of several rows is as large.
    """
    return rows @ kernel.T if len(rows) > 1 else np.einsum('ni,oi->no', rows, kernel)


def _rectified(values: Array) -> Array:
    return np.maximum(values, 0.0)


def _sigmoid(values: Array) -> Array:
    return 0.5 + 0.5 * np.tanh(0.5 * values)


def _packaged() -> str:
    """Return the path of the network without importing the package, which would take 60 MB."""
    found = importlib.util.find_spec('faster_whisper')
    folders = found.submodule_search_locations if found else None
    for folder in folders or ():
        for path in sorted((Path(folder) / 'assets').glob('silero_vad_v6*.onnx')):
            return str(path)
    raise ModelError(
        'the Silero VAD network was not found', "run: pip install 'faster-whisper>=1.2'"
    )


def _session(path: str) -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise ConfigurationError(
            'the package onnxruntime is not installed', 'run: pip install onnxruntime'
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(path, options, providers=['CPUExecutionProvider'])
    except Exception as error:  # onnxruntime's errors have no common base class
        raise ModelError(
            f'the VAD network {path} could not be loaded ({error})', 'install faster-whisper anew'
        ) from error
    if {entry.name for entry in session.get_inputs()} != {'input', 'h', 'c'}:
        raise ModelError(
            f'{path} is not the Silero VAD network of version 6', 'install faster-whisper anew'
        )
    return session
