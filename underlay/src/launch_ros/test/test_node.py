# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""The command line that a Node action makes, and what a real node makes of it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import launch
import pytest
import yaml
from launch.actions import GroupAction, SetLaunchConfiguration
from launch.conditions import IfCondition
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.actions import (
    Node,
    PushROSNamespace,
    PushRosNamespace,
    SetParameter,
    SetParametersFromFile,
    SetRemap,
    SetROSLogDir,
    SetUseSimTime,
)
from launch_ros.parameter_descriptions import Parameter, ParameterFile, ParameterValue
from launch_ros.substitutions import ExecutableInPackage, FindPackagePrefix, FindPackageShare

PACKAGE = 'test_package'

# Prints its arguments and, as it would find them, its parameter files.
PRINT_ARGUMENTS = """
import json, sys
files = [open(after).read() for flag, after in zip(sys.argv, sys.argv[1:])
         if flag == '--params-file']
print('RESULT', json.dumps({'argv': sys.argv[1:], 'files': files}))
"""

# A real node that prints what has reached it.
PRINT_NODE = """
import json, rclpy, std_msgs.msg
rclpy.init()
node = rclpy.create_node('given', automatically_declare_parameters_from_overrides=True,
                         start_parameter_services=False)
publisher = node.create_publisher(std_msgs.msg.Empty, 'topic', 1)
parameters = {
    name: list(parameter.value) if parameter.type_.value > 4 else parameter.value
    for name, parameter in node.get_parameters_by_prefix('').items()
}
print('RESULT', json.dumps({
    'name': node.get_fully_qualified_name(),
    'topic': publisher.topic_name,
    'parameters': parameters,
}))
"""


def results(output: str) -> list[dict]:
    return [json.loads(line.split('RESULT')[1]) for line in output.splitlines() if 'RESULT' in line]


def node(**options) -> Node:
    return Node(package=PACKAGE, executable='program', output='screen', **options)


@pytest.fixture
def arguments(run, executable):
    """Return a function that launches entities and returns the arguments of the last node."""
    executable(PRINT_ARGUMENTS)

    def launch_and_get(*entities) -> list[str]:
        code, output = run(*entities)
        assert code == 0, output
        return results(output)[-1]['argv']

    return launch_and_get


@pytest.fixture
def parameters(run, executable):
    """Return a function that launches a real node and returns its parameters."""
    executable(PRINT_NODE)

    def launch_and_get(*entities) -> dict:
        code, output = run(*entities)
        assert code == 0, output
        found = results(output)[-1]['parameters']
        # Every node has these two.
        del found['start_type_description_service']
        if not found['use_sim_time']:
            del found['use_sim_time']
        return found

    return launch_and_get


def test_plain_node(arguments):
    assert arguments(node()) == ['--ros-args']


def test_arguments(arguments):
    assert arguments(
        SetLaunchConfiguration('level', 'debug'),
        node(
            arguments=['--own', LaunchConfiguration('level')],
            ros_arguments=['--log-level', LaunchConfiguration('level')],
        ),
    ) == ['--own', 'debug', '--ros-args', '--log-level', 'debug']


def test_name_namespace_and_remappings(arguments):
    action = node(
        name='camera',
        namespace=LaunchConfiguration('robot'),
        remappings=[('image', [LaunchConfiguration('robot'), '/image']), ('a', 'b')],
    )
    assert arguments(SetLaunchConfiguration('robot', 'r1'), action) == [
        '--ros-args', '-r', '__node:=camera', '-r', '__ns:=/r1',
        '-r', 'image:=r1/image', '-r', 'a:=b',
    ]  # fmt: skip
    assert action.node_name == '/r1/camera'
    assert action.is_node_name_fully_specified()


@pytest.mark.parametrize(
    ('pushed', 'own', 'namespace'),
    [
        (['a'], None, '/a'),
        (['a', 'b'], None, '/a/b'),
        (['a'], 'b', '/a/b'),
        (['a'], '/b', '/b'),
        (['a', '/b'], None, '/b'),
        (['/'], 'b', '/b'),
        ([], 'b/c/', '/b/c'),
        ([], '', '/'),
    ],
)
def test_namespaces(arguments, pushed, own, namespace):
    found = arguments(*(PushRosNamespace(name) for name in pushed), node(namespace=own))
    assert found == ['--ros-args', '-r', f'__ns:={namespace}']


def test_scope_of_namespace_parameters_and_remaps(arguments):
    assert PushRosNamespace is PushROSNamespace
    group = GroupAction(
        [
            PushRosNamespace('inner'),
            SetParameter('x', 1),
            SetRemap('a', 'b'),
            node(),
        ]
    )
    assert arguments(group) == [
        '--ros-args', '-r', '__ns:=/inner', '-p', 'x:=1', '-r', 'a:=b',
    ]  # fmt: skip
    again = GroupAction([PushRosNamespace('inner'), SetParameter('x', 1), SetRemap('a', 'b')])
    assert arguments(again, node()) == ['--ros-args']


def test_condition(run, executable):
    executable(PRINT_ARGUMENTS)
    _, output = run(node(condition=IfCondition('false')))
    assert results(output) == []


def test_executable_without_package(run, executable, prefix):
    executable(PRINT_ARGUMENTS)
    path = prefix / 'lib' / PACKAGE / 'program'
    _, output = run(Node(executable=str(path), exec_name='named', output='screen'))
    assert '[INFO] [named-' in output
    assert results(output)[0]['argv'] == ['--ros-args']


def test_log_folder_of_nodes(run, executable, tmp_path):
    executable("import os; print('RESULT', repr(os.environ['ROS_LOG_DIR']).replace(chr(39), '\"'))")
    _, output = run(SetROSLogDir(str(tmp_path)), node())
    assert results(output) == [str(tmp_path)]


def test_substitutions_of_packages(prefix, executable):
    executable('')
    context = launch.LaunchContext()
    share = prefix / 'share' / PACKAGE
    assert FindPackagePrefix(PACKAGE).perform(context) == str(prefix)
    assert FindPackageShare(PACKAGE).perform(context) == str(share)
    assert (FindPackageShare(PACKAGE) / 'a' / 'b').perform(context) == str(share / 'a' / 'b')
    joined = PathJoinSubstitution([FindPackageShare(PACKAGE), 'a'])
    assert joined.perform(context) == str(share / 'a')
    program = ExecutableInPackage('program', PACKAGE)
    assert program.perform(context) == str(prefix / 'lib' / PACKAGE / 'program')


@pytest.mark.parametrize(
    ('package', 'executable_name', 'message'),
    [
        ('absent_package', 'program', "package 'absent_package' not found"),
        (PACKAGE, 'absent', "executable 'absent' not found on the libexec directory"),
    ],
)
def test_missing_package_or_executable(run, prefix, package, executable_name, message):
    code, output = run(Node(package=package, executable=executable_name))
    assert code == 1
    assert message in output
    assert 'Traceback' not in output


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        ({'name': 'a-b'}, "node name 'a-b' is invalid"),
        ({'namespace': 'a//b'}, "namespace '/a//b' is invalid"),
    ],
)
def test_invalid_names(run, executable, options, message):
    executable(PRINT_ARGUMENTS)
    code, output = run(node(**options))
    assert code == 1
    assert message in output


def test_duplicate_name_is_warned_of(run, executable):
    executable(PRINT_ARGUMENTS)
    _, output = run(node(name='a'), node(name='b'), node(name='a'))
    assert output.count('there are now at least 2 nodes with the name /a') == 1
    assert 'the name /b' not in output


# Parameters


def test_types_of_parameters(parameters):
    given = {
        'flag': True,
        'number': 1,
        'real': 1.0,
        'tiny': 1e-7,
        'text': 'hello: world',
        'empty': '',
        # Each of these texts looks like something else.
        'yes': 'y',
        'digits': '007',
        'exponent': '1e3',
        'switch': 'off',
        'nothing': 'null',
        'unicode': 'für',
        'quoted': '"a" \\ b',
        'numbers': [1, 2],
        'reals': [1, 2.5],
        'texts': ['1', 'b'],
        'flags': (True, False),
        'group': {'a': {'b': 'deep'}, 'c': 2},
    }
    found = parameters(node(parameters=[given]))
    flat = {**given, 'group.a.b': 'deep', 'group.c': 2, 'reals': [1.0, 2.5], 'flags': [True, False]}
    del flat['group']
    assert found == flat
    assert isinstance(found['real'], float)


def test_substitutions_are_read_as_yaml(parameters):
    found = parameters(
        SetLaunchConfiguration('n', '5'),
        SetLaunchConfiguration('list', '[1, 2]'),
        node(
            parameters=[
                {
                    'number': LaunchConfiguration('n'),
                    'joined': [LaunchConfiguration('n'), '.5'],
                    'list': LaunchConfiguration('list'),
                    'texts': [[LaunchConfiguration('n'), 'a'], ['b']],
                    ('name_', LaunchConfiguration('n')): 'by substitution',
                }
            ]
        ),
    )
    assert found == {
        'number': 5,
        'joined': 5.5,
        'list': [1, 2],
        'texts': ['5a', 'b'],
        'name_5': 'by substitution',
    }


def test_parameter_values_with_a_type(parameters):
    n = LaunchConfiguration('n')
    found = parameters(
        SetLaunchConfiguration('n', '1'),
        node(
            parameters=[
                {
                    'text': ParameterValue(n, value_type=str),
                    'real': ParameterValue(n, value_type=float),
                    'number': ParameterValue(n, value_type=int),
                    'flag': ParameterValue(n, value_type=bool),
                    'exponent': ParameterValue('1e3', value_type=float),
                    'reals': ParameterValue(['[', n, ', 2]'], value_type=list[float]),
                    'yaml': ParameterValue(['{a: ', n, '}'], value_type=str),
                    'untyped': ParameterValue(n),
                },
                Parameter('single', [n, n], value_type=int),
            ]
        ),
    )
    assert found == {
        'text': '1',
        'real': 1.0,
        'number': 1,
        'flag': True,
        'exponent': 1000.0,
        'reals': [1.0, 2.0],
        'yaml': '{a: 1}',
        'untyped': 1,
        'single': 11,
    }


@pytest.mark.parametrize(
    ('value', 'message'),
    [
        (LaunchConfiguration('map'), "parameter 'x'.*ParameterValue"),
        ([1, 'a'], "parameter 'x'.*uniform type"),
        (ParameterValue(LaunchConfiguration('map'), value_type=int), "parameter 'x'.*dict"),
        (ParameterValue('abc', value_type=int), "parameter 'x'.*not of type int"),
        (ParameterValue('[1, a]', value_type=list[int]), "parameter 'x'.*not of type int"),
    ],
)
def test_wrong_values_when_launched(run, executable, value, message):
    executable(PRINT_ARGUMENTS)
    code, output = run(
        SetLaunchConfiguration('map', '{a: 1}'), node(parameters=[{'x': value}])
    )
    assert code == 1
    assert re.search(message, output)


@pytest.mark.parametrize(
    ('wrong', 'message'),
    [
        ([{'x': None}], "'x'"),
        ([{'x': []}], "'x'.*empty list"),
        ([{'x': b'bytes'}], "'x'"),
        ({'x': 1}, 'parameters must be a list'),
        ('file.yaml', 'parameters must be a list'),
        ([5], '5'),
    ],
)
def test_wrong_parameters_when_described(wrong, message):
    with pytest.raises(TypeError, match=message):
        node(parameters=wrong)


def write(path: Path, parameters: dict) -> Path:
    path.write_text(yaml.safe_dump(parameters))
    return path


def test_parameter_files_with_wildcards_and_namespaces(parameters, tmp_path):
    file = write(
        tmp_path / 'p.yaml',
        {
            '/**': {'ros__parameters': {'everywhere': 1, 'overridden': 'general'}},
            '/robot/named': {'ros__parameters': {'overridden': 'special', 'deep': {'a': 2}}},
            '/robot/*': {'ros__parameters': {'one_level': 3}},
            'other': {'ros__parameters': {'other': 4}},
        },
    )
    found = parameters(
        PushRosNamespace('robot'), node(name='named', parameters=[file, {'last': 'wins'}])
    )
    assert found == {
        'everywhere': 1,
        'overridden': 'special',
        'deep.a': 2,
        'one_level': 3,
        'last': 'wins',
    }


def test_later_parameters_have_precedence(parameters, tmp_path):
    file = write(tmp_path / 'p.yaml', {'/named': {'ros__parameters': {'a': 1, 'b': 1, 'c': 1}}})
    found = parameters(
        SetParameter('c', 3),
        SetParameter('d', 'off'),
        SetParametersFromFile(str(file)),
        node(name='named', parameters=[{'a': 0}, ParameterFile(str(file)), {'b': 2}]),
    )
    assert found == {'a': 1, 'b': 2, 'c': 1, 'd': 'off'}


def test_dictionary_is_for_any_name_if_none_is_given(parameters):
    assert parameters(PushRosNamespace('robot'), node(parameters=[{'a': 1}])) == {'a': 1}


def test_simulated_time(parameters):
    assert parameters(SetUseSimTime(True), node()) == {'use_sim_time': True}


def test_name_and_remapping_reach_the_node(run, executable):
    executable(PRINT_NODE)
    _, output = run(
        PushRosNamespace('robot'),
        SetRemap('other', 'elsewhere'),
        node(name='named', namespace='arm', remappings=[('topic', '~/renamed')]),
    )
    (result,) = results(output)
    assert result['name'] == '/robot/arm/named'
    assert result['topic'] == '/robot/arm/named/renamed'


def test_missing_parameter_file_is_warned_of(run, executable):
    executable(PRINT_ARGUMENTS)
    code, output = run(node(parameters=['/absent.yaml']))
    assert code == 0
    assert 'Parameter file path is not a file: /absent.yaml' in output


def test_temporary_files_are_removed(run, executable):
    executable(PRINT_ARGUMENTS)
    _, output = run(node(name='a', parameters=[{'x': 1}]))
    (result,) = results(output)
    path = result['argv'][-1]
    assert os.path.basename(path).startswith('launch_params_')
    assert yaml.safe_load(result['files'][0]) == {'/a': {'ros__parameters': {'x': 1}}}
    assert not os.path.exists(path)


def test_substitutions_in_a_parameter_file(run, executable, tmp_path, prefix, monkeypatch):
    executable(PRINT_ARGUMENTS)
    monkeypatch.setenv('LAUNCH_TEST', 'environment')
    file = tmp_path / 'p.yaml'
    file.write_text(
        '# $(absent in a comment)\n'
        '/**:\n  ros__parameters:\n'
        '    number: $(var n)\n'
        '    path: $(find-pkg-share test_package)/a (b).yaml\n'
        '    variable: $(env LAUNCH_TEST) $(env LAUNCH_ABSENT "no value")\n'
        '    nested: $(var $(var which))\n'
        "    computed: $(eval '$(var n) * (1 + 1)')\n"
        '    plain: costs $5\n'
    )
    code, output = run(
        SetLaunchConfiguration('n', '5'),
        SetLaunchConfiguration('which', 'n'),
        node(parameters=[ParameterFile(str(file), allow_substs=True)]),
    )
    assert code == 0
    (result,) = results(output)
    assert yaml.safe_load(result['files'][0])['/**']['ros__parameters'] == {
        'number': 5,
        'path': f'{prefix}/share/{PACKAGE}/a (b).yaml',
        'variable': 'environment no value',
        'nested': 5,
        'computed': 10,
        'plain': 'costs $5',
    }


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('$(frobnicate x)', r'\$\(frobnicate x\)'),
        ('$(var', 'closing parenthesis'),
        ('$(var a b c)', 'wrong number of arguments'),
        ('$(var absent)', "'absent' does not exist"),
    ],
)
def test_wrong_substitutions_in_a_parameter_file(run, executable, tmp_path, text, message):
    executable(PRINT_ARGUMENTS)
    file = write(tmp_path / 'p.yaml', {'/**': {'ros__parameters': {'x': text}}})
    code, output = run(node(parameters=[ParameterFile(str(file), allow_substs=True)]))
    assert code == 1
    assert re.search(message, output)
    assert str(file) in output


def test_plain_parameter_file_is_passed_on_as_it_is(arguments, tmp_path):
    file = write(tmp_path / 'p.yaml', {'/**': {'ros__parameters': {'x': '$(var absent)'}}})
    assert arguments(node(parameters=[str(file)])) == ['--ros-args', '--params-file', str(file)]
