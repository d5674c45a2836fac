# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Speech synthesis and playback."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from assist_audio.playback import SilentPlayer, make_player
from assist_audio.speech_synthesis import EspeakSynthesiser, SpokenText, make_synthesiser
from assist_common.errors import ConfigurationError, DeviceError, ModelError
from assist_common.testing import wait_until


def test_a_longer_text_takes_longer() -> None:
    voice = make_synthesiser('espeak-ng')
    short, long = voice.speak('Stop.'), voice.speak('I bring you the cup from the kitchen.')
    assert 0.3 < short.seconds < long.seconds < 5.0
    assert np.abs(long.samples.astype(int)).max() > 3000


def test_speed_and_voice_are_used() -> None:
    text = 'I bring you the cup.'
    slow, fast = (EspeakSynthesiser('en-gb', speed=speed).speak(text) for speed in (100, 300))
    assert slow.seconds > 1.5 * fast.seconds


@pytest.mark.parametrize('text', ['-h', '--help; rm', '<break time="9s"/>', 'a\x00b\n\nc', 'ü €'])
def test_no_text_is_an_option_or_breaks_it(text: str) -> None:
    assert make_synthesiser('espeak-ng').speak(text).seconds > 0.1


def test_a_text_of_a_novel_is_cut() -> None:
    assert make_synthesiser('espeak-ng', speed=450).speak('word ' * 10000).seconds < 400.0


def test_a_voice_or_program_that_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigurationError, match="no voice 'xx-none'"):
        make_synthesiser('espeak-ng', 'xx-none')
    with pytest.raises(ConfigurationError, match='shouting'):
        make_synthesiser('shouting')
    monkeypatch.setenv('PATH', str(tmp_path))
    with pytest.raises(ConfigurationError, match='apt install espeak-ng'):
        make_synthesiser('espeak-ng')


def fake_piper(folder: Path, script: str) -> None:
    program = folder / 'piper'
    program.write_text(f'#!/bin/sh\n{script}\n')
    program.chmod(0o755)


def test_piper_is_given_the_voice_and_the_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program is a stand-in: it answers with what it was asked, as raw samples."""
    voice = tmp_path / 'voice.onnx'
    voice.write_bytes(b'')
    (tmp_path / 'voice.onnx.json').write_text('{"audio": {"sample_rate": 22050}}')
    fake_piper(tmp_path, 'printf "%s|" "$@"; cat')
    monkeypatch.setenv('PATH', str(tmp_path), prepend=':')
    sound = make_synthesiser('piper', str(voice), speed=320).speak('Two\nlines.')
    asked = sound.samples.astype('<i2').tobytes().decode()
    assert asked.startswith(f'-m|{voice}|--length-scale|0.50|--output-raw|Two lines.')
    assert sound.rate == 22050


def test_the_next_piper_waits_with_its_voice_loaded_until_it_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    voice = tmp_path / 'voice.onnx'
    voice.write_bytes(b'')
    (tmp_path / 'voice.onnx.json').write_text('{"audio": {"sample_rate": 22050}}')
    pids = tmp_path / 'pids'
    pids.touch()
    fake_piper(tmp_path, f'echo $$ >> {pids}; cat')
    monkeypatch.setenv('PATH', str(tmp_path), prepend=':')
    synthesiser = make_synthesiser('piper', str(voice))

    def process(number: int) -> int:
        """Return the program that is started at last, when it runs."""
        wait_until(lambda: len(pids.read_text().split()) >= number, 'the program to wait')
        return int(pids.read_text().split()[-1])

    # A Ctrl-C at the terminal goes to the whole session of the node.
    assert os.getsid(process(1)) != os.getsid(0)
    synthesiser.speak('hello')
    killed = process(2)
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: Path(f'/proc/{killed}/stat').read_text().split()[2] == 'Z', 'its end')
    assert synthesiser.speak('hello').seconds > 0.0
    last = process(4)
    assert Path(f'/proc/{last}').exists()
    synthesiser.close()
    assert not Path(f'/proc/{last}').exists()


def test_a_piper_that_fails_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    voice = tmp_path / 'voice.onnx'
    voice.write_bytes(b'')
    fake_piper(tmp_path, 'echo "bad model" >&2; exit 3')
    monkeypatch.setenv('PATH', str(tmp_path), prepend=':')
    with pytest.raises(ModelError, match='voice.onnx.json'):
        make_synthesiser('piper', str(voice))
    (tmp_path / 'voice.onnx.json').write_text('{"audio": {"sample_rate": 16000}}')
    with pytest.raises(DeviceError, match='bad model'):
        make_synthesiser('piper', str(voice)).speak('hello')
    with pytest.raises(ModelError, match='no Piper voice'):
        make_synthesiser('piper', str(tmp_path / 'none.onnx'))


def test_the_silent_player_takes_as_long_as_the_sound() -> None:
    told: list[bool] = []
    begin = time.monotonic()
    sound = SpokenText(np.zeros(1600, np.int16), 16000)
    assert SilentPlayer().play(sound, threading.Event(), told.append)
    assert time.monotonic() - begin >= 0.1
    assert told == [True, False]


def test_the_silent_player_stops_when_told() -> None:
    stop = threading.Event()
    stop.set()
    told: list[bool] = []
    sound = SpokenText(np.zeros(160000, np.int16), 16000)
    assert not SilentPlayer().play(sound, stop, told.append)
    assert told == [True, False]


def test_a_loudspeaker_that_is_missing_is_silent_only_on_auto() -> None:
    player = make_player('auto', 'no such loudspeaker')
    assert player.name == 'silent'
    assert player.why_silent
    with pytest.raises((DeviceError, ConfigurationError)):
        make_player('device', 'no such loudspeaker')
    assert make_player('silent').why_silent == ''
