# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

from setuptools import find_packages, setup

NAME = 'assist'


def tree(folder: str) -> list[tuple[str, list[str]]]:
    """Return the files of a folder as data files of the same shape in share."""
    files = sorted(path for path in Path(folder).rglob('*') if path.is_file())
    return [
        (f'share/{NAME}/{path.parent}', [str(path)])
        for path in files
        if '__pycache__' not in path.parts
    ]


setup(
    name=NAME,
    version='0.1.0',
    packages=find_packages(exclude=['test']),
    package_data={NAME: ['py.typed', 'photographs/*.jpg']},
    data_files=[
        ('share/ament_index/resource_index/packages', [f'resource/{NAME}']),
        (f'share/{NAME}', ['package.xml']),
        *tree('launch'),
        *tree('config'),
    ],
    install_requires=['setuptools'],
    extras_require={'test': ['pytest']},
    zip_safe=True,
    maintainer='The assist authors',
    maintainer_email='assist@example.org',
    description='Brings up the graph of assist.',
    license='Apache-2.0',
    entry_points={
        'console_scripts': [
            'demo = assist.demo:main',
            'preflight = assist.preflight.command:main',
            'configuration = assist.configuration:main',
        ],
    },
)
