# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Install ros2cli."""

from setuptools import find_packages, setup

PACKAGE = 'ros2cli'

setup(
    name=PACKAGE,
    version='0.1.0',
    packages=find_packages(exclude=['test']),
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
    description='The command ros2',
    license='Apache-2.0',
    entry_points={'console_scripts': ['ros2 = ros2cli.cli:main']},
)
