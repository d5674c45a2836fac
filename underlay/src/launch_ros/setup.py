# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

from setuptools import find_packages, setup

package_name = 'launch_ros'

setup(
    name=package_name,
    version='0.1.0',
    packages=find_packages(exclude=['test']),
    package_data={package_name: ['py.typed']},
    data_files=[
        ('share/ament_index/resource_index/packages', ['resource/' + package_name]),
        ('share/' + package_name, ['package.xml']),
    ],
    install_requires=['setuptools', 'PyYAML'],
    extras_require={'test': ['pytest']},
    zip_safe=True,
    maintainer='The assist authors',
    maintainer_email='assist@example.org',
    description='The part of the ROS extensions to launch that launch files normally use.',
    license='Apache-2.0',
)
