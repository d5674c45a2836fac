# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from glob import glob

from setuptools import find_packages, setup

NAME = 'assist_intent'

setup(
    name=NAME,
    version='0.1.0',
    packages=find_packages(exclude=['test']),
    package_data={NAME: ['py.typed']},
    data_files=[
        ('share/ament_index/resource_index/packages', [f'resource/{NAME}']),
        (f'share/{NAME}', ['package.xml']),
        (f'share/{NAME}/config', ['config/safety_policy.yaml']),
        (f'share/{NAME}/config/intents', sorted(glob('config/intents/*.yaml'))),
    ],
    install_requires=['setuptools', 'PyYAML', 'hassil>=3.12'],
    extras_require={'test': ['pytest']},
    zip_safe=True,
    maintainer='The assist authors',
    maintainer_email='assist@example.org',
    description='Understand what a person wants, decide safely, and have it done.',
    license='Apache-2.0',
    entry_points={
        'console_scripts': [
            f'intent_node = {NAME}.intent_node:main',
            f'executor_node = {NAME}.executor_node:main',
            f'parse = {NAME}.parse:main',
            f'audit = {NAME}.audit_command:main',
        ],
    },
)
