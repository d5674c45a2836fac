# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Installation of the package; colcon calls it."""

from setuptools import find_packages, setup

package_name = 'tf2_ros_py'

setup(
    name=package_name,
    version='0.1.0',
    packages=find_packages(exclude=['test']),
    data_files=[
        ('share/ament_index/resource_index/packages', [f'resource/{package_name}']),
        (f'share/{package_name}', ['package.xml']),
    ],
    install_requires=['setuptools'],
    extras_require={'test': ['pytest']},
    zip_safe=True,
    maintainer='The assist authors',
    maintainer_email='assist@example.org',
    description='Frames and the transforms between them, in Python',
    license='Apache-2.0',
)
