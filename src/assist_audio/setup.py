# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from setuptools import find_packages, setup

NAME = 'assist_audio'

setup(
    name=NAME,
    version='0.1.0',
    packages=find_packages(exclude=['test']),
    package_data={NAME: ['py.typed']},
    data_files=[
        ('share/ament_index/resource_index/packages', [f'resource/{NAME}']),
        (f'share/{NAME}', ['package.xml']),
    ],
    install_requires=[
        'setuptools',
        'av',
        'faster-whisper>=1.2',
        'numpy',
        'onnxruntime',
        'sounddevice',
        'webrtcvad-wheels',
    ],
    extras_require={'test': ['pytest']},
    zip_safe=True,
    maintainer='The assist authors',
    maintainer_email='assist@example.org',
    description='Hear and speak.',
    license='Apache-2.0',
    entry_points={
        'console_scripts': [
            'audio_node = assist_audio.audio_node:main',
            'stt_node = assist_audio.stt_main:main',
            'speaker_node = assist_audio.speaker_node:main',
            'transcribe = assist_audio.commands:transcribe',
            'vad = assist_audio.commands:vad',
            'devices = assist_audio.commands:devices',
        ],
    },
)
