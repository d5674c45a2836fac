# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The node that hears: sound from a device, file or topic, cut into speech."""

from __future__ import annotations

import sys

from assist_common import qos
from assist_common.component import Component
from assist_common.main import run
from assist_msgs.msg import SpeechSegment, VoiceActivity
from audio_common_msgs.msg import AudioDataStamped, AudioInfo
from std_msgs.msg import Bool

from assist_audio import conversions, sound_device
from assist_audio.audio import FRAME_SECONDS, SECOND, Frame
from assist_audio.audio_diagnostics import StreamDiagnostic
from assist_audio.audio_parameters import AudioParameters, segmentation
from assist_audio.capture import Capture, CaptureState
from assist_audio.device_source import DeviceSource
from assist_audio.file_source import FileSource
from assist_audio.listener import ActivityReporter, HalfDuplexGate, Listener, TalkButton
from assist_audio.segmenter import Chunk
from assist_audio.source import AudioSource, TopicSource
from assist_audio.vad import make_detector

_SEGMENT_DEPTH = 100  # chunks: half a minute of speech


class AudioNode(Component):
    """Publish the speech that a microphone, file or topic brings."""

    parameters: AudioParameters

    def on_setup(self) -> None:
        """Check the source and load the voice detector."""
        values = self.parameters
        self.source = self._make_source()
        detector = make_detector(values.vad, values.aggressiveness, self.log.info)
        self.listener = Listener(detector, segmentation(values))
        self.capture = Capture(
            self.source,
            self._hear,
            stale_after=values.stale_after,
            on_change=self._on_capture,
            on_error=lambda error: self.report_error('capture', error),
        )
        self.gate = HalfDuplexGate()
        self.button = TalkButton()
        self.reporter = ActivityReporter()
        self.hardware_id = self.source.name
        self.sound = self.create_publisher(AudioDataStamped, 'audio', qos.SENSOR)
        info = self.create_publisher(AudioInfo, 'audio_info', qos.LATCHED)
        info.publish(conversions.audio_info())
        self.activities = self.create_publisher(VoiceActivity, 'voice_activity', qos.RELIABLE)
        self.segments = self.create_publisher(
            SpeechSegment, 'speech', qos.input_profile(_SEGMENT_DEPTH, 'reliable')
        )
        self.create_subscription(Bool, 'speaking', self._on_speaking, qos.LATCHED)
        self.create_subscription(Bool, 'push_to_talk', self._on_button, qos.RELIABLE)
        self.create_timer(1.0, self._check_peers)
        self.stream = StreamDiagnostic(self.capture, values.silent_after)
        self.add_diagnostic('audio stream', self.stream.report)

    def on_start(self) -> None:
        """Start to listen."""
        self.capture.start()

    def on_stop(self) -> None:
        """Stop to listen; what was being said ends here."""
        if not self.capture.stop():
            self.log.warning(f"'{self.source.name}' does not let go; it was left behind.")

    def check_parameters(self, new: AudioParameters) -> None:
        """Refuse times and thresholds that contradict each other."""
        segmentation(new)

    def on_parameters_changed(self, old: AudioParameters) -> None:
        """Use the new thresholds and times from now on."""
        self.listener.configure(segmentation(self.parameters))

    def _make_source(self) -> AudioSource:
        values = self.parameters
        if values.source == 'file':
            paths = [*([values.file] if values.file else []), *values.files]
            return FileSource(
                paths,
                self._time,
                self.steady,
                real_time=values.file_real_time,
                loop=values.file_loop,
                pause=values.file_pause,
                report=self.log.error,
            )
        if values.source == 'device':
            sound_device.library()
            return DeviceSource(values.device, self._time, values.device_rate)
        source = TopicSource(
            self.resolve_topic_name('audio_in'),
            values.input_rate,
            values.input_channels,
            values.input_format,
        )
        profile = qos.input_profile(values.input_depth, values.input_reliability)
        self.create_subscription(AudioDataStamped, 'audio_in', self._on_audio, profile)
        return source

    def _time(self) -> int:
        return int(self.get_clock().now().nanoseconds)

    def _hear(self, frame: Frame) -> None:
        self.record('capture', (self._time() - frame.stamp) / SECOND - FRAME_SECONDS)
        values = self.parameters
        talks = values.half_duplex and self.gate.is_closed(frame, values.speaking_tail)
        with self.stage('vad'):
            activity, chunks = self.listener.hear(
                frame,
                closed=self._is_released(frame) or (talks and not values.barge_in),
                over_speech=talks and values.barge_in,
            )
        if self.sound.get_subscription_count():
            self.sound.publish(conversions.to_audio(frame, values.frame_id))
        self._publish(chunks)
        self.stream.take(activity)
        self.source.in_speech = activity.active
        if self.reporter.is_due(activity):
            self.activities.publish(conversions.to_activity(activity, values.frame_id))

    def _publish(self, chunks: list[Chunk]) -> None:
        for chunk in chunks:
            self.segments.publish(conversions.to_segment(chunk, self.parameters.frame_id))

    def _on_capture(self, state: CaptureState, reason: str) -> None:
        self.hardware_id = self.source.name
        if state == CaptureState.FAILED:
            self.log.error(f'{reason} It is tried again.')
        elif state == CaptureState.STALE:
            self.log.warning(f"'{self.source.name}': {reason}")
        elif state == CaptureState.STREAMING:
            self.log.info(f"Listening to '{self.source.name}'.")
        elif state == CaptureState.FINISHED:
            self.log.info('All audio files have been played.')
        if state not in (CaptureState.STREAMING, CaptureState.OPENING):
            self._publish(self.listener.end())
        if state in (CaptureState.STALE, CaptureState.FAILED):
            self.diagnostics.force_update()

    def _on_audio(self, message: AudioDataStamped) -> None:
        assert isinstance(self.source, TopicSource)
        stamp = conversions.to_nanoseconds(message.header.stamp)
        self.source.receive(bytes(message.audio.data), self._time(), stamp)

    def _on_speaking(self, message: Bool) -> None:
        self.gate.set_speaking(message.data, self._time())
        if isinstance(self.source, FileSource):
            self.source.hold(message.data and self.parameters.file_waits)

    def _on_button(self, message: Bool) -> None:
        self.button.press(message.data, self._time())

    def _is_released(self, frame: Frame) -> bool:
        return self.parameters.listen == 'push_to_talk' and not self.button.is_open(frame)

    def _check_peers(self) -> None:
        # A speaker that died while it spoke must not leave the robot deaf, nor a button that did
        # while it was held leave it listening.
        if self.gate.speaking and not self.count_publishers('speaking'):
            self._on_speaking(Bool(data=False))
        if self.button.pressed and not self.count_publishers('push_to_talk'):
            self._on_button(Bool(data=False))


def main() -> int:
    """Run the node."""
    return run(AudioNode)


if __name__ == '__main__':
    sys.exit(main())
