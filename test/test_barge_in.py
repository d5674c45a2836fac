# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The robot hears itself speak: its own words do not stop it, a person who is louder does."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from assist_audio.audio import SAMPLE_RATE, Waveform, to_samples, to_waveform
from assist_audio.audio_node import AudioNode
from assist_audio.resample import Resampler
from assist_audio.speech_synthesis import EspeakSynthesiser
from assist_audio.stt_node import SttNode
from assist_common import qos
from assist_common.testing import Collector, Graph, wait_until
from assist_intent.intent_node import IntentNode
from assist_msgs.msg import Transcript
from std_msgs.msg import Bool, String

SAID = 'I can follow you, go to places, find things and bring them. Say stop at any time.'
LOUDER = 20.0
"""dB of the person over the robot at the microphone; see docs/hearing.md for what less does."""
MOMENT = 1.3
"""Seconds after the robot has begun at which the person says it."""


def speak(text: str, voice: str) -> Waveform:
    """Return a sentence at 16 kHz with a root mean square of 0.07."""
    sound = EspeakSynthesiser(voice, 150, 45).speak(text)
    resampler = Resampler(sound.rate)
    waveform = np.concatenate((resampler.process(to_waveform(sound.samples)), resampler.flush()))
    return (waveform * (0.07 / np.sqrt(np.mean(waveform**2)))).astype(np.float32)


@pytest.fixture
def graph() -> Iterator[Graph]:
    with Graph() as running:
        yield running


class Robot:
    """Ears and mind of a robot whose microphone hears a sound while it says SAID."""

    def __init__(self, graph: Graph, folder: Path, sound: Waveform) -> None:
        path = folder / 'microphone.wav'
        with wave.open(str(path), 'wb') as file:
            file.setparams((1, 2, SAMPLE_RATE, 0, 'NONE', ''))
            file.writeframes(to_samples(sound).astype('<i2').tobytes())
        self.stops = graph.listen(Bool, 'stop', qos.LATCHED)
        self.heard: Collector = graph.listen(Transcript, 'transcript/partial')
        self.commands = graph.listen(Transcript, 'transcript')
        graph.start(IntentNode, {'audit_folder': str(folder)})
        graph.start(SttNode)
        # The silence before the file is long enough to tell the nodes that the robot speaks.
        source = {'source': 'file', 'file': str(path), 'file_pause': 3.0, 'file_waits': False}
        node = graph.start(AudioNode, source)
        graph.publisher(String, 'speaking/text', qos.LATCHED).publish(String(data=SAID))
        graph.publisher(Bool, 'speaking', qos.LATCHED).publish(Bool(data=True))
        wait_until(lambda: node.gate.speaking, 'the node to know that the robot speaks')

    @property
    def is_stopped(self) -> bool:
        return any(message.data for message in self.stops.messages)


def test_its_own_words_do_not_stop_it(graph: Graph, tmp_path: Path) -> None:
    robot = Robot(graph, tmp_path, speak(SAID, 'en-us'))
    heard = robot.heard.wait_for(lambda all: any(one.final for one in all), timeout=40.0)
    assert all(one.stop_only for one in heard)
    assert not robot.is_stopped
    assert not robot.commands.messages


def test_a_person_stops_it_while_it_speaks(graph: Graph, tmp_path: Path) -> None:
    sound, stop = speak(SAID, 'en-us'), speak('stop', 'en-gb')
    begin = round(MOMENT * SAMPLE_RATE)
    robot_part = sound * 10 ** (-LOUDER / 20)
    robot_part[begin : begin + len(stop)] += stop
    robot = Robot(graph, tmp_path, robot_part)
    wait_until(lambda: robot.is_stopped, 'the stop', timeout=40.0)
    assert any('stop' in one.text.lower() for one in robot.heard.messages)
    assert not any(one.final for one in robot.heard.messages)
    assert not robot.commands.messages
