# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Sound from files, and sound that is handed in."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from assist_audio import audio_file
from assist_audio.audio import SAMPLE_RATE, SECOND, Frame
from assist_audio.file_source import FileSource
from assist_audio.source import BlockSource, TopicSource
from assist_common.errors import ConfigurationError, InputError
from sounds import encode, silence, spoken, write_wav

NOW = 1_700_000_000 * SECOND


def read_file(path: Path) -> np.ndarray:
    return np.concatenate([frame.samples for frame in audio_file.frames(str(path))])


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """Return the highest correlation within 0.1 s of shift, which codecs add."""
    length = min(len(one), len(other))
    a, b = one[:length].astype(float), other[:length].astype(float)
    spectrum = np.fft.rfft(a, 2 * length) * np.conj(np.fft.rfft(b, 2 * length))
    shifts = np.fft.irfft(spectrum)
    best = max(shifts[:1600].max(), shifts[-1600:].max())
    return float(best / np.sqrt((a**2).sum() * (b**2).sum()))


@pytest.mark.parametrize('codec', ['flac', 'mp3'])
def test_compressed_files_sound_like_the_original(tmp_path: Path, codec: str) -> None:
    speech = spoken('find the bus')
    name = {'mp3': 'libmp3lame'}.get(codec, codec)
    path = encode(tmp_path / f'speech.{codec}', speech, name)
    assert likeness(read_file(path), speech) > 0.95


@pytest.mark.parametrize('channels', [1, 2, 6])
def test_all_channels_are_mixed(tmp_path: Path, channels: int) -> None:
    speech = spoken('stop')
    samples = read_file(write_wav(tmp_path / 'speech.wav', speech, channels=channels))
    assert np.abs(samples[: len(speech)].astype(int) - speech).max() <= 1


@pytest.mark.parametrize('rate', [8000, 11025, 44100, 48000])
def test_a_file_of_any_rate_keeps_its_length(tmp_path: Path, rate: int) -> None:
    samples = read_file(write_wav(tmp_path / 'sound.wav', np.ones(2 * rate, np.int16), rate))
    assert len(samples) == pytest.approx(2 * SAMPLE_RATE, abs=480)


def test_stamps_count_from_the_start(tmp_path: Path) -> None:
    path = write_wav(tmp_path / 'sound.wav', silence(0.5), 44100)
    stamps = [frame.stamp for frame in audio_file.frames(str(path), NOW)]
    assert stamps[0] == NOW
    assert np.abs(np.diff(stamps) - 30_000_000).max() <= 2


def float_wav(samples: np.ndarray) -> bytes:
    data = samples.astype('<f4').tobytes()
    form = struct.pack('<4sIHHIIHH', b'fmt ', 16, 3, 1, 16000, 64000, 4, 32)
    return (
        struct.pack('<4sI4s', b'RIFF', 4 + len(form) + 8 + len(data), b'WAVE')
        + form
        + struct.pack('<4sI', b'data', len(data))
        + data
    )


def test_floats_that_are_no_numbers_are_silence(tmp_path: Path) -> None:
    path = tmp_path / 'broken.wav'
    values = np.full(16000, 0.5)
    values[::2] = np.nan
    values[1::4] = np.inf
    path.write_bytes(float_wav(values))
    samples = read_file(path)
    assert set(np.unique(samples[:16000])) == {0, 16384, 32767}


def test_a_truncated_file_is_read_up_to_its_end(tmp_path: Path) -> None:
    whole = write_wav(tmp_path / 'whole.wav', spoken('stop'))
    cut = tmp_path / 'cut.wav'
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert 0 < len(read_file(cut)) < len(spoken('stop'))


@pytest.mark.parametrize(
    'content',
    [b'', b'RIFF', b'This is not sound.\n' * 100, bytes(10000), float_wav(np.zeros(0))],
    ids=['empty', 'only the start of a header', 'text', 'zeros', 'no samples'],
)
def test_what_is_no_sound_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / 'sound.wav'
    path.write_bytes(content)
    with pytest.raises(InputError, match='sound.wav'):
        read_file(path)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / 'none.wav', tmp_path):
        with pytest.raises(InputError, match='There is no audio file'):
            read_file(path)


class Steady:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


def play(source: FileSource, clock: Steady, seconds: float) -> list:
    """Return the frames that come while the clock moves on in steps of 10 ms."""
    frames = []
    for _ in range(round(seconds * 100)):
        clock.time += 0.01
        frames += source.read(0.0)
    return frames


@pytest.fixture
def make_source(tmp_path: Path) -> Callable[..., tuple[FileSource, Steady]]:
    def make(**options) -> tuple[FileSource, Steady]:
        clock = Steady()
        ones = write_wav(tmp_path / 'ones.wav', np.full(16000, 1, np.int16))
        twos = write_wav(tmp_path / 'twos.wav', np.full(16000, 2, np.int16))
        source = FileSource([str(ones), str(twos)], lambda: NOW, clock, pause=0.3, **options)
        source.open()
        return source, clock

    return make


def runs(frames: list) -> list[tuple[int, int]]:
    """Return how many frames in a row hold the same value."""
    result: list[tuple[int, int]] = []
    for frame in frames:
        value = int(frame.samples[0])
        if result and result[-1][0] == value:
            result[-1] = (value, result[-1][1] + 1)
        else:
            result.append((value, 1))
    return result


def test_files_are_played_in_real_time_with_pauses(make_source) -> None:
    source, clock = make_source()
    first = play(source, clock, 1.0)
    assert len(first) == 33
    frames = first + play(source, clock, 5.0)
    assert runs(frames) == [(0, 10), (1, 34), (0, 10), (2, 34), (0, 10)]
    assert np.diff([frame.stamp for frame in frames]).tolist() == [30_000_000] * 97
    assert frames[0].stamp == NOW
    assert source.finished
    assert source.played == 2


def test_files_are_played_as_fast_as_they_are_read(make_source) -> None:
    source, _ = make_source(real_time=False)
    frames = []
    while not source.finished:
        frames += source.read(0.0)
    assert len(frames) == 98


def test_a_loop_begins_again(make_source) -> None:
    source, clock = make_source(loop=True)
    assert [value for value, _ in runs(play(source, clock, 5.0))][:6] == [0, 1, 0, 2, 0, 1]
    assert not source.finished


def test_a_held_file_loses_nothing_and_the_next_waits_for_a_whole_pause(make_source) -> None:
    source, clock = make_source()
    frames = play(source, clock, 0.6)
    source.hold(True)
    frames += play(source, clock, 0.6)
    source.hold(False)
    frames += play(source, clock, 1.0)
    source.hold(True)
    frames += play(source, clock, 3.0)
    assert source.played == 1
    source.hold(False)
    frames += play(source, clock, 3.0)
    found = runs(frames)
    assert sum(count for value, count in found if value == 1) == 34
    assert sum(count for value, count in found if value == 2) == 34
    quiet_after_hold = found[[value for value, _ in found].index(2) - 1][1]
    assert quiet_after_hold >= 100 + 10


class Spoiler:
    """Makes one of the files fail after ten frames."""

    def __init__(self, name: str) -> None:
        self._name, self._frames = name, audio_file.frames

    def __call__(self, path: str) -> Iterator[Frame]:
        for number, frame in enumerate(self._frames(path)):
            if path.endswith(self._name) and number == 10:
                raise OSError('input/output error')
            yield frame


def test_a_file_that_fails_is_skipped_and_none_is_played_again(
    make_source, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports: list[str] = []
    source, clock = make_source(report=reports.append)
    monkeypatch.setattr(audio_file, 'frames', Spoiler('ones.wav'))
    frames = play(source, clock, 6.0)
    assert runs(frames) == [(0, 10), (1, 10), (0, 10), (2, 34), (0, 10)]
    assert source.finished
    assert (source.played, source.skipped) == (1, 1)
    assert len(reports) == 1
    assert 'ones.wav is skipped: input/output error' in reports[0]


def test_a_loop_of_nothing_that_can_be_played_ends(make_source) -> None:
    source, clock = make_source(loop=True)
    for path in source._paths:
        Path(path).unlink()
    play(source, clock, 6.0)
    assert source.finished
    assert source.skipped == 2


def test_no_file_is_refused() -> None:
    with pytest.raises(InputError, match='No audio file'):
        FileSource([], lambda: NOW, Steady())


def collect(source: BlockSource) -> list:
    frames = []
    while batch := source.read(0.0):
        frames += batch
    return frames


@pytest.mark.parametrize('name', ['S16LE', 'S16BE', 'S32LE', 'F32LE', 'F64LE'])
def test_bytes_of_every_format_are_understood(name: str) -> None:
    kinds = {'S16': 2**15, 'S32': 2**31, 'F32': 1, 'F64': 1}
    types = {'S16LE': '<i2', 'S16BE': '>i2', 'S32LE': '<i4', 'F32LE': '<f4', 'F64LE': '<f8'}
    values = np.full((480, 2), 0.25 * kinds[name[:3]]).astype(types[name])
    source = TopicSource('topic', 16000, 2, name)
    source.receive(values.tobytes(), NOW)
    (frame,) = collect(source)
    assert (frame.samples == 8192).all()
    assert frame.stamp == NOW - 30_000_000


def test_the_senders_stamp_is_used_when_it_is_plausible() -> None:
    for stamp, expected in ((NOW - SECOND, NOW - SECOND), (7, NOW - 30_000_000)):
        source = TopicSource('topic', 16000, 1, 'S16LE')
        source.receive(bytes(960), NOW, stamp)
        assert collect(source)[0].stamp == expected


def test_bytes_that_are_no_whole_samples_or_too_many_are_refused() -> None:
    source = TopicSource('topic', 16000, 2, 'S16LE')
    with pytest.raises(InputError, match='no whole samples of 2 x S16LE'):
        source.receive(bytes(7), NOW)
    with pytest.raises(InputError, match='smaller messages'):
        source.receive(bytes(8 << 20), NOW)
    source.receive(b'', NOW)
    assert collect(source) == []


def test_absurd_rates_and_formats_are_refused() -> None:
    with pytest.raises(ConfigurationError, match='sample rate of 1 Hz'):
        TopicSource('topic', 1, 1, 'S16LE')
    with pytest.raises(ConfigurationError, match="format 'MP3'"):
        TopicSource('topic', 16000, 1, 'MP3')


def test_what_nobody_reads_is_counted_and_is_a_gap() -> None:
    source = TopicSource('topic', 16000, 1, 'S16LE')
    for index in range(300):
        source.receive(bytes(960), NOW + index * 30_000_000)
    assert source.counts.overruns == 300 - 256
    assert len(collect(source)) == 256
    source.receive(bytes(960), NOW + 400 * 30_000_000)
    (frame,) = collect(source)
    assert source.counts.gaps == 1
    assert frame.stamp == NOW + 399 * 30_000_000


def test_the_time_is_set_right_only_between_segments() -> None:
    source = TopicSource('topic', 16000, 1, 'S16LE')

    def stamp(now: int) -> int:
        source.receive(bytes(960), now)
        (frame,) = collect(source)
        return frame.stamp

    first = stamp(NOW)
    source.in_speech = True
    assert stamp(NOW - 3600 * SECOND) > first
    source.in_speech = False
    assert stamp(NOW - 3600 * SECOND + 60_000_000) == NOW - 3600 * SECOND + 30_000_000
