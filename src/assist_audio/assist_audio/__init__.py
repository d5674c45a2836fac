# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Hear and speak.

What is said while the robot itself speaks is heard too (`barge_in`), for the stop words alone: such
a segment is marked `over_speech`, its transcript `stop_only`, and comes on `transcript/partial`,
where nothing but a stop counts. Nobody who reads `transcript` meets the robot's own voice. With a
`wake_phrase` all that is not said to the robot goes the same way: a stop never needs the phrase.

What recognition expects to hear comes from the graph: `vocabulary`, which intent_node makes of its
grammar, and the labels in `scene`.
"""
