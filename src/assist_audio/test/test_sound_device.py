# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Devices that come and go, in a module sounddevice that only plays to be one."""

from __future__ import annotations

import sys
from threading import Event

import numpy as np
import pytest
from assist_audio import playback, sound_server
from assist_audio.device_source import DeviceSource
from assist_audio.playback import DevicePlayer, make_player
from assist_audio.sound_device import Scanner, find
from assist_audio.speech_synthesis import SpokenText
from assist_common.errors import DeviceError
from assist_common.testing import wait_until
from fake_sound import FakeSoundDevice

SOUND = SpokenText(np.arange(2205, dtype=np.int16), 22050)


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> FakeSoundDevice:
    fake = FakeSoundDevice('room')
    monkeypatch.setitem(sys.modules, 'sounddevice', fake)
    monkeypatch.setattr(sound_server, '_pactl', lambda *_: '')
    return fake


class Surroundings:
    """What the system tells of sound devices, and the time."""

    def __init__(self) -> None:
        self.text, self.time = 'card 0', 0.0
        self.scanner = Scanner(lambda: self.time, lambda: self.text)

    def looks_within(self, seconds: int) -> int:
        """Return how often it looks when it is asked every second."""
        count = 0
        for _ in range(seconds):
            self.time += 1.0
            count += self.scanner.look()
        return count


def test_without_a_change_it_looks_ever_more_seldom(module: FakeSoundDevice) -> None:
    around = Surroundings()
    assert around.looks_within(60) <= 4
    assert around.looks_within(24 * 3600) < 170
    module.scans = 0
    around.text = 'card 0, card 1'
    assert around.looks_within(1) == 1
    assert module.scans == 1


def test_what_is_not_known_is_no_change(module: FakeSoundDevice) -> None:
    around = Surroundings()
    around.looks_within(1)
    around.text = ''
    assert around.looks_within(8) == 0


def test_a_portaudio_that_did_not_start_is_started_again(module: FakeSoundDevice) -> None:
    around = Surroundings()
    module.starts_fail = 2
    for text in ('one', 'two'):
        around.text = text
        with pytest.raises(DeviceError, match='PortAudio does not work'):
            around.scanner.look()
        with pytest.raises(DeviceError, match='PortAudio does not work'):
            find('', 'input')
    around.text = 'three'
    assert around.scanner.look()
    assert find('', 'input').name == 'room'


def test_a_microphone_that_is_missing_is_not_looked_for_all_the_time(
    module: FakeSoundDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = DeviceSource('bed', lambda: 0)
    around = Surroundings()
    source._scanner = around.scanner
    for _ in range(100):
        with pytest.raises(DeviceError, match="name 'bed'"):
            source.open()
    assert module.scans == 1
    module.present.append('bedside')
    around.text = 'card 0, card 1'
    source.open()
    assert source.name == 'bedside'


def test_a_loudspeaker_that_works_is_not_looked_for(module: FakeSoundDevice) -> None:
    player = DevicePlayer()
    told: list[bool] = []
    for _ in range(3):
        assert player.play(SOUND, Event(), told.append)
    assert told == [True, False] * 3
    assert module.scans == 0
    assert np.concatenate(module.heard)[:, 0].tolist() == 3 * SOUND.samples.tolist()


def test_a_loudspeaker_that_was_replaced_is_found(module: FakeSoundDevice) -> None:
    player = DevicePlayer()
    player.check()
    module.present = ['kitchen']
    assert player.play(SOUND, Event(), lambda _: None)
    assert player.name == 'kitchen'
    assert module.scans == 1
    module.present = []
    with pytest.raises(DeviceError, match='kitchen'):
        player.play(SOUND, Event(), lambda _: None)


def test_a_loudspeaker_that_hangs_ends_the_speech(
    module: FakeSoundDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playback, '_GRACE', 0.1)
    module.hang = Event()
    player = DevicePlayer()
    told: list[bool] = []
    for _ in range(2):
        with pytest.raises(DeviceError, match="loudspeaker 'room' hangs"):
            player.play(SOUND, Event(), told.append)
    assert told == [True, False]
    assert module.scans == 0  # PortAudio must not end under a call that hangs
    module.hang.set()
    wait_until(lambda: player._calls.left_behind == 0, 'the end of what hung')
    assert len(module.heard) == 1  # what was left behind plays nothing more
    assert player.play(SOUND, Event(), told.append)
    assert told == [True, False] * 2


@pytest.mark.parametrize(
    ('rates', 'channels', 'opened'),
    [
        (None, {2}, (22050, 2)),
        ({48000}, {1, 2}, (48000, 1)),
        ({48000}, {2}, (48000, 2)),
    ],
)
def test_sound_is_made_to_fit_the_loudspeaker(
    module: FakeSoundDevice,
    rates: set[float] | None,
    channels: set[int],
    opened: tuple[float, int],
) -> None:
    module.rates, module.channels = rates, channels
    assert DevicePlayer().play(SOUND, Event(), lambda _: None)
    assert module.opened == [opened]
    heard = np.concatenate(module.heard)
    assert heard.shape[1] == opened[1]
    assert len(heard) / opened[0] == pytest.approx(SOUND.seconds, abs=0.001)
    assert (heard == heard[:, :1]).all()


def test_an_automatic_output_speaks_as_soon_as_there_is_a_loudspeaker(
    module: FakeSoundDevice,
) -> None:
    module.present = module._known = []
    around = Surroundings()
    player = make_player('auto')
    player._device._scanner = around.scanner
    assert (player.name, 'no sound output device' in player.why_silent) == ('silent', True)
    told: list[bool] = []
    assert player.play(SOUND, Event(), told.append)
    assert module.heard == []
    module.present = ['room']
    around.text = 'card 0, card 1'
    assert player.play(SOUND, Event(), told.append)
    assert module.heard
    assert (player.name, player.why_silent) == ('room', '')
    assert told == [True, False] * 2


def test_a_device_that_was_named_by_index_is_found_at_another_address(
    module: FakeSoundDevice,
) -> None:
    module.present = module._known = ['HDA: Analog (hw:0,0)', 'USB: Audio (hw:1,0)']
    source = DeviceSource('1', lambda: 0)
    source._scanner = Surroundings().scanner
    source.open()
    module.present = module._known = ['HDA: Analog (hw:0,0)', 'Camera (hw:1,0)',
                                      'USB: Audio (hw:2,0)', 'USB: Audio 2 (hw:3,0)']  # fmt: skip
    source.open()
    assert source.name == 'USB: Audio (hw:2,0)'
