# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Say stop while the robot speaks: how often it gets through, and how often the robot stops itself.

The robot's own voice is mixed with a person who says stop in the middle of its sentence, at several
levels of the person over the robot at the microphone. The sound goes through the engines of
audio_node, stt_node and intent_node, in the time of the sound. A stop counts when it is recognised
within two seconds after it and is not taken for the robot's own word. The robot alone must never
stop itself. The cost is the processor time for each second in which the robot speaks.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from ament_index_python.packages import get_package_share_directory
from assist_audio.audio import FRAME_SAMPLES, FRAME_SECONDS, Frame, Samples, Waveform, to_samples
from assist_audio.listener import Listener
from assist_audio.recogniser import Recogniser
from assist_audio.stt_parameters import SttParameters, decoding
from assist_audio.transcriber import Transcriber
from assist_audio.transcription import Transcription
from assist_audio.vad import make_detector
from assist_common import models
from assist_intent.grammar import Grammar
from assist_intent.own_voice import OwnVoice
from assist_intent.types import Heard
from recognition import VOICES
from shared import report, sounds

ROBOT = ('en-us', 160, 50)
SENTENCES = (
    'Going to the kitchen.',
    'I see a bus on the left, and two persons in front of it.',
    'I can follow you, go to places, find things and bring them. Say stop at any time.',
    'I have stopped. Say resume when I may move again.',
    'Shall I bring the knife? Please say: yes, bring the knife.',
    'Stopping.',
)
TALKS = SENTENCES[1:3]  # long enough for somebody to talk into them
RATIOS = (0.0, 5.0, 10.0, 20.0, 30.0)  # dB
MOMENTS = (0.6, 1.3)  # s after the robot has begun
ROOM = 0.001  # root mean square of the room, -60 dB
LEAD, AFTER = 0.5, 2.0  # s of the room before and after


@dataclass
class Outcome:
    """What came of one mix: when each stop was told, s after the robot began, and the cost."""

    stops: list[float]
    processor: float
    seconds: float


class Ears:
    """The engines of three nodes, in the time of the sound."""

    def __init__(self) -> None:
        self._decoding = decoding(SttParameters())
        self._transcriber = Transcriber(models.resolve('tiny.en'), 'cpu', 'int8', os.cpu_count())
        self._transcriber.warm_up(self._decoding)
        share = get_package_share_directory('assist_intent')
        self._grammar = Grammar.load(Path(share, 'config', 'intents', 'en.yaml'))

    def hear(self, sound: Waveform, said: str, ends: float, *, barge_in: bool = True) -> Outcome:
        """Return what is heard while the robot says something from LEAD to `ends`, s."""
        listener = Listener(make_detector('hybrid'))
        recogniser = Recogniser(self._transcribe, SttParameters.partial_period)
        own = OwnVoice(self._grammar.normaliser, self._grammar.stop)
        stops: list[float] = []
        speaks = False
        begin = time.process_time()
        samples = to_samples(sound)
        for number in range(len(samples) // FRAME_SAMPLES):
            now = number * FRAME_SECONDS
            if speaks != (LEAD <= now < ends):
                speaks = not speaks
                own.says(said if speaks else '', now)
            frame = samples[number * FRAME_SAMPLES : (number + 1) * FRAME_SAMPLES]
            _, chunks = listener.hear(
                Frame(frame, round(now * 1e9)),
                closed=speaks and not barge_in,
                over_speech=speaks and barge_in,
            )
            for chunk in chunks:
                result = recogniser.take(chunk, now)
                if result is None or not result.transcription.text:
                    continue
                heard = Heard(
                    result.transcription.text,
                    begun=result.speech.stamp / 1e9,
                    stop_only=result.stop_only,
                )
                told = self._grammar.stop.detect(heard.text, busy=True)
                if told and not (heard.stop_only and own.explains(heard, now)):
                    stops.append(now - LEAD)
        return Outcome(stops, time.process_time() - begin, ends - LEAD)

    def _transcribe(self, samples: Samples) -> Transcription:
        return self._transcriber.transcribe(samples, self._decoding)


def main() -> int:
    """Measure, print and write."""
    options = report.parser(__doc__, runs=1).parse_args()
    ears = Ears()
    voices = VOICES[1:3] if options.quick else VOICES[1:]
    moments = MOMENTS[:1] if options.quick else MOMENTS
    result = {
        'robot': 'espeak-ng {} at {} words a minute, pitch {}'.format(*ROBOT),
        'persons': len(voices),
        'stops of each ratio': len(voices) * len(moments) * len(TALKS),
        'person over robot': interruptions(ears, voices, moments),
        'robot alone': alone(ears),
        'cost': cost(ears),
    }
    return report.finish(__file__, result, quick=options.quick)


def interruptions(
    ears: Ears, voices: Sequence[tuple[str, int, int]], moments: Sequence[float]
) -> dict[str, dict[str, float | None]]:
    """Return how many stops are heard, and how soon, at each ratio."""
    rows: dict[str, dict[str, float | None]] = {}
    for ratio in RATIOS:
        delays, count, early = [], 0, 0
        for voice in voices:
            stop = sounds.speak('stop', *voice)
            for said in TALKS:
                for moment in moments:
                    mixed, ends = mix(said, stop, ratio, moment)
                    heard = ears.hear(mixed, said, ends)
                    over = moment + len(stop) / 16000
                    count += 1
                    early += any(at < moment for at in heard.stops)
                    after = [at - over for at in heard.stops if at >= moment]
                    delays += after[:1] if after and after[0] <= 2.0 else []
        rows[f'{ratio:+.0f} dB'] = {
            'heard_percent': round(100 * len(delays) / count, 1),
            'after_its_end_median_s': round(statistics.median(delays), 2) if delays else None,
            'stopped_before_it': early,
        }
        print(f'{ratio:+.0f} dB', rows[f'{ratio:+.0f} dB'], flush=True)
    return rows


def mix(said: str, stop: Waveform, ratio: float, moment: float) -> tuple[Waveform, float]:
    """Return the robot's sentence up to a while after a stop in it, and when the robot ends, s."""
    robot = sounds.speak(said, *ROBOT)
    ends = LEAD + len(robot) / 16000
    whole = room(ends + AFTER)
    begin = round(LEAD * 16000)
    whole[begin : begin + len(robot)] += robot
    at = round((LEAD + moment) * 16000)
    whole[at : at + len(stop)] += stop * 10 ** (ratio / 20)
    return whole[: at + len(stop) + round(AFTER * 16000)], ends


def alone(ears: Ears) -> dict[str, object]:
    """Return how often the robot's sentences stop it, plain and with the echo of a room."""
    false: dict[str, int] = defaultdict(int)
    for seed, said in enumerate(SENTENCES):
        robot = sounds.speak(said, *ROBOT)
        for kind, sound in (('plain', robot), ('in a room', sounds.reverberate(robot, seed))):
            ends = LEAD + len(robot) / 16000
            whole = room(LEAD + len(sound) / 16000 + AFTER)
            begin = round(LEAD * 16000)
            whole[begin : begin + len(sound)] += sound
            if ears.hear(whole, said, ends).stops:
                false[f'{said} ({kind})'] += 1
    return {'sentences': 2 * len(SENTENCES), 'stopped itself': dict(false)}


def cost(ears: Ears) -> dict[str, float]:
    """Return processor seconds for each second in which the robot speaks."""
    spent: dict[bool, float] = defaultdict(float)
    length = 0.0
    for said in SENTENCES:
        robot = sounds.speak(said, *ROBOT)
        ends = LEAD + len(robot) / 16000
        whole = np.concatenate((room(LEAD), robot, room(0.5)))
        for barge_in in (False, True):
            heard = ears.hear(whole, said, ends, barge_in=barge_in)
            spent[barge_in] += heard.processor
        length += heard.seconds
    return {
        'with_barge_in': round(spent[True] / length, 3),
        'without': round(spent[False] / length, 3),
    }


def room(seconds: float) -> Waveform:
    """Return a quiet room."""
    return sounds.at_level(sounds.pink(seconds, 1), ROOM)


if __name__ == '__main__':
    sys.exit(main())
