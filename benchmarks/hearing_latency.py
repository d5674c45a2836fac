# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Time audio_node and stt_node from the end of speech to the transcript, in real time.

Both run as processes; audio_node plays a file of commands at the pace of speech, and this process
listens to `speech` and `transcript`. Lines to meet: from the confirmed end of speech (the FINAL
chunk) to the transcript p95 at most 120 ms; from the last sample of speech p95 at most the
hang-over and 200 ms.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from assist_audio.audio_parameters import AudioParameters
from assist_common import qos
from assist_common.conversions import to_seconds
from assist_msgs.msg import SpeechSegment, Transcript, VoiceActivity
from recognition import COMMANDS, VOICES
from shared import nodes, report, sounds

GAP = 1.5  # s between commands: longer than hang-over and decode
NOISE = 0.002  # root mean square of the room, -54 dB
CONFIRMED_LIMIT, SPOKEN_ALLOWANCE = 120.0, 200.0  # ms
HANG_OVER = AudioParameters.hang_over


@dataclass
class Timeline:
    """What arrived when, in seconds of ROS time."""

    start: float = 0.0
    ends: dict[int, float] = field(default_factory=dict)
    segments: dict[int, tuple[float, float]] = field(default_factory=dict)
    transcripts: dict[int, tuple[float, str]] = field(default_factory=dict)


def main() -> int:
    """Measure, print and write."""
    options = report.parser(__doc__, runs=3).parse_args()
    count = 6 if options.quick else 20
    confirmed, spoken, heard = [], [], 0
    runs = 1 if options.quick else options.runs
    with tempfile.TemporaryDirectory() as folder:
        for number in range(runs):
            path, ends = speech_file(Path(folder), count, number)
            timeline = listen(path, ends[-1])
            one, other = delays(timeline, ends)
            if not one:
                raise SystemExit('No transcript came; see the messages of the nodes above.')
            heard += len(one)
            confirmed += one
            spoken += other
            print(f'run {number + 1}: {len(one)} of {count}', report.percentiles(one), flush=True)
    ready, whole = report.percentiles(confirmed), report.percentiles(spoken)
    result = {
        'commands': runs * count,
        'transcripts': heard,
        'runs': runs,
        'hang_over_ms': round(HANG_OVER * 1000),
        'lines': {
            'confirmed end to transcript, p95 ms': report.line(ready['p95_ms'], CONFIRMED_LIMIT),
            'last sample to transcript, p95 ms': report.line(
                whole['p95_ms'], HANG_OVER * 1000 + SPOKEN_ALLOWANCE
            ),
        },
        'confirmed end to transcript': ready,
        'last sample to transcript': whole,
    }
    return report.finish(__file__, result, quick=options.quick)


def speech_file(folder: Path, count: int, seed: int) -> tuple[Path, list[float]]:
    """Write commands into a file; return it and where each ends, s."""
    parts, ends, length = [sounds.silence(GAP)], [], GAP
    for index in range(count):
        voice = VOICES[(index + seed) % len(VOICES)]
        speech = sounds.speak(COMMANDS[(index + seed * 7) % len(COMMANDS)], *voice)
        length += len(speech) / 16000
        ends.append(length)
        length += GAP
        parts += [speech, sounds.silence(GAP)]
    whole = np.concatenate(parts)
    noise = sounds.at_level(sounds.pink(len(whole) / 16000 + 0.1, seed), NOISE)
    return sounds.write(folder / f'{seed}.wav', whole + noise[: len(whole)]), ends


def listen(path: Path, seconds: float) -> Timeline:
    """Play the file to the nodes, and return what came of it."""
    timeline = Timeline()
    with nodes.graph() as probe, nodes.started('assist_audio', 'stt_node'):
        subscribe(probe, timeline)
        probe.wait_active('stt_node')
        values = {'source': 'file', 'file': path, 'file_pause': 0.0, 'autostart': False}
        with nodes.started('assist_audio', 'audio_node', **values):
            probe.activate('audio_node')
            probe.spin_for(seconds + 2 * GAP)
    return timeline


def subscribe(probe: nodes.Probe, timeline: Timeline) -> None:
    """Write down what arrives."""

    def now() -> float:
        return to_seconds(probe.get_clock().now().to_msg())

    def on_activity(message: VoiceActivity) -> None:
        timeline.start = timeline.start or to_seconds(message.header.stamp)

    def on_speech(message: SpeechSegment) -> None:
        stamp = to_seconds(message.header.stamp)
        if message.state == SpeechSegment.FINAL:
            timeline.ends[message.id] = now()
        first, length = timeline.segments.get(message.id, (stamp, 0.0))
        timeline.segments[message.id] = (first, length + len(message.samples) / 16000)

    def on_transcript(message: Transcript) -> None:
        timeline.transcripts[message.segment_id] = (now(), message.text)

    depth = qos.input_profile(100, 'reliable')
    probe.create_subscription(SpeechSegment, 'speech', on_speech, depth)
    probe.create_subscription(Transcript, 'transcript', on_transcript, qos.RELIABLE)
    probe.create_subscription(VoiceActivity, 'voice_activity', on_activity, qos.RELIABLE)


def delays(timeline: Timeline, ends: list[float]) -> tuple[list[float], list[float]]:
    """Return the seconds from the confirmed end and from the last sample to each transcript."""
    confirmed, spoken = [], []
    for number, (arrival, _) in timeline.transcripts.items():
        first, length = timeline.segments[number]
        inside = [end for end in ends if first < timeline.start + end < first + length]
        if inside and number in timeline.ends:
            confirmed.append(max(0.0, arrival - timeline.ends[number]))
            spoken.append(arrival - timeline.start - inside[-1])
    return confirmed, spoken


if __name__ == '__main__':
    sys.exit(main())
