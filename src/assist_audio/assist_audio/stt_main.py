# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The process of stt_node, with one heap for all its threads."""

from __future__ import annotations

import sys

from assist_common import memory


def main() -> int:
    """Run the node."""
    # rclpy starts threads as it is imported, each with a heap of its own. Threads that come later
    # would take theirs from those, and glibc gives back the end of none but the main one.
    memory.share_heap()
    from assist_common.main import run

    from assist_audio.stt_node import SttNode

    return run(SttNode)


if __name__ == '__main__':
    sys.exit(main())
