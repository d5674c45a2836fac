# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Weigh audio_node and stt_node at a microphone, and let audio_node hear two hours at full speed.

The microphone is PulseAudio's null sink. Lines to meet: audio_node at most 6 % of one core and 120
MB, stt_node at most 450 MB, both together at most 3 % of one core in silence. Then two hours of
commands and noise come from a file as fast as the machine allows: memory grows by less than 5 MB,
and no sound and no chunk of speech is missing.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from assist_audio.listener import Listener
from assist_audio.offline import find_speech
from assist_audio.vad import make_detector
from assist_common import qos
from assist_common.conversions import to_seconds
from assist_msgs.msg import SpeechSegment, Transcript, VoiceActivity
from hearing_latency import speech_file
from shared import nodes, report, sounds

MEGABYTE = 1e6
HOURS = 2.0
SETTLE = 5.0
LIMIT = 1800.0  # s that the two hours may take
WARM_SECONDS = 600.0  # of sound, before memory is called grown


def main() -> int:
    """Measure, print and write."""
    options = report.parser(__doc__, runs=3).parse_args()
    runs, seconds = (1, 8.0) if options.quick else (options.runs, 20.0)
    with tempfile.TemporaryDirectory() as folder:
        loads = at_microphone(Path(folder), runs, seconds)
        endurance = without_end(Path(folder), 0.2 if options.quick else HOURS)
    result = {
        'runs': runs,
        'seconds_of_each': seconds,
        'lines': lines(loads, endurance),
        'at_the_microphone': {key: report.spread(values) for key, values in loads.items()},
        'continuous_input': endurance,
    }
    return report.finish(__file__, result, quick=options.quick)


def lines(loads: dict[str, list[float]], endurance: dict[str, Any]) -> dict[str, Any]:
    """Return the figures that have a limit."""
    middle = {key: round(statistics.median(values), 2) for key, values in loads.items()}
    both = round(middle['audio_node, silence, cpu %'] + middle['stt_node, silence, cpu %'], 2)
    return {
        'audio_node, speech, cpu %': report.line(middle['audio_node, speech, cpu %'], 6.0),
        'audio_node, MB': report.line(middle['audio_node, MB'], 120.0),
        'stt_node, MB': report.line(middle['stt_node, MB'], 450.0),
        'both in silence, cpu %': report.line(both, 3.0),
        'memory growth, MB': report.line(endurance['memory_growth_mb'], 5.0),
        'sound not heard, s': report.line(endurance['seconds_not_heard'], 0.0),
        'chunks of speech missing': report.line(endurance['chunks_missing'], 0),
    }


def at_microphone(folder: Path, runs: int, seconds: float) -> dict[str, list[float]]:
    """Return CPU in percent of one core and resident MB of both nodes, of each run."""
    speech, _ = speech_file(folder, 20, seed=0)
    found: dict[str, list[float]] = {}
    for number in range(runs):
        with (
            nodes.microphone() as play,
            nodes.graph() as probe,
            nodes.started('assist_audio', 'stt_node') as stt,
            nodes.started('assist_audio', 'audio_node', source='device') as audio,
        ):
            processes = {'audio_node': audio, 'stt_node': stt}
            heard: list[Transcript] = []
            probe.create_subscription(Transcript, 'transcript', heard.append, qos.RELIABLE)
            for name in processes:
                probe.wait_active(name)
            time.sleep(SETTLE)
            weigh(found, processes, 'silence', seconds)
            player = play(speech)
            weigh(found, processes, 'speech', seconds)
            probe.spin_for(0.5)
            player.terminate()
            player.wait()
            for name, process in processes.items():
                size = process.memory_full_info()
                found.setdefault(f'{name}, MB', []).append(size.rss / MEGABYTE)
                found.setdefault(f'{name}, MB of its own', []).append(size.uss / MEGABYTE)
        found.setdefault('transcripts', []).append(len(heard))
        print(f'run {number + 1}:', {k: round(v[-1], 2) for k, v in found.items()}, flush=True)
    return found


def weigh(
    found: dict[str, list[float]], processes: dict[str, psutil.Process], what: str, seconds: float
) -> None:
    """Add the CPU that each process takes meanwhile."""
    before = {name: _cpu(process) for name, process in processes.items()}
    begin = time.monotonic()
    time.sleep(seconds)
    passed = time.monotonic() - begin
    for name, process in processes.items():
        share = 100 * (_cpu(process) - before[name]) / passed
        found.setdefault(f'{name}, {what}, cpu %', []).append(share)


def without_end(folder: Path, hours: float) -> dict[str, Any]:
    """Return what two hours do to audio_node, and whether it heard all of it."""
    path, _ = speech_file(folder, 20, seed=1)
    babble = np.concatenate([sounds.at_level(sounds.fan(60, 1), 0.01), sounds.silence(0.5)])
    quiet = sounds.write(folder / 'quiet.wav', babble)
    lengths, segments = zip(*map(_hear, (path, quiet)), strict=True)
    rounds = max(1, round(hours * 3600 / sum(lengths)))
    state = _Endurance()
    with nodes.graph() as probe:
        state.listen(probe)
        with nodes.started(
            'assist_audio',
            'audio_node',
            source='file',
            files=[str(path), str(quiet)] * rounds,
            file_real_time=False,
            file_pause=0.0,
            autostart=False,
        ) as audio:
            probe.activate('audio_node')
            begin = time.monotonic()
            sizes = [(0.0, audio.memory_info().rss)]
            while probe.status.get('audio_node: audio stream', {}).get('finished') != 'True':
                if time.monotonic() > begin + LIMIT:
                    raise SystemExit(f'{hours:g} hours were not heard within {LIMIT:g} s')
                probe.spin_for(1.0)
                sizes.append((state.latest - state.first, audio.memory_info().rss))
                if len(sizes) % 10 == 0:
                    print(f'{sizes[-1][0] / 60:.0f} min heard', flush=True)
            status = probe.status['audio_node: audio stream']
    played = rounds * sum(lengths)
    counted = int(status['gaps']) + int(status['overruns'])
    warm = next(size for heard, size in sizes if heard >= min(WARM_SECONDS, played / 4))
    missing = max(0.0, played - (state.latest - state.first) - 1.1)
    return {
        'hours_played': round(played / 3600, 3),
        'seconds_taken': round(state.ended - begin, 1),
        'times_real_time': round(played / (state.ended - begin)),
        'seconds_not_heard': round(missing, 2),
        'gaps_and_overruns_counted': counted,
        'segments_expected': rounds * sum(segments),
        'segments': state.segments,
        'chunks_missing': state.missing,
        'mb_when_warm': round(warm / MEGABYTE, 1),
        'mb_at_the_end': round(sizes[-1][1] / MEGABYTE, 1),
        'memory_growth_mb': round((sizes[-1][1] - warm) / MEGABYTE, 1),
    }


class _Endurance:
    """What audio_node said: stamps of the first and latest sound, s, and its speech."""

    def __init__(self) -> None:
        self.first = self.latest = self.ended = 0.0
        self.segments = self.missing = 0
        self._expected = (1, 0)

    def listen(self, probe: nodes.Probe) -> None:
        depth = qos.input_profile(1000, 'reliable')
        probe.create_subscription(VoiceActivity, 'voice_activity', self._on_activity, depth)
        probe.create_subscription(SpeechSegment, 'speech', self._on_speech, depth)

    def _on_activity(self, message: VoiceActivity) -> None:
        self.latest = to_seconds(message.header.stamp)
        self.first = self.first or self.latest
        self.ended = time.monotonic()

    def _on_speech(self, message: SpeechSegment) -> None:
        self.missing += (message.id, message.chunk) != self._expected
        ends = message.state in (SpeechSegment.FINAL, SpeechSegment.DISCARDED)
        self.segments += message.state == SpeechSegment.FINAL
        self._expected = (message.id + 1, 0) if ends else (message.id, message.chunk + 1)


def _hear(path: Path) -> tuple[float, int]:
    """Return how long a file is, s, and how many segments it holds."""
    found = find_speech(str(path), Listener(make_detector('hybrid')))
    return found.audio_seconds, len(found.segments)


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


if __name__ == '__main__':
    sys.exit(main())
