# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""`python -m assist.preflight`."""

from __future__ import annotations

import sys

from assist.preflight.command import main

sys.exit(main())
