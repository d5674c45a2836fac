# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Quality of service from the command line, and one that fits the publishers that are there."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rclpy.node import Node
    from rclpy.qos import QoSProfile

# rclpy's own short keys, written out so that parsing does not import rclpy.
PROFILES = (
    'unknown', 'default', 'system_default', 'sensor_data', 'services_default', 'parameters',
    'parameter_events', 'action_status_default', 'best_available', 'rosout_default')
HISTORIES = ('system_default', 'keep_last', 'keep_all', 'unknown')
RELIABILITIES = ('system_default', 'reliable', 'best_effort', 'unknown', 'best_available')
DURABILITIES = ('system_default', 'transient_local', 'volatile', 'unknown', 'best_available')
LIVELINESSES = ('system_default', 'automatic', 'manual_by_topic', 'unknown', 'best_available')

RELIABLE_FALLBACK = (
    'Some, but not all, publishers are offering QoSReliabilityPolicy.RELIABLE. Falling back to '
    'QoSReliabilityPolicy.BEST_EFFORT as it will connect to all publishers')
TRANSIENT_LOCAL_FALLBACK = (
    'Some, but not all, publishers are offering QoSDurabilityPolicy.TRANSIENT_LOCAL. Falling '
    'back to QoSDurabilityPolicy.VOLATILE as it will connect to all publishers')


def add_qos_arguments(
    parser: argparse.ArgumentParser, purpose: str, profile: str, *, note: str = '',
) -> None:
    """Add the ``--qos-...`` options; ``purpose`` says what the profile is for."""
    parser.add_argument(
        '--qos-profile', choices=PROFILES, default=profile,
        help=f'Quality of service preset profile to {purpose} with (default: {profile})')
    parser.add_argument(
        '--qos-depth', metavar='N', type=int,
        help=f'Queue size setting to {purpose} with '
             '(overrides depth value of --qos-profile option)')
    for policy, choices in (
        ('history', HISTORIES), ('reliability', RELIABILITIES),
        ('durability', DURABILITIES), ('liveliness', LIVELINESSES),
    ):
        fits = note if policy in ('reliability', 'durability') else ''
        parser.add_argument(
            f'--qos-{policy}', choices=choices,
            help=f'Quality of service {policy} setting to {purpose} with '
                 f'(overrides {policy} value of --qos-profile option{fits})')
    parser.add_argument(
        '--qos-liveliness-lease-duration-seconds', type=float, metavar='SECONDS',
        help=f'Quality of service liveliness lease duration setting to {purpose} with '
             '(overrides liveliness lease duration value of --qos-profile option)')


def requested_qos(args: argparse.Namespace) -> QoSProfile:
    """Return the preset profile with the policies that the options override."""
    from rclpy import qos
    from rclpy.duration import Duration

    profile = qos.QoSPresetProfiles.get_from_short_key(args.qos_profile)
    if args.qos_history:
        profile.history = qos.QoSHistoryPolicy.get_from_short_key(args.qos_history)
    if args.qos_reliability:
        profile.reliability = qos.QoSReliabilityPolicy.get_from_short_key(args.qos_reliability)
    if args.qos_durability:
        profile.durability = qos.QoSDurabilityPolicy.get_from_short_key(args.qos_durability)
    if args.qos_liveliness:
        profile.liveliness = qos.QoSLivelinessPolicy.get_from_short_key(args.qos_liveliness)
    lease = args.qos_liveliness_lease_duration_seconds
    if lease is not None and lease >= 0:
        profile.liveliness_lease_duration = Duration(seconds=lease)
    if args.qos_depth is not None and args.qos_depth >= 0:
        profile.depth = args.qos_depth
    elif (profile.durability == qos.QoSDurabilityPolicy.TRANSIENT_LOCAL
          and profile.depth == 0):
        profile.depth = 1
    return profile


def fitting_qos(node: Node, topic: str, args: argparse.Namespace) -> QoSProfile:
    """Return what the options ask for, or else the profile that connects to every publisher."""
    from rclpy.qos import QoSDurabilityPolicy, QoSReliabilityPolicy

    profile = requested_qos(args)
    offered = [info.qos_profile for info in node.get_publishers_info_by_topic(topic)]
    if _overrides_given(args) or not offered:
        return profile
    reliable = [qos.reliability == QoSReliabilityPolicy.RELIABLE for qos in offered]
    if any(reliable) and not all(reliable):
        print(RELIABLE_FALLBACK)
    profile.reliability = (
        QoSReliabilityPolicy.RELIABLE if all(reliable) else QoSReliabilityPolicy.BEST_EFFORT)
    kept = [qos.durability == QoSDurabilityPolicy.TRANSIENT_LOCAL for qos in offered]
    if any(kept) and not all(kept):
        print(TRANSIENT_LOCAL_FALLBACK)
    profile.durability = (
        QoSDurabilityPolicy.TRANSIENT_LOCAL if all(kept) else QoSDurabilityPolicy.VOLATILE)
    return profile


def _overrides_given(args: argparse.Namespace) -> bool:
    return any(value is not None for value in (
        args.qos_depth, args.qos_history, args.qos_reliability, args.qos_durability,
        args.qos_liveliness, args.qos_liveliness_lease_duration_seconds))
