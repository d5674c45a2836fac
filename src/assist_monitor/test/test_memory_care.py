# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Who is asked to release memory, and when; with clients that only count."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from assist_monitor.memory_care import MemoryCare
from assist_monitor.thresholds import Level

HEALTHY, WARNING, CRITICAL = Level


class Client:
    def __init__(self) -> None:
        self.ready = True
        self.calls = 0

    def service_is_ready(self) -> bool:
        return self.ready

    def call_async(self, request: object) -> Any:
        self.calls += 1
        return SimpleNamespace(add_done_callback=lambda callback: None)


class Components:
    """Stands for the component of the node."""

    def __init__(self) -> None:
        self.client = Client()
        self.log = SimpleNamespace(warning=lambda text: None, info=lambda text: None)

    def create_client(self, kind: object, name: str) -> Client:
        return self.client

    def create_service(self, *_: object) -> None:
        pass


@pytest.fixture
def component() -> Components:
    return Components()


def make(component: Any) -> MemoryCare:
    return MemoryCare(component, ['/a_node'], {}, 60.0)


def update(care: MemoryCare, memory: Level, gpu: Level = HEALTHY, *, release: bool = True) -> None:
    care.update({'memory': memory, 'gpu_memory': gpu}, {}, 0.0, release=release)


def test_each_rise_of_each_memory_asks_once(component: Components) -> None:
    care = make(component)
    asked = []
    levels = [
        (HEALTHY, HEALTHY),
        (WARNING, HEALTHY),
        (WARNING, HEALTHY),
        (WARNING, WARNING),
        (CRITICAL, WARNING),
        (HEALTHY, WARNING),
        (WARNING, WARNING),
    ]
    for memory, gpu in levels:
        update(care, memory, gpu)
        asked.append(component.client.calls)
    assert asked == [0, 1, 1, 2, 3, 3, 4]


def test_nobody_to_ask_yet_means_asking_later(component: Components) -> None:
    care = make(component)
    component.client.ready = False
    update(care, WARNING)
    assert component.client.calls == 0
    component.client.ready = True
    update(care, WARNING)
    update(care, WARNING)
    assert component.client.calls == 1


def test_nobody_is_asked_against_the_parameter(component: Components) -> None:
    care = make(component)
    update(care, CRITICAL, release=False)
    assert component.client.calls == 0
