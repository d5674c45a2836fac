# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Texts that are known only when the launch description is launched."""

from __future__ import annotations

import os
import sys

import pytest
from launch import LaunchContext
from launch.substitutions import (
    AllSubstitution,
    AndSubstitution,
    AnonName,
    AnySubstitution,
    Command,
    EnvironmentVariable,
    EqualsSubstitution,
    FileContent,
    FindExecutable,
    IfElseSubstitution,
    LaunchConfiguration,
    LaunchLogDir,
    LocalSubstitution,
    NotEqualsSubstitution,
    NotSubstitution,
    OrSubstitution,
    PathJoinSubstitution,
    PathSubstitution,
    PythonExpression,
    StringJoinSubstitution,
    SubstitutionFailure,
    TextSubstitution,
)
from launch.utilities import normalize_to_list_of_substitutions, perform_substitutions


@pytest.fixture
def context() -> LaunchContext:
    context = LaunchContext()
    context.launch_configurations.update({'x': '1', 'yes': 'true', 'no': 'false'})
    return context


@pytest.mark.parametrize(
    ('substitution', 'text'),
    [
        (TextSubstitution(text='a'), 'a'),
        (LaunchConfiguration('x'), '1'),
        (LaunchConfiguration(['', TextSubstitution(text='x')]), '1'),
        (LaunchConfiguration('y', default='2'), '2'),
        (LaunchConfiguration('y', default=LaunchConfiguration('x')), '1'),
        (LaunchConfiguration('y', default=5), '5'),
        (PathJoinSubstitution(['/a', LaunchConfiguration('x'), 'b']), '/a/1/b'),
        (PathJoinSubstitution(['a', ['b', LaunchConfiguration('x')]]), 'a/b1'),
        (PathJoinSubstitution(['a']) / 'b' / LaunchConfiguration('x'), 'a/b/1'),
        (PathSubstitution(LaunchConfiguration('x')) / 'b', '1/b'),
        (StringJoinSubstitution(['a', ['b', LaunchConfiguration('x')]], delimiter='-'), 'a-b1'),
        (PythonExpression([LaunchConfiguration('x'), ' + 1']), '2'),
        (PythonExpression("'a' if pi > 3 else 'b'"), 'a'),
        (PythonExpression('os.sep', ['os']), os.sep),
        (Command([sys.executable, ' -c "print(', LaunchConfiguration('x'), ')"']), '1\n'),
        (NotSubstitution(LaunchConfiguration('yes')), 'false'),
        (AndSubstitution(LaunchConfiguration('yes'), '1'), 'true'),
        (AndSubstitution(LaunchConfiguration('yes'), '0'), 'false'),
        (OrSubstitution('false', LaunchConfiguration('no')), 'false'),
        (AnySubstitution('false', 'true', 'false'), 'true'),
        (AllSubstitution('true', 'true', 'false'), 'false'),
        (EqualsSubstitution(LaunchConfiguration('x'), '1'), 'true'),
        (EqualsSubstitution('1.0', 1), 'true'),
        (EqualsSubstitution('True', True), 'true'),
        (EqualsSubstitution('FALSE', 'false'), 'true'),
        (EqualsSubstitution('a', 'b'), 'false'),
        (NotEqualsSubstitution('a', 'b'), 'true'),
        (NotEqualsSubstitution('a', 'a'), 'false'),
        (IfElseSubstitution(LaunchConfiguration('yes'), 'a', 'b'), 'a'),
        (IfElseSubstitution(LaunchConfiguration('no'), if_value='a', else_value='b'), 'b'),
        (IfElseSubstitution(LaunchConfiguration('no'), 'a'), ''),
    ],
)
def test_text(context, substitution, text):
    assert substitution.perform(context) == text


def test_environment_variable(context, monkeypatch):
    monkeypatch.setenv('LAUNCH_TEST', 'a')
    assert EnvironmentVariable('LAUNCH_TEST').perform(context) == 'a'
    monkeypatch.delenv('LAUNCH_TEST')
    assert EnvironmentVariable('LAUNCH_TEST', default_value='b').perform(context) == 'b'


def test_files(context, tmp_path, monkeypatch):
    file = tmp_path / 'tool'
    file.write_text('text')
    file.chmod(0o755)
    monkeypatch.setenv('PATH', str(tmp_path))
    assert FileContent(file).perform(context) == 'text'
    assert FindExecutable(name='tool').perform(context) == str(file)
    assert LaunchLogDir().perform(context).startswith(str(tmp_path / 'log'))


def test_anonymous_name_is_unique_and_lasts(context):
    name = AnonName('node').perform(context)
    assert name.startswith('node_')
    assert AnonName('node').perform(context) == name
    assert AnonName('node').perform(LaunchContext()) != name
    assert name.replace('_', 'a').isalnum()


def test_local(context):
    class Event:
        returncode = 3

    context.extend_locals({'event': Event()})
    assert LocalSubstitution('event.returncode').perform(context) == '3'


@pytest.mark.parametrize(
    ('substitution', 'message'),
    [
        (LaunchConfiguration('absent'), "'absent' does not exist"),
        (EnvironmentVariable('LAUNCH_TEST_ABSENT'), "'LAUNCH_TEST_ABSENT' does not exist"),
        (FindExecutable(name='launch_test_absent'), 'launch_test_absent'),
        (FileContent('/absent'), '/absent'),
        (LocalSubstitution('absent'), 'absent'),
        (PythonExpression('1 +'), '1 \\+'),
        (PythonExpression('nothing'), 'nothing'),
        (Command('false'), 'Command: false'),
        (Command('launch_test_absent'), 'launch_test_absent'),
        (Command('sh -c "echo oh >&2"'), 'oh'),
    ],
)
def test_failure_names_the_cause(context, substitution, message):
    with pytest.raises(SubstitutionFailure, match=message):
        substitution.perform(context)


@pytest.mark.parametrize(('on_stderr', 'text'), [('ignore', 'a\n'), ('capture', 'a\noh\n')])
def test_command_with_stderr(context, on_stderr, text):
    command = Command('sh -c "echo a; echo oh >&2"', on_stderr=on_stderr)
    assert command.perform(context) == text


def test_normalize(context):
    parts = normalize_to_list_of_substitutions(['a', LaunchConfiguration('x'), ['b', 'c']])
    assert perform_substitutions(context, parts) == 'a1bc'
    with pytest.raises(TypeError, match='5'):
        normalize_to_list_of_substitutions(5)


@pytest.mark.parametrize(
    ('substitution', 'text'),
    [
        (TextSubstitution(text='a'), "'a'"),
        (LaunchConfiguration('x'), "LaunchConfig('x')"),
        (EnvironmentVariable('X'), "EnvVar('X')"),
        (PathJoinSubstitution(['a', LaunchConfiguration('x')]), "PathJoin('a', LaunchConfig('x'))"),
        (PythonExpression('1'), "PythonExpr('1')"),
    ],
)
def test_describe(substitution, text):
    assert substitution.describe() == text
