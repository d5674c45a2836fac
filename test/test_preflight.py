# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Each check fails with its remedy when what it checks is broken."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import rclpy
from assist import image_loopback
from assist.image_loopback import Loopback
from assist.preflight import devices, engines, machine, middleware, self_test, software
from assist.preflight.check import Skipped
from assist.preflight.software import Library
from assist.preflight.subject import Subject
from assist_audio import sound_device
from assist_common.errors import AssistError
from assist_common.testing import claim_domain
from rclpy.context import Context
from rclpy.node import Node

PHOTOGRAPH = engines.PHOTOGRAPHS / 'coffee.jpg'


def subject(variables: dict[str, str] | None = None, **arguments: str) -> Subject:
    return Subject(arguments, variables or {})


def fault(check: Callable[[Subject], str], given: Subject | None = None) -> tuple[str, str]:
    """Return cause and remedy of a check that fails."""
    with pytest.raises(AssistError) as caught:
        check(given or subject())
    assert caught.value.remedy
    return caught.value.cause, caught.value.remedy


@pytest.fixture
def own_domain(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv('ROS_DOMAIN_ID', str(claim_domain()))
    for name, value in subject().variables.items():
        monkeypatch.setenv(name, value)
    yield


# Python, libraries, parameters.


def test_an_old_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, 'version_info', (3, 8, 10))
    assert fault(software.python_version) == ('this is Python 3.8.10', 'use Python 3.10 to 3.14')


@pytest.mark.parametrize(
    ('content', 'part'),
    [
        (None, "No module named 'broken_library'"),
        ('raise OSError("libfoo.so.1: no such file")', 'libfoo.so.1'),
        ('import sys\nsys.exit(3)', 'SystemExit'),
        ('import os\nos.abort()', 'crashes Python'),
        ('__version__ = "1.2"', '1.2 is older than 1.10'),
    ],
)
def test_a_broken_library(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str | None, part: str
) -> None:
    if content is not None:
        (tmp_path / 'broken_library.py').write_text(content)
    monkeypatch.setenv('PYTHONPATH', str(tmp_path), prepend=os.pathsep)
    wanted = (
        Library('yaml', 'pip install pyyaml'),
        Library('broken_library', 'pip install broken', '1.10'),
        Library('psutil', 'pip install psutil'),
    )
    monkeypatch.setattr(software, 'REQUIRED', wanted)
    cause, remedy = fault(software.libraries)
    assert 'broken_library' in cause
    assert part in cause
    assert remedy == 'pip install broken'


def test_the_versions_are_those_of_the_requirements() -> None:
    requirements = (Path(__file__).resolve().parents[1] / 'requirements.txt').read_text()
    for library in (*software.REQUIRED, *software.OPTIONAL):
        if library.least:
            assert library.remedy.split("'")[1] in requirements.splitlines()


@pytest.mark.parametrize(
    ('content', 'part'),
    [
        ('/**/stt_node: {ros__parameters: {beam_size: 0}}', "'beam_size' is 0"),
        ('/**/stt_node: {ros__parameters: {beams: 3}}', "no parameter 'beams'"),
        ('/**/monitor_node: {ros__parameters: {memory: [95, 85, 3]}}', 'memory'),
        ('/**/monitor_node: {ros__parameters: {relief: [nonsense]}}', 'nonsense'),
        ('/**/supervisor_node: {ros__parameters: {first_delay: 60.0}}', 'first_delay'),
        ('/**/audio_node: {ros__parameters: {start_threshold: 0.2}}', 'threshold'),
        ('{', 'can not be read'),
    ],
)
def test_a_wrong_parameter(tmp_path: Path, content: str, part: str) -> None:
    path = tmp_path / 'mine.yaml'
    path.write_text(content)
    cause, _ = fault(software.parameters, subject(config_file=str(path)))
    assert part in cause


def test_a_wrong_variable() -> None:
    cause, _ = fault(software.parameters, subject({'ASSIST_STT_NODE__BEAM_SIZE': '0'}))
    assert 'ASSIST_STT_NODE__BEAM_SIZE' in cause


def test_right_parameters() -> None:
    assert 'of 9 nodes from config/assist.yaml, cpu' in software.parameters(subject(profile='cpu'))


# ROS and its transport.


@pytest.mark.parametrize(
    ('variable', 'value', 'part', 'remedy'),
    [
        ('ROS_DISTRO', '', 'ROS_DISTRO is not set', 'source setup.bash'),
        ('ROS_DISTRO', 'foxy', 'this is ROS 2 foxy', 'use one of jazzy, kilted, lyrical'),
        ('ROS_DOMAIN_ID', '300', "ROS_DOMAIN_ID is '300'", 'a number from 0 to 232'),
        (middleware.DDS_PROFILE, '/absent.xml', '/absent.xml can not be read', 'unset'),
    ],
)
def test_a_wrong_environment(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, part: str, remedy: str
) -> None:
    monkeypatch.setenv(variable, value)
    cause, found = fault(middleware.ros_environment)
    assert part in cause
    assert remedy in found


@pytest.mark.parametrize(
    ('result', 'part', 'remedy'),
    [
        (Loopback(100, 12, 0.2), 'only 12 of 100 images', 'config/fastdds.xml'),
        (Loopback(100, 0, None), 'do not find each other', 'loopback interface'),
        (Loopback(100, 100, 5.0), 'took 5.0 s', 'ROS_STATIC_PEERS=127.0.0.1'),
    ],
)
def test_images_that_are_lost(
    monkeypatch: pytest.MonkeyPatch, result: Loopback, part: str, remedy: str
) -> None:
    monkeypatch.setattr(image_loopback, 'measure', lambda count: result)
    cause, found = fault(middleware.image_transport)
    assert part in cause
    assert remedy in found


@pytest.mark.usefixtures('own_domain')
def test_images_arrive() -> None:
    result = image_loopback.measure(20)
    assert result.received >= 19
    assert result.discovery is not None
    assert result.discovery < 5.0


@pytest.mark.usefixtures('own_domain')
def test_a_sender_that_dies_is_not_one_that_is_not_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / 'python'
    broken.write_text('#!/bin/sh\necho "ImportError: no middleware" >&2\nexit 1\n')
    broken.chmod(0o755)
    monkeypatch.setattr(sys, 'executable', str(broken))
    began = time.monotonic()
    cause, remedy = fault(middleware.image_transport)
    assert 'ended by itself (ImportError: no middleware)' in cause
    assert 'rclpy' in remedy
    assert time.monotonic() - began < 5.0


@pytest.mark.usefixtures('own_domain')
@pytest.mark.parametrize(('namespace', 'clashes'), [('assist', True), ('other', False)])
def test_a_graph_that_runs_already(namespace: str, clashes: bool) -> None:
    context = Context()
    rclpy.init(context=context)
    node = Node('stt_node', namespace='assist', context=context)
    try:
        given = subject(namespace=namespace)
        if clashes:
            cause, remedy = fault(middleware.domain, given)
            assert 'stt_node run in /assist of domain' in cause
            assert 'ROS_DOMAIN_ID' in remedy
        else:
            assert '1 other nodes, none by our names' in middleware.domain(given)
    finally:
        node.destroy_node()
        context.try_shutdown()


@pytest.mark.usefixtures('own_domain')
def test_a_diagnostic_arrives() -> None:
    assert 'one arrived' in middleware.diagnostics(subject())


@pytest.mark.usefixtures('own_domain')
def test_a_diagnostic_that_does_not_arrive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, 'DIAGNOSTICS_LIMIT', 0.0)
    assert 'did not arrive' in fault(middleware.diagnostics)[0]


# GPU, folders and clock.


def fake_nvml(names: list[str], error: str = '') -> SimpleNamespace:
    def initialise() -> None:
        if error:
            raise RuntimeError(error)

    return SimpleNamespace(
        nvmlInit=initialise,
        nvmlShutdown=lambda: None,
        nvmlDeviceGetCount=lambda: len(names),
        nvmlDeviceGetHandleByIndex=lambda index: index,
        nvmlDeviceGetName=lambda index: names[index].encode(),
        nvmlSystemGetDriverVersion=lambda: '550.1',
    )


@pytest.fixture
def nvml(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    def install(library: Any, **usable: bool) -> None:
        monkeypatch.setattr('assist_monitor.gpu.nvml', lambda: library)
        monkeypatch.setattr(machine, '_users', lambda: usable)

    return install


def test_no_gpu(nvml: Callable[..., None]) -> None:
    nvml(None)
    with pytest.raises(Skipped, match='no NVIDIA GPU'):
        machine.gpu(subject())
    cause, remedy = fault(machine.gpu, subject({'ASSIST_STT_NODE__DEVICE': 'cuda'}))
    assert 'no NVIDIA driver for stt_node' in cause
    assert 'profile:=cpu' in remedy


def test_a_gpu(nvml: Callable[..., None]) -> None:
    nvml(fake_nvml(['RTX']), torch=False, ctranslate2=True)
    assert machine.gpu(subject()) == 'RTX, driver 550.1, usable by ctranslate2'
    cause, _ = fault(machine.gpu, subject({'ASSIST_DETECTOR_NODE__DEVICE': 'cuda:0'}))
    assert cause == 'torch can not use RTX'


def test_a_driver_that_is_broken(nvml: Callable[..., None]) -> None:
    nvml(fake_nvml([], 'Driver/library version mismatch'))
    assert 'version mismatch' in fault(machine.gpu)[0]


@pytest.mark.parametrize('argument', ['log_directory', 'audit_folder'])
def test_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, argument: str) -> None:
    check = getattr(machine, argument.replace('directory', 'folder'))
    (tmp_path / 'file').write_text('')
    cause, remedy = fault(check, subject(**{argument: str(tmp_path / 'file' / 'logs')}))
    assert 'cannot write to' in cause
    assert f'{argument}:=FOLDER' in remedy

    good = subject(**{argument: str(tmp_path / 'good')})
    assert 'GiB free' in check(good)
    assert list((tmp_path / 'good').iterdir()) == []

    usage = SimpleNamespace(free=5 * 2**20)
    monkeypatch.setattr(shutil, 'disk_usage', lambda folder: usage)
    cause, remedy = fault(check, good)
    assert 'only 5 MiB are free' in cause
    assert 'free 1 GiB' in remedy


def test_a_clock_of_long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, 'gmtime', lambda: SimpleNamespace(tm_year=1970))
    cause, remedy = fault(machine.clock)
    assert cause == 'the year is 1970'
    assert 'timedatectl' in remedy


def test_a_clock_that_jumps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, 'DRIFT_SECONDS', 0.0)
    given = subject()
    assert 'ms in' in machine.clock(given)
    given.began = (time.monotonic(), time.time() - 7.0)
    cause, remedy = fault(machine.clock, given)
    assert 'was put +7.0 s' in cause
    assert 'NTP' in remedy


# Microphone, loudspeaker and camera.


@pytest.fixture
def no_sound_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_device, 'devices', lambda kind: [])
    monkeypatch.setattr(sound_device.Scanner, 'look', lambda self: False)


@pytest.mark.usefixtures('no_sound_devices')
@pytest.mark.parametrize(
    ('check', 'node'),
    [(devices.microphone, 'AUDIO_NODE'), (devices.loudspeaker, 'SPEAKER_NODE')],
)
def test_no_sound_device(check: Callable[[Subject], str], node: str) -> None:
    with pytest.raises(Skipped, match='here'):
        check(subject())
    cause, remedy = fault(check, subject({f'ASSIST_{node}__DEVICE': 'my headset'}))
    assert 'there is no sound' in cause
    assert 'connect one' in remedy


def test_sound_from_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(Skipped, match='topic audio_in'):
        devices.microphone(subject(audio_source='topic'))
    with pytest.raises(Skipped, match='silent'):
        devices.loudspeaker(subject({'ASSIST_SPEAKER_NODE__OUTPUT': 'silent'}))
    assert 'no sound file' in fault(devices.microphone, subject(audio_source='file'))[0]
    absent = str(tmp_path / 'absent.wav')
    assert absent in fault(devices.microphone, subject(audio_source='file', audio_files=absent))[0]


def test_portaudio_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, 'sounddevice', None)
    assert fault(devices.microphone)[1] == 'run: pip install sounddevice'


class FakeSource:
    """A microphone that gives frames of one value, or nothing."""

    name = 'fake'
    value: int | None = 0

    def __init__(self, *_: Any) -> None:
        pass

    def open(self) -> None:
        pass

    def close(self) -> None:
        pass

    def read(self, timeout: float) -> list[Any]:
        if self.value is None:
            return []
        return [SimpleNamespace(samples=np.full(480, self.value, np.int16))] * 5


@pytest.mark.parametrize(
    ('value', 'part'), [(0, 'pure silence: see that it is not muted'), (3277, 'peak -20 dB')]
)
def test_a_microphone(monkeypatch: pytest.MonkeyPatch, value: int, part: str) -> None:
    monkeypatch.setattr('assist_audio.device_source.DeviceSource', FakeSource)
    monkeypatch.setattr(FakeSource, 'value', value)
    assert part in devices.microphone(subject(audio_device='fake'))


def test_a_microphone_that_gives_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('assist_audio.device_source.DeviceSource', FakeSource)
    monkeypatch.setattr(FakeSource, 'value', None)
    monkeypatch.setattr(devices, 'CAPTURE_LIMIT', 0.1)
    cause, remedy = fault(devices.microphone, subject(audio_device='fake'))
    assert "'fake' gave 0.0 s" in cause
    assert 'connected' in remedy


def test_a_camera(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, 'VIDEO_DEVICES', tmp_path)
    with pytest.raises(Skipped, match='no camera here'):
        devices.camera(subject())
    found = devices.camera(subject(camera_source=str(PHOTOGRAPH)))
    assert found.startswith('a frame of ')
    cause, remedy = fault(devices.camera, subject(camera_source='/absent/photo.jpg'))
    assert '/absent/photo.jpg' in cause
    assert 'rtsp' in remedy
    fault(devices.camera, subject(camera_source='/dev/video99'))


# Models and engines.


def test_a_missing_speech_model() -> None:
    cause, remedy = fault(engines.speech_model, subject(speech_model='absent'))
    assert "'absent'" in cause
    assert 'tiny.en' in remedy


def test_a_damaged_speech_model(tmp_path: Path) -> None:
    cause, _ = fault(engines.speech_model, subject(speech_model=str(tmp_path)))
    assert 'has no' in cause


def test_a_missing_or_damaged_vision_model(tmp_path: Path) -> None:
    assert "'absent.onnx'" in fault(engines.vision_model, subject(vision_model='absent.onnx'))[0]
    damaged = tmp_path / 'damaged.onnx'
    damaged.write_bytes(b'nothing of the kind')
    fault(engines.vision_model, subject(vision_model=str(damaged)))


def test_a_class_that_the_model_does_not_know() -> None:
    given = subject({'ASSIST_DETECTOR_NODE__CLASSES': 'cup, unicorn'})
    assert 'unicorn' in fault(engines.vision_model, given)[0]


def test_a_detector_that_finds_nothing() -> None:
    given = subject()
    given.shared['detector'] = SimpleNamespace(
        name='blind', labels=('bus', 'person', 'cup'), detect=lambda image, **_: []
    )
    cause, remedy = fault(engines.seeing, given)
    assert 'blind finds no' in cause
    assert 'vision_model' in remedy


def test_a_recogniser_that_hears_nothing() -> None:
    given = subject()
    engines.voice_model(given)
    deaf = SimpleNamespace(text='', rejected='no words')
    given.shared['transcriber'] = SimpleNamespace(transcribe=lambda samples, how: deaf)
    cause, remedy = fault(engines.hearing, given)
    assert 'nothing was recognised' in cause
    assert 'tiny.en' in remedy


def test_a_voice_that_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('PATH', str(tmp_path))
    assert 'apt install espeak-ng' in fault(engines.synthesis)[1]
    piper = subject({'ASSIST_SPEAKER_NODE__ENGINE': 'piper'})
    assert 'piper' in fault(engines.synthesis, piper)[0]


def test_piper_needs_no_espeak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / 'piper'
    program.write_text('#!/bin/sh\nread line\nprintf "loud and clear"\n')
    program.chmod(0o755)
    (tmp_path / 'voice.onnx').write_text('')
    (tmp_path / 'voice.onnx.json').write_text('{"audio": {"sample_rate": 22050}}')
    monkeypatch.setenv('PATH', str(tmp_path))
    variables = {
        'ASSIST_SPEAKER_NODE__ENGINE': 'piper',
        'ASSIST_SPEAKER_NODE__VOICE': str(tmp_path / 'voice.onnx'),
    }
    assert 'piper voice' in engines.synthesis(subject(variables))


@pytest.mark.parametrize('name', ['GRAMMAR', 'POLICY'])
def test_a_broken_grammar_or_policy(tmp_path: Path, name: str) -> None:
    path = tmp_path / 'mine.yaml'
    path.write_text('intents: [')
    cause, _ = fault(engines.understanding, subject({f'ASSIST_INTENT_NODE__{name}': str(path)}))
    assert str(path) in cause


@pytest.mark.parametrize('language', ['en', 'de'])
def test_a_command_of_the_grammar_is_understood(language: str) -> None:
    found = engines.understanding(subject({'ASSIST_INTENT_NODE__LANGUAGE': language}))
    assert 'policy 1' in found
    assert 'STOP' not in found


# Resilience.


def test_resilience_works() -> None:
    assert 'circuit breaker' in self_test.resilience(subject())


def broken_breaker(*_: Any, **__: Any) -> Any:
    return SimpleNamespace(call=lambda function: None, state='closed')


class EndlessEvent:
    def wait(self, timeout: float) -> bool:
        return True


@pytest.mark.parametrize(
    ('name', 'broken', 'part'),
    [
        ('retry', lambda function, **_: function, 'the retry'),
        ('Backoff', lambda *_, **__: SimpleNamespace(next=lambda: 1.0), 'the backoff'),
        ('CircuitBreaker', broken_breaker, 'the circuit breaker'),
        ('first_success', lambda choices: ('broken', False), 'the fallback'),
        ('threading', SimpleNamespace(Event=EndlessEvent), 'the time-out'),
    ],
)
def test_resilience_that_is_broken(
    monkeypatch: pytest.MonkeyPatch, name: str, broken: Any, part: str
) -> None:
    monkeypatch.setattr(self_test, name, broken)
    cause, remedy = fault(self_test.resilience)
    assert part in cause
    assert 'assist_common' in remedy
