# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from setuptools import find_packages, setup

NAME = 'assist_vision'

setup(
    name=NAME,
    version='0.1.0',
    packages=find_packages(exclude=['test']),
    package_data={NAME: ['py.typed']},
    data_files=[
        ('share/ament_index/resource_index/packages', [f'resource/{NAME}']),
        (f'share/{NAME}', ['package.xml']),
    ],
    install_requires=['setuptools', 'lap', 'openvino'],
    extras_require={'test': ['pytest']},
    zip_safe=True,
    maintainer='The assist authors',
    maintainer_email='assist@example.org',
    description='See: camera, detector, tracking and the relations between objects.',
    license='Apache-2.0',
    entry_points={
        'console_scripts': [
            'camera_node = assist_vision.camera_node:main',
            'detector_node = assist_vision.detector_node:main',
            'annotate = assist_vision.annotate:main',
            'relate = assist_vision.relate:main',
            'export = assist_vision.export_tool:main',
        ],
    },
)
