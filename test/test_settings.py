# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Files, profile, environment and launch arguments: later wins, and what is wrong is named."""

from __future__ import annotations

import importlib.util
import os
import subprocess
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from assist import settings
from assist.configuration import parameter_class
from assist.nodes import NODES
from assist.settings import Settings
from assist_common.errors import ConfigurationError
from assist_common.parameters import check
from assist_common.testing import claim_domain
from assist_monitor.monitor_parameters import to_thresholds
from assist_monitor.relief import parse_relief
from launch import LaunchContext

ROOT = Path(__file__).resolve().parents[1]
PROFILES = ROOT / 'config' / 'profiles'
LAUNCH_FILE = ROOT / 'launch' / 'bringup.launch.py'


@pytest.fixture(scope='module')
def bringup() -> ModuleType:
    spec = importlib.util.spec_from_file_location('bringup', LAUNCH_FILE)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def config(folder: Path, content: str) -> str:
    path = folder / 'mine.yaml'
    path.write_text(content)
    return str(path)


def launch(variables: dict[str, str], *arguments: str) -> str:
    result = subprocess.run(
        ['ros2', 'launch', str(LAUNCH_FILE), *arguments],
        env={**os.environ, 'ROS_DOMAIN_ID': str(claim_domain()), **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert 'Traceback' not in result.stdout + result.stderr
    return result.stdout + result.stderr


def test_all_launch_arguments_have_a_variable(bringup: ModuleType) -> None:
    assert {one.name for one in bringup.arguments()} == set(settings.ARGUMENTS)


def test_later_wins(tmp_path: Path) -> None:
    path = config(
        tmp_path,
        '/**/stt_node:\n  ros__parameters: {device: cuda, beam_size: 2, language: de}\n'
        '/**/detector_node:\n  ros__parameters: {model: mine.pt}\n',
    )
    variables = {
        'ASSIST_PROFILE': 'cpu',
        'ASSIST_STT_NODE__BEAM_SIZE': '3',
        'ASSIST_DETECTOR_NODE__MODEL': 'of_variable.pt',
    }
    arguments = {'config_file': path, 'vision_model': 'of_argument.pt'}
    chosen = Settings(arguments, variables)
    stt = chosen.parameters('stt_node')
    assert (stt.language, stt.device, stt.beam_size) == ('de', 'cpu', 3)
    assert chosen.parameters('detector_node').model == 'of_argument.pt'
    assert chosen.parameters('speaker_node').speed == 160


def test_an_argument_wins_over_its_variable() -> None:
    assert Settings({'profile': 'cpu'}, {'ASSIST_PROFILE': 'gpu'}).arguments['profile'] == 'cpu'


@pytest.mark.parametrize(
    ('variable', 'text', 'node', 'value'),
    [
        ('ASSIST_STT_NODE__BEAM_SIZE', '3', 'stt_node', 3),
        ('ASSIST_STT_NODE__WINDOW', '6', 'stt_node', 6.0),
        ('ASSIST_STT_NODE__WORD_TIMES', 'true', 'stt_node', True),
        ('ASSIST_CAMERA_NODE__SOURCE', '0', 'camera_node', '0'),
        ('ASSIST_AUDIO_NODE__FILES', 'a.wav, b c.wav', 'audio_node', ('a.wav', 'b c.wav')),
        ('ASSIST_AUDIO_NODE__FILES', '["a,b.wav"]', 'audio_node', ('a,b.wav',)),
        ('ASSIST_MONITOR_NODE__CPU', '70,80,5', 'monitor_node', (70.0, 80.0, 5.0)),
    ],
)
def test_a_variable_is_read_as_its_parameter(
    variable: str, text: str, node: str, value: object
) -> None:
    name = variable.partition('__')[2].lower()
    assert getattr(Settings({}, {variable: text}).parameters(node), name) == value


@pytest.mark.parametrize(
    ('variable', 'text', 'part'),
    [
        ('ASSIST_PROFIL', 'cpu', 'Did you mean ASSIST_PROFILE?'),
        ('ASSIST_WHATEVER', '1', 'ASSIST_WHATEVER sets nothing'),
        ('ASSIST_STT_NOD__BEAM_SIZE', '3', 'Did you mean ASSIST_STT_NODE__BEAM_SIZE?'),
        ('ASSIST_STT_NODE__BEAM_SIZ', '3', "Did you mean 'beam_size'?"),
        ('ASSIST_STT_NODE__BEAM_SIZE', 'three', 'It must be an integer.'),
        ('ASSIST_STT_NODE__BEAM_SIZE', '99', 'It must be at most 10.'),
        ('ASSIST_STT_NODE__BEAM_SIZE', '[3', 'can not be read'),
        ('ASSIST_AUDIO_NODE__FILES', '[]', 'is an empty list'),
        ('ASSIST_PROFILE', 'enormous', "no profile 'enormous'"),
    ],
)
def test_a_wrong_variable_is_named(variable: str, text: str, part: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Settings({}, {variable: text})
    assert part in str(caught.value)
    assert '\n' not in str(caught.value)


@pytest.mark.parametrize('variable', [*settings.OTHER_VARIABLES, 'ASSISTANT', 'OTHER'])
def test_other_variables_are_left_alone(variable: str) -> None:
    assert settings.from_environment({variable: 'something'}) == ({}, {})


def test_an_empty_variable_counts_as_not_set() -> None:
    assert settings.from_environment({'ASSIST_STT_NODE__BEAM_SIZE': ''}) == ({}, {})


@pytest.mark.parametrize(
    ('content', 'part'),
    [
        ('a: [1, 2', 'can not be read'),
        ('just text', 'holds no nodes'),
        ('/**/audio_node:\n  source: file\n', "'/**/audio_node' has no ros__parameters"),
        ('/**/sst_node: {ros__parameters: {}}', "Did you mean '/**/stt_node'?"),
        ('/**/zebra: {ros__parameters: {}}', 'The nodes are audio_node'),
        ('stt_node: {ros__parameters: {}}', "Write '/**/stt_node'"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, content: str, part: str) -> None:
    path = config(tmp_path, content)
    with pytest.raises(ConfigurationError) as caught:
        Settings({'config_file': path})
    assert part in str(caught.value)
    assert f'config_file:={path}' in str(caught.value)


@pytest.mark.parametrize(
    ('key', 'namespace', 'counts'),
    [
        ('/**', 'assist', True),
        ('/**/stt_node', 'a/b', True),
        ('/*/stt_node', 'assist', True),
        ('/*/stt_node', 'a/b', False),
        ('/assist/stt_node', 'assist', True),
        ('/other/stt_node', 'assist', False),
        ('/assist/*', 'assist', True),
        ('stt_node', '', True),
    ],
)
def test_a_key_counts_for_the_nodes_that_it_matches(
    tmp_path: Path, key: str, namespace: str, counts: bool
) -> None:
    path = config(tmp_path, yaml.safe_dump({key: {'ros__parameters': {'threads': 3}}}))
    chosen = Settings({'config_file': path, 'namespace': namespace})
    assert chosen.parameters('stt_node').threads == (3 if counts else 0)


@pytest.mark.parametrize(
    ('values', 'part'),
    [
        ('{beam_size: 99}', "stt_node: parameter 'beam_size' is 99"),
        ('{beamsize: 3}', "Did you mean 'beam_size'?"),
    ],
)
def test_a_wrong_value_names_its_node(tmp_path: Path, values: str, part: str) -> None:
    path = config(tmp_path, f'/**/stt_node: {{ros__parameters: {values}}}')
    with pytest.raises(ConfigurationError) as caught:
        Settings({'config_file': path}).parameters('stt_node')
    assert part in str(caught.value)


def test_what_every_node_has_is_not_unknown(tmp_path: Path) -> None:
    path = config(
        tmp_path,
        '/**: {ros__parameters: {use_sim_time: true, qos_overrides: {/tf: {depth: 5}}}}',
    )
    assert Settings({'config_file': path}).parameters('stt_node').threads == 0


@pytest.mark.parametrize('profile', sorted(path.stem for path in PROFILES.glob('*.yaml')))
def test_every_profile_is_taken_by_every_node(
    profile: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, 'PROFILES', PROFILES)
    chosen = Settings({'profile': profile})
    for node in NODES:
        chosen.parameters(node)
    monitor = chosen.parameters('monitor_node')
    to_thresholds(monitor)
    for node, values in parse_relief(monitor.relief).items():
        for name, value in values.items():
            check(parameter_class(node), name, value)


def test_the_small_profile_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, 'PROFILES', PROFILES)
    chosen = Settings({'profile': 'small'})
    stt, detector = chosen.parameters('stt_node'), chosen.parameters('detector_node')
    assert (stt.model, stt.compute_type, stt.threads, detector.threads) == ('tiny.en', 'int8', 2, 2)
    # Below one image a second every scene would be stale, and nothing that must be seen allowed.
    relieved = parse_relief(chosen.parameters('monitor_node').relief)['detector_node']['rate']
    assert 1.0 <= relieved < detector.rate


@pytest.mark.parametrize(
    ('variables', 'part'),
    [
        ({'ASSIST_STT_NODE__BEAM_SIZ': '3'}, "Did you mean 'beam_size'?"),
        ({'ASSIST_RESPAWN': 'maybe'}, 'ASSIST_RESPAWN is'),
        ({'ASSIST_NODES': 'audio_nod'}, "'audio_nod'"),
    ],
)
def test_the_launch_names_a_wrong_variable_and_starts_nothing(
    variables: dict[str, str], part: str
) -> None:
    output = launch(variables)
    assert part in output
    assert 'process started' not in output


def test_the_launch_shows_what_the_environment_sets() -> None:
    assert "(default: 'stt_node')" in launch({'ASSIST_NODES': 'stt_node'}, '--show-args')


def test_the_launch_gives_a_node_what_the_environment_sets(
    bringup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('ASSIST_CAMERA_NODE__SOURCE', '0')
    monkeypatch.setenv('ASSIST_MONITOR_NODE__CPU', '70,80,5')
    context = LaunchContext()
    source = bringup.from_variables(context, 'camera_node')['source']
    assert source.evaluate(context) == '0'
    assert bringup.from_variables(context, 'monitor_node') == {'cpu': [70.0, 80.0, 5.0]}
    assert bringup.from_variables(context, 'stt_node') == {}
