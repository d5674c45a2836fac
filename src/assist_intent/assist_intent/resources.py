# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The files that come with the package."""

from __future__ import annotations

from pathlib import Path

from ament_index_python.packages import get_package_share_directory


def grammar_path(given: str = '', language: str = 'en') -> Path:
    """Return the path that was given, or the packaged grammar of a language."""
    return Path(given).expanduser() if given else _config() / 'intents' / f'{language}.yaml'


def policy_path(given: str = '') -> Path:
    """Return the path that was given, or the packaged safety policy."""
    return Path(given).expanduser() if given else _config() / 'safety_policy.yaml'


def audit_root() -> Path:
    """Return the folder of all audit logs where none is given."""
    return Path('~/.ros/assist/audit').expanduser()


def _config() -> Path:
    return Path(get_package_share_directory('assist_intent')) / 'config'


def audit_folder(given: str, node: str) -> Path:
    """Return the folder of the log of one node, by its fully qualified name unless it is given."""
    if given:
        return Path(given).expanduser()
    return audit_root() / node.strip('/').replace('/', '.')
