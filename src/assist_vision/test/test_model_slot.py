# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from assist_common.errors import ModelError
from assist_common.testing import wait_until
from assist_vision.detector import Detector
from assist_vision.model_slot import ModelChoice, ModelSlot, load_choice


class Gate:
    """Loads real models, but not before the test lets it."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.open.set()
        self.asked: list[str] = []

    def load(self, choice: ModelChoice) -> Detector:
        self.asked.append(Path(choice.model).name)
        assert self.open.wait(30)
        return load_choice(choice)


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def first(model_path: Path) -> ModelChoice:
    return ModelChoice(str(model_path))


@pytest.fixture
def second(model_path: Path) -> ModelChoice:
    return ModelChoice(str(model_path), threads=1)


@pytest.fixture
def slot(gate: Gate, first: ModelChoice) -> Iterator[ModelSlot]:
    made = ModelSlot(first, gate.load)
    yield made
    gate.open.set()
    made.close()


def test_the_first_model_is_loaded_at_once_or_the_error_raised(gate: Gate, slot: ModelSlot) -> None:
    assert slot.detector.detect(np.zeros((48, 64, 3), np.uint8)) == []
    with pytest.raises(ModelError, match='neither a file'):
        ModelSlot(ModelChoice('absent.onnx'), gate.load)


def test_the_old_model_works_until_the_new_one_is_taken(
    slot: ModelSlot, gate: Gate, first: ModelChoice, second: ModelChoice
) -> None:
    old = slot.detector
    gate.open.clear()
    slot.want(second)
    wait_until(lambda: len(gate.asked) == 2, 'a load')
    assert not slot.renew() and slot.detector is old and slot.awaited == second.model
    gate.open.set()
    wait_until(slot.renew, 'the new model')
    assert slot.detector is not old and slot.choice == second
    assert slot.awaited == '' and slot.problem == '' and not slot.renew()


def test_what_cannot_be_loaded_is_refused_once_and_the_old_one_stays(
    slot: ModelSlot, first: ModelChoice, second: ModelChoice
) -> None:
    old = slot.detector
    slot.want(ModelChoice('absent.onnx'))
    refused = wait_until(slot.refusal, 'a refusal')
    assert refused.model == 'absent.onnx' and slot.refusal() is None
    assert 'absent.onnx was refused: Model' in slot.problem and slot.awaited == ''
    slot.want(first)
    assert slot.detector is old and slot.problem != ''
    slot.want(second)
    assert slot.problem == ''
    wait_until(slot.renew, 'the new model')


def test_the_newest_wish_counts(
    slot: ModelSlot, gate: Gate, first: ModelChoice, second: ModelChoice
) -> None:
    gate.open.clear()
    slot.want(second)
    wait_until(lambda: len(gate.asked) == 2, 'a load')
    slot.want(ModelChoice('never.onnx'))
    slot.want(ModelChoice(first.model, threads=2))
    gate.open.set()
    wait_until(slot.renew, 'the last one')
    assert slot.choice.threads == 2 and slot.refusal() is None
    assert 'never.onnx' not in gate.asked


def test_back_to_the_one_in_use_throws_the_other_away(
    slot: ModelSlot, gate: Gate, first: ModelChoice, second: ModelChoice
) -> None:
    gate.open.clear()
    slot.want(second)
    wait_until(lambda: len(gate.asked) == 2, 'a load')
    slot.want(first)
    gate.open.set()
    wait_until(lambda: slot.awaited == '' and not slot._worker.busy_seconds, 'an idle slot')
    assert not slot.renew() and slot.choice == first
