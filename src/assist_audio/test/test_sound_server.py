# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What the sound server tells, asked as seldom as may be."""

from __future__ import annotations

import json
import os

import pytest
from assist_audio import sound_server
from assist_audio.sound_server import Recording


class Server:
    """Answers as pactl does, and notes what it was asked."""

    def __init__(self) -> None:
        self.source = 3
        self.asked: list[str] = []

    def answer(self, *arguments: str) -> str:
        kind = arguments[-1]
        self.asked.append(kind)
        if kind == 'sources':
            names = {3: 'bedside', 4: 'room.monitor'}
            return json.dumps([{'index': index, 'name': names[index]} for index in names])
        others = {'source': 4, 'properties': {'application.process.id': '1'}}
        own = {'source': self.source, 'properties': {'application.process.id': str(os.getpid())}}
        return json.dumps([others, own])


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    running = Server()
    monkeypatch.setattr(sound_server, '_pactl', running.answer)
    return running


def test_the_source_is_named_and_followed(server: Server) -> None:
    recording = Recording()
    assert [recording.source() for _ in range(3)] == ['bedside'] * 3
    server.source = 4
    assert recording.source() == 'room.monitor'
    server.source = 9
    assert recording.source() == ''


def test_names_are_asked_for_once_until_they_are_forgotten(server: Server) -> None:
    recording = Recording()
    for _ in range(3):
        recording.source()
    assert server.asked.count('sources') == 1
    recording.forget()
    recording.source()
    assert server.asked.count('sources') == 2


def test_without_an_answer_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    for answer in ('', 'no JSON', '[1, null]'):
        monkeypatch.setattr(sound_server, '_pactl', lambda *_, answer=answer: answer)
        assert Recording().source() == ''
