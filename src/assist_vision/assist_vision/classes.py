# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What people know of the things that COCO names, and of the wheelchair: what stands, what holds.

A class that is in none of these sets is unknown, and judged by geometry alone.
"""

from __future__ import annotations

PEOPLE = frozenset({'person'})

ANIMALS = frozenset(
    {
        'bird', 'cat', 'dog', 'horse', 'sheep', 'cow', 'elephant', 'bear', 'zebra', 'giraffe',
    }
)  # fmt: skip

VEHICLES = frozenset({'bicycle', 'car', 'motorcycle', 'airplane', 'bus', 'train', 'truck', 'boat'})

FURNITURE = frozenset(
    {
        'bench', 'chair', 'couch', 'bed', 'dining table', 'toilet', 'oven', 'refrigerator', 'sink',
        'wheelchair',
    }
)  # fmt: skip

STREET = frozenset({'traffic light', 'fire hydrant', 'stop sign', 'parking meter'})

PORTABLE = frozenset(
    {
        'backpack', 'umbrella', 'handbag', 'tie', 'suitcase', 'frisbee', 'skis', 'snowboard',
        'sports ball', 'kite', 'baseball bat', 'baseball glove', 'skateboard', 'surfboard',
        'tennis racket', 'bottle', 'wine glass', 'cup', 'fork', 'knife', 'spoon', 'bowl',
        'banana', 'apple', 'sandwich', 'orange', 'broccoli', 'carrot', 'hot dog', 'pizza',
        'donut', 'cake', 'potted plant', 'tv', 'laptop', 'mouse', 'remote', 'keyboard',
        'cell phone', 'microwave', 'toaster', 'book', 'clock', 'vase', 'scissors', 'teddy bear',
        'hair drier', 'toothbrush',
    }
)  # fmt: skip

STATES = frozenset({'Fall', 'Normal'})
"""What a model for fall detection calls people: each is a person, and unknown otherwise."""

ALIVE = PEOPLE | ANIMALS

KNOWN = PEOPLE | ANIMALS | VEHICLES | FURNITURE | STREET | PORTABLE

GROUNDED = PEOPLE | ANIMALS | VEHICLES | FURNITURE | (STREET - {'traffic light', 'stop sign'})
"""They stand on the floor, so that the lower edge of the box tells the distance."""

SURFACES = frozenset(
    {
        'bench', 'chair', 'couch', 'bed', 'dining table', 'oven', 'refrigerator', 'microwave',
        'suitcase', 'book', 'laptop', 'toilet', 'sink', 'pizza', 'cake',
    }
)  # fmt: skip
"""Portable things and small animals lie on them."""

FLAT = {'book': 1.5, 'laptop': 2.8}
"""How many times as wide as high they must be seen for something to lie on them: else the book
stands, and the laptop is open."""

BROAD = frozenset({'bed', 'dining table'})
"""When its box is flat, all of it is what things lie on."""

SMALL_ANIMALS = frozenset({'bird', 'cat', 'dog'})

SEATS = frozenset({'bench', 'chair', 'couch', 'bed', 'toilet', 'wheelchair'})
"""People sit on them."""

BEDS = frozenset({'bed', 'couch', 'bench'})
"""People lie on them."""

LEGGED = frozenset({'bench', 'chair', 'dining table', 'bed'})
"""There is room under them."""

FLOOR_THINGS = SMALL_ANIMALS | {'backpack', 'handbag', 'suitcase', 'sports ball', 'skateboard'}
"""They lie on the floor at times, and then under furniture with legs."""

CANOPIES = frozenset({'umbrella'})
"""People are under them."""

RIDES = frozenset(
    {
        'bicycle', 'motorcycle', 'horse', 'elephant', 'cow', 'skateboard', 'surfboard',
        'snowboard', 'skis',
    }
)  # fmt: skip
"""People ride on them."""

CONTAINERS = frozenset(
    {
        'bowl', 'sink', 'refrigerator', 'oven', 'microwave', 'toaster', 'suitcase', 'handbag',
        'backpack', 'vase', 'cup', 'wine glass', 'toilet',
    }
)  # fmt: skip
"""Portable things are put into them."""

OPEN_CONTAINERS = frozenset({'bowl', 'cup', 'vase', 'wine glass'})
"""What is in them may stick out at the top."""

OPEN_CABINS = frozenset({'boat'})
"""So may people in them."""

CABINS = frozenset({'car', 'bus', 'train', 'truck', 'boat', 'airplane'})
"""People and animals are in them, above the floor."""

WORN = frozenset({'tie', 'backpack'})
"""People wear them."""
