# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Arguments of launch files, and including files with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from launch import LaunchDescription
from launch.actions import (
    DeclareLaunchArgument,
    GroupAction,
    IncludeLaunchDescription,
    LogInfo,
    SetLaunchConfiguration,
)
from launch.conditions import IfCondition
from launch.launch_description_sources import (
    AnyLaunchDescriptionSource,
    PythonLaunchDescriptionSource,
)
from launch.substitutions import LaunchConfiguration, ThisLaunchFileDir


def declares(*arguments: DeclareLaunchArgument) -> LaunchDescription:
    return LaunchDescription(
        [*arguments, LogInfo(msg=['value: ', LaunchConfiguration(arguments[0].name)])]
    )


def write_launch_file(path: Path, entities: str) -> Path:
    path.write_text(
        'from launch import LaunchDescription\n'
        'from launch.actions import *\n'
        'from launch.substitutions import *\n'
        f'def generate_launch_description():\n    return LaunchDescription([{entities}])\n'
    )
    return path


def test_default_value(run):
    code, output = run(declares(DeclareLaunchArgument('x', default_value='1')))
    assert code == 0
    assert 'value: 1' in output


def test_given_value(run):
    included = IncludeLaunchDescription(
        declares(DeclareLaunchArgument('x', default_value='1')),
        launch_arguments={'x': '2'}.items(),
    )
    code, output = run(included)
    assert code == 0
    assert 'value: 2' in output


def test_empty_default_is_a_default(run):
    code, output = run(declares(DeclareLaunchArgument('x', default_value='')))
    assert code == 0
    assert 'value: \n' in output


def test_missing_required_argument(run):
    code, output = run(declares(DeclareLaunchArgument('x', description='An x.')))
    assert code == 1
    assert "Required launch argument 'x' (description: 'An x.') was not provided" in output


def test_missing_argument_is_found_before_anything_is_launched(run):
    included = LaunchDescription([LogInfo(msg='too early'), DeclareLaunchArgument('x')])
    code, output = run(IncludeLaunchDescription(included))
    assert code == 1
    assert "Required launch argument 'x'" in output
    assert 'too early' not in output


def test_outer_configuration_satisfies_required_argument(run):
    code, output = run(
        SetLaunchConfiguration('x', '3'),
        IncludeLaunchDescription(declares(DeclareLaunchArgument('x'))),
    )
    assert code == 0
    assert 'value: 3' in output


def test_wrong_choice_names_argument_value_and_options(run):
    argument = DeclareLaunchArgument('x', default_value='a', choices=['a', 'b'])
    code, output = run(SetLaunchConfiguration('x', 'c'), declares(argument))
    assert code == 1
    assert "'x'" in output
    assert "'c'" in output
    assert "['a', 'b']" in output


def test_default_must_be_a_choice():
    with pytest.raises(ValueError, match="'c' of launch argument 'x'"):
        DeclareLaunchArgument('x', default_value='c', choices=['a', 'b'])


def test_description_tells_choices():
    assert DeclareLaunchArgument('x', choices=['a', 'b']).description == "One of: ['a', 'b']"
    described = DeclareLaunchArgument('x', choices=['a'], description='An x.')
    assert described.description == "An x. Valid choices are: ['a']"
    assert DeclareLaunchArgument('x').description == 'no description given'


def test_get_launch_arguments_looks_into_groups_and_files(tmp_path):
    file = write_launch_file(tmp_path / 'a.launch.py', "DeclareLaunchArgument('in_file')")
    description = LaunchDescription(
        [
            DeclareLaunchArgument('top', default_value='1'),
            GroupAction([DeclareLaunchArgument('in_group')]),
            GroupAction(
                [DeclareLaunchArgument('conditional')], condition=IfCondition('true')
            ),
            IncludeLaunchDescription(str(file)),
            IncludeLaunchDescription(LaunchConfiguration('not_known_yet')),
        ]
    )
    arguments = {argument.name: argument for argument in description.get_launch_arguments()}
    assert list(arguments) == ['top', 'in_group', 'conditional', 'in_file']
    assert [
        name for name, argument in arguments.items() if argument._conditionally_included
    ] == ['conditional']
    (default,) = arguments['top'].default_value
    assert default.describe() == "'1'"
    assert arguments['in_file'].default_value is None


def test_inclusions_of_an_argument(tmp_path):
    file = write_launch_file(tmp_path / 'a.launch.py', "DeclareLaunchArgument('x')")
    include = IncludeLaunchDescription(PythonLaunchDescriptionSource(str(file)))
    description = LaunchDescription([include])
    ((argument, inclusions),) = (
        description.get_launch_arguments_with_include_launch_description_actions()
    )
    assert argument.name == 'x'
    assert inclusions == [include]


def test_include_file_knows_where_it_is(run, tmp_path):
    (tmp_path / 'inner').mkdir()
    write_launch_file(
        tmp_path / 'inner' / 'b.launch.py', "LogInfo(msg=['in ', ThisLaunchFileDir()])"
    )
    outer = write_launch_file(
        tmp_path / 'a.launch.py',
        "IncludeLaunchDescription([ThisLaunchFileDir(), '/inner/b.launch.py']),"
        "LogInfo(msg=['back in ', ThisLaunchFile()])",
    )
    code, output = run(IncludeLaunchDescription(AnyLaunchDescriptionSource(str(outer))))
    assert code == 0
    assert f'in {tmp_path}/inner\n' in output
    assert f'back in {outer}\n' in output


def test_this_launch_file_dir_needs_a_file(run):
    code, output = run(LogInfo(msg=ThisLaunchFileDir()))
    assert code == 1
    assert 'ThisLaunchFileDir used outside of a launch file' in output


def test_arguments_as_dictionary_are_refused():
    with pytest.raises(TypeError, match='items'):
        IncludeLaunchDescription(LaunchDescription(), launch_arguments={'x': '1'})


def test_arguments_that_are_no_texts_are_refused():
    with pytest.raises(TypeError, match='True of type bool'):
        IncludeLaunchDescription(LaunchDescription(), launch_arguments=[('x', True)])


def test_same_source_with_another_location_is_loaded_again(run, tmp_path):
    for name in ('a', 'b'):
        write_launch_file(tmp_path / f'{name}.launch.py', f"LogInfo(msg='this is {name}')")
    include = IncludeLaunchDescription(
        [str(tmp_path), '/', LaunchConfiguration('which', default='a'), '.launch.py']
    )
    assert LaunchDescription([include]).get_launch_arguments() == []
    code, output = run(SetLaunchConfiguration('which', 'b'), include)
    assert code == 0
    assert 'this is b' in output
    assert 'this is a' not in output
