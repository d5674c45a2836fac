# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""All checks in order: what is asked of the machine, and the deployment checklist."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from assist.preflight.check import Check
from assist.preflight.subject import Subject


def _from(module: str, name: str) -> Callable[[Subject], str]:
    """Return a check whose module is imported when it runs: a missing library fails it alone."""

    def function(subject: Subject) -> str:
        found = getattr(importlib.import_module(f'assist.preflight.{module}'), name)
        return str(found(subject))

    return function


_SETTINGS = ('libraries', 'parameters')

CHECKS = (
    Check(
        'python',
        'Python is a version that assist is written for.',
        _from('software', 'python_version'),
        'use the Python of the ROS distribution',
    ),
    Check(
        'libraries',
        'All libraries are there, new enough, and can be imported.',
        _from('software', 'libraries'),
        'pip install -r requirements.txt',
        limit=120.0,
    ),
    Check(
        'optional libraries',
        'What a GPU or a .pt model needs can be imported, where one of them is used.',
        _from('software', 'optional_libraries'),
        'pip install -r requirements.txt',
        required=False,
        limit=120.0,
    ),
    Check(
        'ros environment',
        'ROS 2 is sourced; middleware, domain and Fast DDS profile can work.',
        _from('middleware', 'ros_environment'),
        'source setup.bash',
    ),
    Check(
        'parameters',
        'Configuration file, profile and ASSIST_* variables hold only values that are taken.',
        _from('software', 'parameters'),
        'compare with config/assist.yaml',
        needs=('libraries',),
    ),
    Check(
        'image transport',
        'Images of the size of a camera arrive in another process, and discovery is quick.',
        _from('middleware', 'image_transport'),
        'source setup.bash',
        needs=('ros environment',),
    ),
    Check(
        'domain',
        'No other graph with the same names is in the domain.',
        _from('middleware', 'domain'),
        'use another ROS_DOMAIN_ID',
        needs=('ros environment', 'parameters'),
    ),
    Check(
        'diagnostics',
        'A diagnostic reaches a subscriber.',
        _from('middleware', 'diagnostics'),
        'source setup.bash',
        needs=('ros environment',),
    ),
    Check(
        'gpu',
        'A GPU that is to be used has a driver, and libraries that can use it.',
        _from('machine', 'gpu'),
        'use profile:=cpu',
        needs=_SETTINGS,
        nodes=('stt_node', 'detector_node'),
    ),
    Check(
        'microphone',
        'The microphone gives sound, and is not muted.',
        _from('devices', 'microphone'),
        'ros2 run assist_audio devices',
        is_device=True,
        needs=_SETTINGS,
        nodes=('audio_node',),
    ),
    Check(
        'loudspeaker',
        'The loudspeaker takes sound.',
        _from('devices', 'loudspeaker'),
        'ros2 run assist_audio devices',
        is_device=True,
        needs=_SETTINGS,
        nodes=('speaker_node',),
    ),
    Check(
        'camera',
        'The camera gives a frame.',
        _from('devices', 'camera'),
        'see that it is connected, and that this user is in the group video',
        is_device=True,
        needs=_SETTINGS,
        nodes=('camera_node',),
    ),
    Check(
        'speech model',
        'The speech recognition model is there and loads.',
        _from('engines', 'speech_model'),
        'use speech_model:=tiny.en',
        needs=_SETTINGS,
        nodes=('stt_node',),
        limit=300.0,
    ),
    Check(
        'vision model',
        'The detection model is there, loads, and knows the classes that are looked for.',
        _from('engines', 'vision_model'),
        'use vision_model:=yolov3-tiny-coco.onnx',
        needs=_SETTINGS,
        nodes=('detector_node',),
        limit=300.0,
    ),
    Check(
        'voice detection',
        'The detector of speech loads.',
        _from('engines', 'voice_model'),
        "pip install 'faster-whisper>=1.1'",
        needs=_SETTINGS,
        nodes=('audio_node', 'stt_node'),
    ),
    Check(
        'hearing',
        'A spoken sentence is found and recognised.',
        _from('engines', 'hearing'),
        'use speech_model:=tiny.en',
        needs=('speech model', 'voice detection'),
        nodes=('stt_node',),
    ),
    Check(
        'seeing',
        'The objects in a photograph are found.',
        _from('engines', 'seeing'),
        'use vision_model:=yolov3-tiny-coco.onnx',
        needs=('vision model',),
        nodes=('detector_node',),
    ),
    Check(
        'understanding',
        'Grammar and safety policy load, and a sentence is understood.',
        _from('engines', 'understanding'),
        "ros2 run assist_intent parse 'what do you see'",
        needs=_SETTINGS,
        nodes=('intent_node',),
    ),
    Check(
        'speaking',
        'A sentence is spoken into memory.',
        _from('engines', 'synthesis'),
        'sudo apt-get install espeak-ng',
        needs=_SETTINGS,
        nodes=('speaker_node',),
    ),
    Check(
        'log folder',
        'The folder of the logs can be written to and has 1 GiB free.',
        _from('machine', 'log_folder'),
        'use log_directory:=FOLDER',
        needs=_SETTINGS,
        nodes=('monitor_node',),
    ),
    Check(
        'audit folder',
        'The folder of the record of decisions can be written to and has 1 GiB free.',
        _from('machine', 'audit_folder'),
        'use audit_folder:=FOLDER',
        needs=_SETTINGS,
        nodes=('intent_node',),
    ),
    Check(
        'resilience',
        'Retry, circuit breaker, fallback and time-outs work.',
        _from('self_test', 'resilience'),
        'install assist_common, tenacity and pybreaker anew',
    ),
    Check(
        'clock',
        'The date is right, and the clock does not jump.',
        _from('machine', 'clock'),
        'sudo timedatectl set-ntp true',
    ),
)
