# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Find objects in the newest image, follow them and say how they lie to each other."""

from __future__ import annotations

import sys

import numpy as np
from assist_common import garbage, memory, qos
from assist_common.component import Component
from assist_common.errors import InputError
from assist_common.main import run
from assist_msgs.msg import Scene as SceneMessage
from assist_msgs.srv import DescribeScene
from diagnostic_msgs.msg import DiagnosticStatus
from rclpy.parameter import Parameter
from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import Header
from std_srvs.srv import Trigger
from vision_msgs.msg import Detection2DArray
from visualization_msgs.msg import MarkerArray

from assist_vision import conversions, draw
from assist_vision.attention import Attention
from assist_vision.depth import Sight
from assist_vision.depth_input import DepthInput
from assist_vision.describe import describe
from assist_vision.detector import Detector, check_labels
from assist_vision.detector_parameters import (
    DetectorParameters,
    to_choice,
    to_depth_options,
    to_pace_options,
    to_pipeline_options,
)
from assist_vision.image_stream import ImageStream
from assist_vision.markers import GUESSED_VIEW, to_markers
from assist_vision.model_slot import ModelChoice, ModelSlot, load_choice
from assist_vision.pace import Pace
from assist_vision.pipeline import UNSURE, ScenePipeline
from assist_vision.scene import Scene


class DetectorNode(Component):
    """Find objects in the newest image, follow them and say how they lie to each other."""

    parameters: DetectorParameters
    slot: ModelSlot | None = None
    depth: DepthInput | None = None
    newest: tuple[Scene, Header, float] | None = None

    def on_setup(self) -> None:
        self.image_size = (self.parameters.image_width, self.parameters.image_height)
        self.slot = ModelSlot(to_choice(self.parameters), self._load)
        self.known = self.slot.detector.labels
        self.pace = Pace(to_pace_options(self.parameters))
        self.pipeline = ScenePipeline(*to_pipeline_options(self.parameters))
        self.writer = conversions.SceneWriter()
        self.stream = ImageStream(self)
        self._forget_stream()
        self._introduce(self.slot.detector)
        self._create_entities()

    def _create_entities(self) -> None:
        wanted = self.parameters
        self.detections = self.create_publisher(Detection2DArray, 'detections', qos.RELIABLE)
        self.scenes = self.create_publisher(SceneMessage, 'scene', qos.RELIABLE)
        self.pictures = self.create_publisher(Image, 'detections/image', qos.SENSOR)
        self.markers = self.create_publisher(MarkerArray, 'scene/markers', qos.RELIABLE)
        self.create_service(DescribeScene, '~/describe', self.describe)
        self.create_service(Trigger, '~/release_memory', self.release_memory)
        self.frames = self.create_worker(self.look, newest_only=True, name='frames')
        self.create_subscription(
            CompressedImage if wanted.compressed else Image,
            'image_raw/compressed' if wanted.compressed else 'image_raw',
            self.receive,
            qos.input_profile(wanted.depth, wanted.reliability),
        )
        if wanted.use_depth != 'off':
            options = to_depth_options(wanted)
            self.depth = DepthInput(
                self, options, depth=wanted.depth, reliability=wanted.reliability
            )
        outputs = [self.detections, self.pictures, self.markers]
        self.attention = Attention(self, outputs, self.scenes, self._wake)
        self.create_timer(0.25, self._watch)
        self.add_diagnostic('image stream', self.diagnose_stream)
        self.add_diagnostic('model', self.diagnose_model)

    def on_start(self) -> None:
        self._forget_stream()

    def on_teardown(self) -> None:
        if self.slot:
            self.slot.close()
        self.slot = None
        self.depth = None

    def on_parameters_changed(self, old: DetectorParameters) -> None:
        if self.slot is None:
            return
        self.pipeline.configure(*to_pipeline_options(self.parameters))
        self.pace.options = to_pace_options(self.parameters)
        self.slot.want(to_choice(self.parameters))
        if to_choice(self.parameters) == self.slot.choice:
            self.labels = frozenset(self.parameters.classes)

    def check_parameters(self, new: DetectorParameters) -> None:
        """Refuse classes that the model does not know; one yet to be loaded is asked then."""
        if self.slot and to_choice(new) == self.slot.choice:
            check_labels(self.slot.detector, new.classes)

    def receive(self, message: Image | CompressedImage) -> None:
        """Hand an image over to the worker; the one that still waits is skipped."""
        if self.pace.accepts(self.stream.receive(), self.attention.needed):
            self.frames.put(message)

    def look(self, message: Image | CompressedImage) -> None:
        """Turn one image into detections and a scene, and publish them."""
        time = self.stream.take(message.header)
        slot = self.slot
        if slot is None or time is None:
            return
        image = self._decode(message)
        if slot.renew():
            self._introduce(slot.detector)
        with self.stage('detect'):
            found = slot.detector.detect(
                image,
                confidence=UNSURE,
                overlap=self.parameters.overlap,
                labels=self.labels,
            )
        with self.stage('track'):
            tracks, objects = self.pipeline.track(found, time, image)
        with self.stage('relate'):
            sight = self._find_depth(message.header, image.shape[1], image.shape[0])
            frame = self.parameters.relation_frame
            scene = self.pipeline.build(objects, tracks, image, sight, frame)
        with self.stage('publish'):
            self.detections.publish(self.writer.to_detections(tracks, message.header))
            self.scenes.publish(self.writer.to_scene(scene, message.header))
        self.newest = (scene, message.header, self.steady())
        self.record('camera_to_scene', max(0.0, self.age(message.header)))
        self._show(image, scene, message.header)

    def _decode(self, message: Image | CompressedImage) -> np.ndarray:
        try:
            with self.stage('decode'):
                image = conversions.from_image(message)
        except InputError as error:
            self.stream.refuse(error)
            raise
        self.stream.refusal = ''
        self.image_size = (image.shape[1], image.shape[0])
        return image

    def _find_depth(self, header: Header, width: int, height: int) -> Sight | None:
        return self.depth.find(header, width, height) if self.depth else None

    def _show(self, image: np.ndarray, scene: Scene, header: Header) -> None:
        if self.pictures.get_subscription_count():
            with self.stage('draw'):
                picture = draw.annotate(image, scene, describe(scene))
                self.pictures.publish(conversions.to_image(picture, header))
        if self.markers.get_subscription_count():
            camera = self.depth.camera if self.depth else None
            view = camera.view if camera else GUESSED_VIEW
            self.markers.publish(to_markers(scene, header, view))

    def describe(
        self, request: DescribeScene.Request, response: DescribeScene.Response
    ) -> DescribeScene.Response:
        """Say what is in view."""
        self._wake()
        newest = self.newest
        if newest is None or self.steady() - newest[2] > self.parameters.timeout:
            response.success = False
            reason = self.stream.refusal
            response.text = (
                f'I see nothing: no image from the camera can be used. {reason}'
                if reason
                else 'I see nothing: no image has come from the camera.'
            )
            return response
        scene, header, _ = newest
        response.success = True
        response.text = describe(scene, request.label)
        response.scene = conversions.SceneWriter().to_scene(scene, header)
        return response

    def release_memory(
        self, request: Trigger.Request, response: Trigger.Response
    ) -> Trigger.Response:
        """Give back what can be had again; the model stays, so that the node goes on."""
        before = memory.resident()
        draw.forget()
        torch = sys.modules.get('torch')
        if torch is not None and torch.cuda.is_available():
            torch.cuda.empty_cache()
        garbage.collect()
        memory.trim()
        freed = max(0, before - memory.resident()) / 1e6
        response.success = True
        response.message = f'{freed:.0f} MB given back.'
        return response

    def diagnose_stream(self, status: DiagnosticStatus) -> DiagnosticStatus:
        """Report how old the newest image is and how many were skipped; STALE without images."""
        self.stream.diagnose(status, self.parameters.timeout)
        status.add('skipped', str(self.frames.dropped))
        status.add('left out', str(self.pace.left_out))
        status.add('pace', 'idle' if self.pace.idle else 'full')
        return status

    def diagnose_model(self, status: DiagnosticStatus) -> DiagnosticStatus:
        """Report the model and what it runs on."""
        if self.slot is None:
            status.summary(DiagnosticStatus.ERROR, 'no model')
            return status
        detector = self.slot.detector
        if self.slot.problem:
            status.summary(DiagnosticStatus.WARN, self.slot.problem)
        elif self.slot.awaited:
            status.summary(DiagnosticStatus.OK, f'{self.slot.awaited} is being loaded')
        else:
            status.summary(DiagnosticStatus.OK, 'loaded')
        status.add('model', detector.name)
        status.add('device', detector.device)
        status.add('classes', str(len(self.labels or detector.labels)))
        status.add('memory', f'{memory.resident() / 1e6:.0f} MB')
        return status

    def _load(self, choice: ModelChoice) -> Detector:
        """Return a detector that is ready for images of the size that came last."""
        detector = load_choice(choice, self.log, self.image_size)
        check_labels(detector, self.parameters.classes)
        garbage.collect()
        memory.trim()
        return detector

    def _introduce(self, detector: Detector) -> None:
        """Take the classes of a new model; what was tracked by other classes is forgotten."""
        if detector.labels != self.known:
            self.pipeline.reset()
        self.known = detector.labels
        self.labels = frozenset(self.parameters.classes)
        self.hardware_id = detector.name
        memory.trim()
        self.log.info(f'Model {detector.name} runs on {detector.device}.')

    def _wake(self) -> None:
        self.pace.wake(self.steady())

    def _forget_stream(self) -> None:
        self.newest = None
        self.stream.forget()
        self.pipeline.reset()
        if self.depth:
            self.depth.forget()
        self._wake()

    def _watch(self) -> None:
        self.attention.count(self.parameters.idle_listeners)
        self.stream.watch(self.parameters.timeout)
        slot = self.slot
        if slot and slot.refusal():
            self.log.error(f'{slot.problem} {slot.detector.name} goes on.')
            # Together, since the classes may be those of the model that was refused.
            values = {**vars(slot.choice), 'classes': sorted(self.labels)}
            self.set_parameters_atomically(
                [Parameter(name, value=value) for name, value in values.items()]
            )


def main() -> int:
    """Run the node."""
    return run(DetectorNode)
