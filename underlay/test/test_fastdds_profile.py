# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""With config/fastdds.xml best-effort images arrive; Fast DDS by itself loses them."""
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FRAMES = 30

PUBLISHER = f"""
import array, time
import rclpy
from rclpy.qos import QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import Image
rclpy.init()
node = rclpy.create_node('camera')
qos = QoSProfile(depth={FRAMES}, reliability=ReliabilityPolicy.BEST_EFFORT)
publisher = node.create_publisher(Image, 'image', qos)
image = Image(height=480, width=640, encoding='bgr8', step=1920)
image.data = array.array('B', bytes(921600))
while publisher.get_subscription_count() == 0:
    time.sleep(0.02)
for number in range(2 * {FRAMES}):
    image.header.stamp.sec = number
    publisher.publish(image)
    time.sleep(1 / 30)
input()
rclpy.shutdown()
"""

SUBSCRIBER = f"""
import time
import rclpy
from rclpy.qos import QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import Image
rclpy.init()
node = rclpy.create_node('viewer')
qos = QoSProfile(depth={FRAMES}, reliability=ReliabilityPolicy.BEST_EFFORT)
seen = []
node.create_subscription(Image, 'image', lambda image: seen.append(image.header.stamp.sec), qos)
end = time.monotonic() + 20
while len(seen) < {FRAMES} and time.monotonic() < end:
    rclpy.spin_once(node, timeout_sec=0.1)
print(*seen)
rclpy.shutdown()
"""


def test_every_image_arrives() -> None:
    profile = Path(__file__).resolve().parents[2] / 'config' / 'fastdds.xml'
    environment = dict(
        os.environ, FASTDDS_DEFAULT_PROFILES_FILE=str(profile), ROS_STATIC_PEERS='127.0.0.1',
        ROS_AUTOMATIC_DISCOVERY_RANGE='LOCALHOST', ROS_DOMAIN_ID=str(100 + os.getpid() % 100))
    publisher = subprocess.Popen([sys.executable, '-c', PUBLISHER], stdin=subprocess.PIPE,
                                 env=environment)
    try:
        seen = subprocess.run([sys.executable, '-c', SUBSCRIBER], capture_output=True, text=True,
                              env=environment, timeout=60, check=True).stdout
    finally:
        publisher.communicate(b'\n', timeout=30)
    # The two sides do not discover each other at the same moment: the first few may go nowhere.
    first, *_ = numbers = [int(number) for number in seen.split()]
    assert numbers == list(range(first, first + FRAMES))
    assert first < FRAMES
