# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Weigh audio_node and stt_node at a microphone, and let audio_node hear two hours at full speed.

The microphone is PulseAudio's null sink. Lines to meet: audio_node at most 6 % of one core and 120
MB, stt_node at most 450 MB, both together at most 3 % of one core in silence. The CPU is that of
the nodes and of the programs that they call. Then two hours of commands and noise come from a file
as fast as the machine allows: memory grows by less than 5 MB, and no sound and no chunk of speech
is missing. stt_node decodes as many commands as these hold, one after the other, and grows by less
than 5 MB, too. At last blocks are left out of the sound on a topic, each of which has to be counted
as a gap, and stt_node gives back the memory of its model.
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
from assist_audio import conversions
from assist_audio.assembler import Speech
from assist_audio.audio import FRAME_SAMPLES, SAMPLE_RATE, samples_in
from assist_audio.listener import Listener
from assist_audio.offline import find_speech
from assist_audio.segmenter import Chunk, ChunkState
from assist_audio.vad import make_detector
from assist_common import qos
from assist_common.conversions import to_seconds
from assist_msgs.msg import SpeechSegment, Transcript, VoiceActivity
from audio_common_msgs.msg import AudioDataStamped
from hearing_latency import speech_file
from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState
from shared import nodes, report, sounds
from std_srvs.srv import Trigger

MEGABYTE = 1e6
HOURS = 2.0
SETTLE = 5.0
LIMIT = 1800.0  # s that the two hours may take
WARM_SECONDS = 600.0  # of sound, before memory is called grown
COMMANDS = 1200  # about as many as the two hours hold
WARM_COMMANDS = 200
ANSWER_SECONDS = 2.0  # for a command that is not understood
BLOCK = 0.09  # s of sound in a message
LEFT_OUT = 6  # blocks in a row


def main() -> int:
    """Measure, print and write."""
    options = report.parser(__doc__, runs=3).parse_args()
    runs, seconds = (1, 8.0) if options.quick else (options.runs, 20.0)
    with tempfile.TemporaryDirectory() as folder:
        loads = at_microphone(Path(folder), runs, seconds)
        endurance = without_end(Path(folder), 0.2 if options.quick else HOURS)
        decoded = decoding(Path(folder), 40 if options.quick else COMMANDS)
    gaps = with_gaps(2 if options.quick else 10)
    freed = given_back()
    result = {
        'runs': runs,
        'seconds_of_each': seconds,
        'lines': lines(loads, endurance) | more_lines(decoded, gaps, freed),
        'at_the_microphone': {key: report.spread(values) for key, values in loads.items()},
        'continuous_input': endurance,
        'continuous_decoding': decoded,
        'blocks_left_out': gaps,
        'memory_given_back': freed,
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


def more_lines(
    decoded: dict[str, Any], gaps: dict[str, int], freed: dict[str, float]
) -> dict[str, Any]:
    """Return the other figures that have a limit."""
    return {
        'stt_node, memory growth, MB': report.line(decoded['memory_growth_mb'], 5.0),
        'gaps not counted': report.line(abs(gaps['made'] - gaps['counted']), 0),
        'release_memory, MB': report.line(freed['release_memory_mb'], 30.0, at_least=True),
        'cleanup, MB': report.line(freed['cleanup_mb'], 30.0, at_least=True),
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


def decoding(folder: Path, count: int) -> dict[str, Any]:
    """Return what decoding so many commands does to the memory of stt_node."""
    path, _ = speech_file(folder, 20, seed=2)
    spoken = find_speech(str(path), Listener(make_detector('hybrid'))).segments
    heard: list[Transcript] = []
    with nodes.graph() as probe, nodes.started('assist_audio', 'stt_node') as stt:
        probe.wait_active('stt_node')
        probe.create_subscription(Transcript, 'transcript', heard.append, qos.RELIABLE)
        speech = probe.create_publisher(
            SpeechSegment, 'speech', qos.input_profile(100, 'reliable')
        )
        probe.spin_until(lambda: speech.get_subscription_count() > 0, 'stt_node')
        sizes, begin = [stt.memory_info().rss], time.monotonic()
        for number in range(count):
            speech.publish(_whole(spoken[number % len(spoken)], number + 1))
            _wait_for_words(probe, heard, number + 1)
            sizes.append(stt.memory_info().rss)
    warm = sizes[min(WARM_COMMANDS, count // 4)]
    return {
        'commands': count,
        'transcripts': len(heard),
        'seconds_taken': round(time.monotonic() - begin, 1),
        'mb_when_warm': round(warm / MEGABYTE, 1),
        'mb_at_the_end': round(sizes[-1] / MEGABYTE, 1),
        'memory_growth_mb': round((sizes[-1] - warm) / MEGABYTE, 1),
    }


def _whole(speech: Speech, number: int) -> SpeechSegment:
    """Return a segment as one chunk."""
    chunk = Chunk(number, 0, ChunkState.FINAL, speech.stamp, speech.samples, speech.tail)
    return conversions.to_segment(chunk, 'microphone')


def _wait_for_words(probe: nodes.Probe, heard: list[Transcript], number: int) -> None:
    """Spin until a segment has a transcript, or it is plain that it gets none."""
    end = time.monotonic() + ANSWER_SECONDS
    while not (heard and heard[-1].segment_id == number) and time.monotonic() < end:
        probe.spin_for(0.01)


def with_gaps(count: int) -> dict[str, int]:
    """Return how many gaps audio_node counts in the sound of a topic that has so many."""
    samples = samples_in(BLOCK) // FRAME_SAMPLES * FRAME_SAMPLES
    sound = sounds.at_level(sounds.fan(1, 3), 0.01)[:samples]
    content = (sound * 32767).astype('<i2').tobytes()
    with (
        nodes.graph() as probe,
        nodes.started('assist_audio', 'audio_node', source='topic', input_reliability='reliable'),
    ):
        probe.wait_active('audio_node')
        sender = probe.create_publisher(
            AudioDataStamped, 'audio_in', qos.input_profile(50, 'reliable')
        )
        probe.spin_until(lambda: sender.get_subscription_count() > 0, 'audio_node')
        begin = time.monotonic()
        for index in range((count + 1) * 3 * LEFT_OUT):
            probe.spin_for(max(0.0, begin + index * samples / SAMPLE_RATE - time.monotonic()))
            if index % (3 * LEFT_OUT) >= LEFT_OUT or index < 3 * LEFT_OUT:
                message = AudioDataStamped()
                message.header.stamp = probe.get_clock().now().to_msg()
                message.audio.data = list(content)
                sender.publish(message)
        probe.spin_for(1.4)  # until the status of the last second has come
        status = probe.status['audio_node: audio stream']
    return {'made': count, 'counted': int(status['gaps'])}


def given_back() -> dict[str, float]:
    """Return the memory that stt_node gives back when it is asked to and at cleanup, MB."""
    with (
        nodes.graph() as probe,
        nodes.started('assist_audio', 'stt_node', autostart=False) as stt,
    ):
        probe.activate('stt_node')
        sizes = [stt.memory_info().rss]
        _call(probe, Trigger, 'stt_node/release_memory', Trigger.Request())
        sizes.append(stt.memory_info().rss)
        _change(probe, Transition.TRANSITION_DEACTIVATE, Transition.TRANSITION_CLEANUP)
        probe.activate('stt_node')
        sizes.append(stt.memory_info().rss)
        _change(probe, Transition.TRANSITION_DEACTIVATE, Transition.TRANSITION_CLEANUP)
        sizes.append(stt.memory_info().rss)
    full, released, again, clean = (size / MEGABYTE for size in sizes)
    return {
        'release_memory_mb': round(full - released, 1),
        'cleanup_mb': round(again - clean, 1),
        'mb_active': round(full, 1),
        'mb_unconfigured': round(clean, 1),
    }


def _change(probe: nodes.Probe, *transitions: int) -> None:
    for transition in transitions:
        request = ChangeState.Request(transition=Transition(id=transition))
        _call(probe, ChangeState, 'stt_node/change_state', request)


def _call(probe: nodes.Probe, kind: Any, name: str, request: Any) -> None:
    client = probe.create_client(kind, name)
    probe.spin_until(client.service_is_ready, name)
    future = client.call_async(request)
    probe.spin_until(future.done, name)
    if not future.result().success:
        raise RuntimeError(f'{name} refused; see the log above.')


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
    """Return the seconds of a process and of the programs that it has called, such as pactl."""
    times = process.cpu_times()
    return times.user + times.system + times.children_user + times.children_system


if __name__ == '__main__':
    sys.exit(main())
