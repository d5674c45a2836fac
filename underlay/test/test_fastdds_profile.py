# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""With config/fastdds.xml best-effort images arrive; Fast DDS by itself loses them.

Those who receive images, or send other messages, need only config/fastdds_small.xml. The two that
end with _local keep a node to this machine.
"""
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FRAMES = 30
LONG = 2_000_000
"""Bytes of a long message: twice the shared memory of the small profile."""

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


LONG_PUBLISHER = f"""
import array, time
import rclpy
from std_msgs.msg import UInt8MultiArray
rclpy.init()
node = rclpy.create_node('teller')
publisher = node.create_publisher(UInt8MultiArray, 'story', {FRAMES})
while publisher.get_subscription_count() == 0:
    time.sleep(0.02)
for number in range({FRAMES}):
    publisher.publish(UInt8MultiArray(data=array.array('B', [number]) * {LONG}))
input()
rclpy.shutdown()
"""

LONG_SUBSCRIBER = f"""
import time
import rclpy
from std_msgs.msg import UInt8MultiArray
rclpy.init()
node = rclpy.create_node('listener')
seen = []
take = lambda story: seen.append(story.data[0] if len(story.data) == {LONG} else 'cut')
node.create_subscription(UInt8MultiArray, 'story', take, {FRAMES})
end = time.monotonic() + 20
while len(seen) < {FRAMES} and time.monotonic() < end:
    rclpy.spin_once(node, timeout_sec=0.1)
print(*seen)
rclpy.shutdown()
"""


def sent(publisher_code: str, publisher_profile: str, subscriber_code: str,
         subscriber_profile: str) -> list[int]:
    """Return the numbers of the messages that came from one process to another.

    The profile 'default' is none, in the environment of a shell that knows nothing of this project.
    """
    domain = str(100 + os.getpid() % 100)

    def environment(profile: str) -> dict[str, str]:
        if profile == 'default':
            chosen = ('FASTDDS_DEFAULT_PROFILES_FILE', 'ROS_AUTOMATIC_DISCOVERY_RANGE',
                      'ROS_STATIC_PEERS')
            inherited = {name: value for name, value in os.environ.items() if name not in chosen}
            return inherited | {'ROS_DOMAIN_ID': domain}
        path = Path(__file__).resolve().parents[2] / 'config' / f'{profile}.xml'
        local = profile.endswith('_local')
        return dict(
            os.environ, FASTDDS_DEFAULT_PROFILES_FILE=str(path),
            ROS_STATIC_PEERS='' if local else '127.0.0.1',
            ROS_AUTOMATIC_DISCOVERY_RANGE='SYSTEM_DEFAULT' if local else 'LOCALHOST',
            ROS_DOMAIN_ID=domain)
    publisher = subprocess.Popen([sys.executable, '-c', publisher_code], stdin=subprocess.PIPE,
                                 env=environment(publisher_profile))
    try:
        seen = subprocess.run(
            [sys.executable, '-c', subscriber_code], capture_output=True, text=True,
            env=environment(subscriber_profile), timeout=60, check=True).stdout
    finally:
        publisher.communicate(b'\n', timeout=30)
    return [int(number) for number in seen.split()]


@pytest.mark.parametrize(('sender', 'receiver'), [
    ('fastdds', 'fastdds'), ('fastdds', 'fastdds_small'), ('fastdds_local', 'fastdds_local'),
    ('fastdds_local', 'fastdds'), ('fastdds', 'fastdds_local')])
def test_every_image_arrives(sender: str, receiver: str) -> None:
    first, *_ = numbers = sent(PUBLISHER, sender, SUBSCRIBER, receiver)
    # The two sides do not discover each other at the same moment: the first few may go nowhere.
    assert numbers == list(range(first, first + FRAMES))
    assert first < FRAMES


@pytest.mark.parametrize(('sender', 'receiver'), [
    ('fastdds_small', 'fastdds'), ('fastdds_small', 'fastdds_small'),
    ('fastdds_small_local', 'fastdds_small_local'), ('fastdds_small_local', 'fastdds'),
    ('fastdds', 'fastdds_small_local'), ('fastdds_small_local', 'default'),
    ('default', 'fastdds_small_local')])
def test_long_reliable_messages_pass_through_little_memory(sender: str, receiver: str) -> None:
    numbers = sent(LONG_PUBLISHER, sender, LONG_SUBSCRIBER, receiver)
    assert numbers[-1:] == [FRAMES - 1]
    assert numbers == list(range(numbers[0], FRAMES))
