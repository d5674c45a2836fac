# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Recognition that fails is tried again, elsewhere, and rests when that does not help."""

from __future__ import annotations

import threading
import weakref
from dataclasses import replace

import numpy as np
import pytest
from assist_audio.audio import Samples
from assist_audio.recovery import MOST_HANGING, RecoveringTranscriber
from assist_audio.transcription import Decoding, Transcription
from assist_common.errors import ConfigurationError, InputError, ModelError
from assist_common.testing import wait_until

PLACES = [('cuda', 'float16'), ('cuda', 'int8_float16'), ('cpu', 'int8')]
SPEECH = np.ones(16000, np.int16)
DECODING = Decoding()


class Model:
    """Fails at some places; notes every decode."""

    languages = ('en',)

    def __init__(self, place: str, broken: dict[str, Exception | threading.Event], log: list[str]):
        self.place, self.broken, self.log = place, broken, log
        self.unloaded = False

    def unload(self) -> None:
        self.unloaded = True

    def warm_up(self, decoding: Decoding) -> None:
        self.transcribe(SPEECH, decoding)

    def transcribe(self, samples: Samples, decoding: Decoding) -> Transcription:
        self.log.append(self.place)
        fault = self.broken.get(self.place)
        if isinstance(fault, threading.Event):
            fault.wait(10.0)
        elif fault is not None:
            raise type(fault)(*fault.args)  # anew, or it holds the frames of the last time
        return Transcription(self.place, 'en', 0.9, 0.0, 1.0, 10.0)


class Rig:
    def __init__(self, broken=None, unloadable=()) -> None:
        self.broken, self.log, self.reports, self.time = broken or {}, [], [], 0.0
        self.loads = 0
        self.made: list[weakref.ref[Model]] = []
        self.alive: list[int] = []  # of the models before, at each load
        self.load_lasts = threading.Event()
        self.load_lasts.set()

        def load(device: str, kind: str) -> Model:
            self.loads += 1
            self.alive.append(sum(made() is not None for made in self.made))
            self.load_lasts.wait(10.0)
            if (device, kind) in unloadable:
                raise ModelError(f'{device} {kind} is not there')
            model = Model(f'{device} {kind}', self.broken, self.log)
            self.made.append(weakref.ref(model))
            return model

        self.robust = RecoveringTranscriber(
            load, PLACES, self.reports.append, failures=2, clock=lambda: self.time
        )

    def text(self, time_limit: float = 5.0) -> str:
        return self.robust.transcribe(SPEECH, DECODING, time_limit).text


def test_it_runs_at_the_first_place_that_loads() -> None:
    rig = Rig(unloadable=PLACES[:2])
    assert rig.robust.place == 'cpu int8'
    assert rig.robust.is_degraded
    assert len(rig.reports) == 2
    assert rig.text() == 'cpu int8'


def test_nothing_that_loads_is_a_model_error() -> None:
    with pytest.raises(ModelError, match='Cpu int8 is not there'):
        Rig(unloadable=PLACES)


def test_a_failure_is_tried_again_then_with_less_precision_then_on_the_cpu() -> None:
    memory = RuntimeError('CUDA out of memory')
    rig = Rig({'cuda float16': memory, 'cuda int8_float16': memory})
    assert rig.text() == 'cpu int8'
    assert rig.log == ['cuda float16'] * 2 + ['cuda int8_float16'] * 2 + ['cpu int8']
    assert len(rig.reports) == 4
    assert 'CUDA out of memory' in rig.reports[0]
    assert rig.robust.is_degraded
    assert rig.text() == 'cpu int8'
    assert len(rig.log) == 6


def test_a_decode_that_hangs_is_left_behind() -> None:
    hanging = threading.Event()
    rig = Rig({'cuda float16': hanging})
    assert rig.text(time_limit=0.05) == 'cuda int8_float16'
    assert 'longer than 0.05 s' in rig.reports[0]
    hanging.set()


def test_when_nothing_works_it_rests_and_then_tries_again() -> None:
    rig = Rig({' '.join(place): RuntimeError('broken') for place in PLACES})
    for _ in range(2):
        with pytest.raises(ModelError, match='fails on every device'):
            rig.text()
    decodes = len(rig.log)
    with pytest.raises(ModelError, match='rests'):
        rig.text()
    assert len(rig.log) == decodes
    rig.broken.clear()
    rig.time = 61.0
    assert rig.text() == 'cuda float16'
    assert not rig.robust.is_degraded


def test_a_language_is_checked_without_a_model() -> None:
    rig = Rig({' '.join(place): RuntimeError('broken') for place in PLACES})
    with pytest.raises(ModelError):
        rig.text()
    loads = rig.loads
    rig.robust.check(DECODING)
    with pytest.raises(ConfigurationError, match="language 'de'"):
        rig.robust.check(replace(DECODING, language='de'))
    assert rig.loads == loads


def test_speech_that_is_too_long_is_no_failure() -> None:
    rig = Rig()
    with pytest.raises(InputError):
        rig.robust.transcribe(np.ones(16000 * 40, np.int16), DECODING, 1.0)
    assert rig.robust.failures == 0


def test_the_memory_of_a_model_that_failed_is_free_before_the_next_is_loaded() -> None:
    memory = RuntimeError('CUDA out of memory')
    rig = Rig({'cuda float16': memory, 'cuda int8_float16': memory})
    assert rig.text() == 'cpu int8'
    assert rig.alive == [0] * 5


def test_a_model_that_fails_at_warm_up_is_replaced() -> None:
    """A library of CUDA that is missing is noticed at the first decode."""
    rig = Rig({'cuda float16': RuntimeError('libcublas'), 'cuda int8_float16': RuntimeError('')})
    rig.robust.warm_up(DECODING, 5.0)
    assert rig.robust.place == 'cpu int8'


def test_no_more_decodes_hang_than_memory_allows_and_they_are_told() -> None:
    hanging = threading.Event()
    rig = Rig({' '.join(place): hanging for place in PLACES})
    with pytest.raises(ModelError, match=f'{MOST_HANGING} decodes hang'):
        rig.text(time_limit=0.05)
    assert rig.robust.fault == f'{MOST_HANGING} decodes hang and keep their memory'
    with pytest.raises(ModelError, match='hang'):
        rig.text(time_limit=0.05)
    assert len(rig.log) == MOST_HANGING
    hanging.set()
    wait_until(lambda: not rig.robust._calls.left_behind, 'their end')
    rig.broken.clear()
    rig.time = 61.0
    assert rig.text()
    assert rig.robust.fault == ''


def test_a_model_that_is_loaded_too_late_is_not_used() -> None:
    rig = Rig({'cuda float16': RuntimeError('broken')})
    rig.robust._drop(unload=True)
    rig.load_lasts.clear()
    threading.Timer(0.3, rig.load_lasts.set).start()
    assert rig.text(time_limit=0.2) == 'cuda int8_float16'
    wait_until(lambda: not rig.robust._calls.left_behind, 'the end of the load')
    assert rig.text() == 'cuda int8_float16'
    assert rig.robust._current.place == 'cuda int8_float16'


def test_the_rest_is_a_fault_that_tells_how_long() -> None:
    rig = Rig({' '.join(place): RuntimeError('broken') for place in PLACES})
    for _ in range(2):
        assert rig.robust.fault == ''
        with pytest.raises(ModelError):
            rig.text()
    rig.time = 18.0
    assert rig.robust.fault == 'speech recognition failed too often and rests for 42 s more'
    rig.time = 100.0
    assert rig.robust.fault.endswith('rests until somebody speaks')


def test_it_returns_to_the_preferred_place_after_some_minutes() -> None:
    rig = Rig({'cuda float16': RuntimeError('CUDA out of memory')})
    assert rig.text() == 'cuda int8_float16'
    rig.time = 200.0
    assert rig.text() == 'cuda int8_float16'
    assert rig.robust.failures == 2
    rig.time = 400.0
    assert rig.text() == 'cuda int8_float16'
    assert rig.robust.failures == 3  # one try
    rig.broken.clear()
    rig.time = 900.0
    assert rig.text() == 'cuda int8_float16'
    rig.time = 1100.0
    assert rig.text() == 'cuda float16'
    assert not rig.robust.is_degraded
