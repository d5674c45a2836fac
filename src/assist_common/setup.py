# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from setuptools import find_packages, setup

NAME = 'assist_common'

setup(
    name=NAME,
    version='0.1.0',
    packages=find_packages(exclude=['test']),
    package_data={NAME: ['py.typed']},
    data_files=[
        ('share/ament_index/resource_index/packages', [f'resource/{NAME}']),
        (f'share/{NAME}', ['package.xml']),
    ],
    install_requires=['setuptools', 'psutil', 'tenacity', 'pybreaker'],
    extras_require={'test': ['pytest']},
    zip_safe=True,
    maintainer='The assist authors',
    maintainer_email='assist@example.org',
    description='What every node of assist shares.',
    license='Apache-2.0',
)
