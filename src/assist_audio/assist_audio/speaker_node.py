# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The node that speaks."""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass
from functools import partial
from typing import Any

from assist_common import qos
from assist_common.component import Component
from assist_common.errors import DeviceError
from assist_common.main import run
from assist_common.parameters import parameter
from assist_msgs.msg import Utterance
from diagnostic_msgs.msg import DiagnosticStatus
from std_msgs.msg import Bool, String

from assist_audio import conversions
from assist_audio.playback import OUTPUTS, make_player
from assist_audio.speech_synthesis import ENGINES, make_synthesiser
from assist_audio.utterance_queue import Priority, UtteranceQueue


@dataclass(frozen=True)
class SpeakerParameters:
    """The parameters of speaker_node."""

    engine: str = parameter('espeak-ng', 'speech synthesis', choices=ENGINES, read_only=True)
    voice: str = parameter(
        '', 'espeak-ng: name of a voice, empty: en-us; piper: its ONNX file', read_only=True
    )
    speed: int = parameter(160, 'words a minute', low=80, high=450, read_only=True)
    pitch: int = parameter(50, 'of espeak-ng', low=0, high=99, read_only=True)
    output: str = parameter(
        'auto',
        'device; silent: takes the time but makes no sound; auto: the device when there is one',
        choices=OUTPUTS,
        read_only=True,
    )
    device: str = parameter(
        '', 'loudspeaker: index or part of its name; empty: the default one', read_only=True
    )
    queue: int = parameter(32, 'utterances that may wait', low=1, high=1000, read_only=True)


class SpeakerNode(Component):
    """Say what the robot has to say, and tell when it does."""

    parameters: SpeakerParameters

    def on_setup(self) -> None:
        """Check the voice and the loudspeaker."""
        values = self.parameters
        self.synthesiser = make_synthesiser(
            values.engine, values.voice, values.speed, values.pitch
        )
        self.at_teardown(self.synthesiser.close)
        self.player = make_player(values.output, values.device)
        self.hardware_id = self.player.name
        if self.player.why_silent:
            self.log.warning(f'Nothing will be heard: {self.player.why_silent}')
        self.queue = UtteranceQueue(values.queue)
        self.interrupt = threading.Event()  # a new one for each utterance
        self.lock = threading.Lock()
        self.speech_fault = ''
        self.spoken = 0
        self.speaking = self.create_publisher(Bool, 'speaking', qos.LATCHED)
        self.speaking.publish(Bool(data=False))
        self.words = self.create_publisher(String, 'speaking/text', qos.LATCHED)
        # One turn for each utterance; which of them is said, the queue decides.
        self.turns = self.create_worker(self._say_next, capacity=4 * values.queue, name='speaker')
        self.create_subscription(Utterance, 'say', self._on_say, qos.RELIABLE)
        self.add_diagnostic('speech', self._diagnose)

    def on_stop(self) -> None:
        """Fall silent."""
        with self.lock:
            self.queue.clear()
            self.interrupt.set()

    def _on_say(self, message: Utterance) -> None:
        utterance = conversions.to_utterance(message, self.now(), self.steady())
        with self.lock:
            if not self.queue.put(utterance):
                self.log.error(f"Too much to say; not said: '{utterance.text}'")
            if utterance.priority == Priority.URGENT:
                self.interrupt.set()
        self.turns.put(None)

    def _say_next(self, _turn: None) -> None:
        with self.lock:
            utterance = self.queue.take(self.steady())
            self.interrupt = interrupt = threading.Event()
        if utterance is None:
            return
        try:
            with self.stage('synthesis'):
                sound = self.synthesiser.speak(utterance.text)
            tell = partial(self._tell_speaking, utterance.text)
            if not interrupt.is_set() and self.player.play(sound, interrupt, tell):
                self.spoken += 1
        except DeviceError as error:
            self.speech_fault = str(error)
            raise
        self.speech_fault = ''

    def _tell_speaking(self, text: str, speaking: bool) -> None:
        self.words.publish(String(data=text if speaking else ''))
        self.speaking.publish(Bool(data=speaking))

    def _diagnose(self, status: Any) -> Any:
        if self.speech_fault:
            status.summary(DiagnosticStatus.ERROR, self.speech_fault)
        elif self.player.why_silent:
            status.summary(DiagnosticStatus.WARN, f'silent: {self.player.why_silent}')
        else:
            status.summary(DiagnosticStatus.OK, self.player.name)
        status.add('voice', self.synthesiser.name)
        status.add('output', self.player.name)
        status.add('spoken', str(self.spoken))
        status.add('waiting', str(len(self.queue)))
        status.add('dropped', str(self.queue.dropped))
        status.add('expired', str(self.queue.expired))
        return status


def main() -> int:
    """Run the node."""
    return run(SpeakerNode)


if __name__ == '__main__':
    sys.exit(main())
