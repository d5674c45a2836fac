# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from setuptools import find_packages, setup

NAME = 'assist_monitor'

setup(
    name=NAME,
    version='0.1.0',
    packages=find_packages(exclude=['test']),
    package_data={NAME: ['py.typed']},
    data_files=[
        ('share/ament_index/resource_index/packages', [f'resource/{NAME}']),
        (f'share/{NAME}', ['package.xml']),
    ],
    install_requires=['setuptools', 'psutil', 'nvidia-ml-py'],
    extras_require={'test': ['pytest']},
    zip_safe=True,
    maintainer='The assist authors',
    maintainer_email='assist@example.org',
    description='Health, logs, supervision and recovery of the assist graph.',
    license='Apache-2.0',
    entry_points={
        'console_scripts': [
            f'monitor_node = {NAME}.monitor_node:main',
            f'supervisor_node = {NAME}.supervisor_node:main',
            f'logs = {NAME}.logs:main',
        ]
    },
)
