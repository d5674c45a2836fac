# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Install rosidl_runtime_py."""

from setuptools import setup

PACKAGE = 'rosidl_runtime_py'

setup(
    name=PACKAGE,
    version='0.1.0',
    packages=[PACKAGE],
    data_files=[
        ('share/ament_index/resource_index/packages', [f'resource/{PACKAGE}']),
        (f'share/{PACKAGE}', ['package.xml']),
    ],
    package_data={PACKAGE: ['py.typed']},
    install_requires=['setuptools'],
    extras_require={'test': ['pytest']},
    zip_safe=True,
    maintainer='The assist authors',
    maintainer_email='assist@example.org',
    description='ROS messages to and from YAML, CSV and dictionaries',
    license='Apache-2.0',
)
