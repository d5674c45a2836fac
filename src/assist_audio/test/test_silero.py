# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The network in numpy judges like the same network in ONNX Runtime, and without it."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from assist_audio import onnx_weights, silero
from assist_audio.audio import to_waveform
from assist_common.errors import ModelError
from sounds import dialogue, noise, silence, spoken

FASTER_WHISPER = importlib.util.find_spec('faster_whisper')
PATH = Path(str(FASTER_WHISPER.origin)).parent / 'assets' / 'silero_vad_v6.onnx'

SPEECH = spoken('go to the kitchen and bring me the cup')
STREAMS = {
    'speech': SPEECH,
    'speech in noise': SPEECH + noise(10.0, 0.01)[: len(SPEECH)],
    'speech and pauses': dialogue('stop', 'find the bus', pause=0.5),
    'noise': noise(3.0, 0.3),
    'silence': silence(1.0),
    'full scale': np.tile(np.array([32767, -32768], np.int16), 8_000),
}


def judged(network: silero.Network, samples: np.ndarray) -> list[float]:
    waveform = to_waveform(samples)
    starts = range(0, len(waveform) - silero.TAKEN + 1, silero.WINDOW)
    return [network.judge(waveform[start : start + silero.TAKEN]) for start in starts]


@pytest.mark.parametrize('stream', STREAMS)
def test_it_judges_like_onnx_runtime(stream: str) -> None:
    network, reference = silero.load('', pytest.fail), silero.RuntimeNetwork(str(PATH))
    assert isinstance(network, silero.NumpyNetwork)
    found = judged(network, STREAMS[stream])
    assert len(found) > 20
    assert found == pytest.approx(judged(reference, STREAMS[stream]), abs=1e-4)
    assert (max(found) > 0.9) == ('speech' in stream)


def test_it_needs_neither_onnx_runtime_nor_faster_whisper() -> None:
    program = (
        'import sys, numpy; from assist_audio.vad import make_detector\n'
        'make_detector("silero").probability(numpy.ones(4800, numpy.int16))\n'
        'print(*{"onnx", "onnxruntime", "faster_whisper"} & set(sys.modules))'
    )
    result = subprocess.run(
        [sys.executable, '-c', program], capture_output=True, text=True, check=True
    )
    assert result.stdout.split() == []


def test_another_file_is_run_by_onnx_runtime_and_reported_once(tmp_path: Path) -> None:
    other = tmp_path / 'other.onnx'
    other.write_bytes(PATH.read_bytes() + b'\x32\x01x')  # a comment: ModelProto.doc_string
    told: list[str] = []
    network = silero.load(str(other), told.append)
    assert isinstance(network, silero.RuntimeNetwork)
    assert [str(other) in sentence for sentence in told] == [True]
    known = silero.load('', pytest.fail)
    assert judged(network, STREAMS['speech']) == pytest.approx(
        judged(known, STREAMS['speech']), abs=1e-4
    )


def test_a_missing_file_is_a_model_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match='can not be read'):
        silero.load(str(tmp_path / 'absent.onnx'), pytest.fail)


@pytest.mark.parametrize(
    'content', [b'no network', PATH.read_bytes()[:-1], PATH.read_bytes()[1:], b'\x3a\x02\x2a\x00']
)
def test_what_is_no_onnx_file_is_a_model_error(content: bytes) -> None:
    with pytest.raises(ModelError, match='no sound ONNX file'):
        onnx_weights.read(content)
