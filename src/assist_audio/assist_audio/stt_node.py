# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The node that turns speech into text."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

from assist_common import memory, models, qos
from assist_common.component import Component
from assist_common.errors import AssistError, InputError
from assist_common.waiting import finished
from assist_msgs.msg import Scene, SpeechSegment, Transcript, Vocabulary
from assist_msgs.srv import TranscribeFile
from diagnostic_msgs.msg import DiagnosticStatus
from rclpy.callback_groups import MutuallyExclusiveCallbackGroup
from std_srvs.srv import Trigger

from assist_audio import conversions
from assist_audio.audio import Samples
from assist_audio.listener import Listener
from assist_audio.offline import FileTranscription, transcribe_file
from assist_audio.placements import check_language, downloadable_models, placements
from assist_audio.prompt import Prompt
from assist_audio.recogniser import Recognised, Recogniser
from assist_audio.recovery import RecoveringTranscriber
from assist_audio.segmenter import Chunk
from assist_audio.stt_parameters import SttParameters, decoding, file_segmentation, to_choice
from assist_audio.transcriber import Transcriber
from assist_audio.transcription import DEFAULT_PROMPT, Transcription
from assist_audio.vad import make_detector
from assist_audio.wake import WakePhrase

_SEGMENT_DEPTH = 100
_BUSY_SECONDS = 5.0


class SttNode(Component):
    """Publish a transcript for every segment of speech."""

    parameters: SttParameters

    def on_setup(self) -> None:
        """Load the model and warm it up."""
        values = self.parameters
        self.decoding = decoding(values)
        self.transcriber = self._load(values)
        self.hardware_id = f'{values.model} on {self.transcriber.place}'
        self.lock = threading.Lock()
        self.loaded = to_choice(values)
        self.loader = self.create_worker(self._renew, newest_only=True, name='model')
        self.recogniser = Recogniser(self._transcribe, values.partial_period)
        self.wake = WakePhrase(values.wake_phrase, values.wake_seconds)
        self.transcripts = self.create_publisher(Transcript, 'transcript', qos.RELIABLE)
        self.partials = self.create_publisher(Transcript, 'transcript/partial', qos.RELIABLE)
        self.chunks = self.create_worker(self._recognise, capacity=values.queue, name='recogniser')
        self.create_subscription(
            SpeechSegment,
            'speech',
            self._on_speech,
            qos.input_profile(_SEGMENT_DEPTH, 'reliable'),
        )
        self.create_service(
            TranscribeFile,
            '~/transcribe',
            self._on_transcribe,
            callback_group=MutuallyExclusiveCallbackGroup(),
        )
        self.create_service(
            Trigger,
            '~/release_memory',
            self._on_release,
            callback_group=MutuallyExclusiveCallbackGroup(),
        )
        self.add_diagnostic('recognition', self._diagnose)
        self.rejected_texts = 0
        self.prompt = Prompt(DEFAULT_PROMPT)
        self.create_subscription(
            Scene, 'scene', self._on_scene, qos.input_profile(1, 'best_effort')
        )
        self.create_subscription(Vocabulary, 'vocabulary', self._on_vocabulary, qos.LATCHED)

    def on_teardown(self) -> None:
        """Let go of the model."""
        if hasattr(self, 'transcriber'):
            self.transcriber.unload()
            del self.transcriber, self.recogniser, self.loaded

    def on_start(self) -> None:
        """Load the model that was chosen meanwhile, if another was."""
        if to_choice(self.parameters) != self.loaded:
            self.loader.put(self.parameters)

    def check_parameters(self, new: SttParameters) -> None:
        """Refuse values that contradict each other, or a language that the model does not know."""
        file_segmentation(new)
        WakePhrase(new.wake_phrase, new.wake_seconds)
        if new.model.endswith('.en'):
            check_language(new.language, ('en',))
        elif hasattr(self, 'loaded') and new.model == self.loaded.model:
            self.transcriber.check(decoding(new))

    def on_parameters_changed(self, old: SttParameters) -> None:
        """Decode in the new way from now on; another model takes over when it is loaded."""
        if not hasattr(self, 'transcriber'):
            return
        values = self.parameters
        self.decoding = decoding(values)
        self.wake = WakePhrase(values.wake_phrase, values.wake_seconds)
        self.recogniser.partial_period = values.partial_period
        if to_choice(values) != to_choice(old):
            self.loader.put(values)

    def _load(self, values: SttParameters) -> RecoveringTranscriber:
        path = models.resolve(values.model, known=downloadable_models())
        transcriber = RecoveringTranscriber(
            lambda device, kind: Transcriber(path, device, kind, values.threads),
            placements(values.device, values.compute_type),
            self.log.warning,
        )
        transcriber.warm_up(decoding(values), values.time_limit)
        return transcriber

    def _renew(self, values: SttParameters) -> None:
        """Load the model that the parameters name; the one in use stays where that fails.

        The one in use gives its memory back first: another model is often chosen for want of it.
        """
        if to_choice(values) == self.loaded:
            return
        with self.lock:
            self.transcriber.unload()
            memory.trim()
            try:
                self.transcriber = self._load(values)
            except AssistError as error:
                self.log.error(f'{error} {self.loaded.model} stays in use.')
                return
        self.loaded = to_choice(values)
        self.hardware_id = f'{values.model} on {self.transcriber.place}'
        self.log.info(f'Model {self.hardware_id} is in use.')

    def _on_scene(self, message: Scene) -> None:
        self.prompt.see(item.label for item in message.objects)

    def _on_vocabulary(self, message: Vocabulary) -> None:
        self.prompt.expect(message.sentences, message.objects)

    def _on_speech(self, message: SpeechSegment) -> None:
        self.chunks.put((conversions.to_chunk(message), message.header.frame_id, self.steady()))

    def _recognise(self, item: tuple[Chunk, str, float]) -> None:
        chunk, frame_id, arrival = item
        result = self.recogniser.take(chunk, self.steady(), self.chunks.pending)
        if result is not None:
            self._deliver(result, frame_id, arrival)
        if chunk.state.ends and not self.chunks.pending:
            # A fifth of what is resident then.
            memory.trim()

    def _deliver(self, result: Recognised, frame_id: str, arrival: float) -> None:
        if result.transcription.rejected and result.final:
            self.rejected_texts += 1
            self.log.debug(f'Segment {result.speech.segment}: {result.transcription.rejected}')
        result = self.wake.judge(result, arrival - result.speech.tail)
        if result.transcription.text:
            self._publish(result, frame_id, arrival)

    def _publish(self, result: Recognised, frame_id: str, arrival: float) -> None:
        message = conversions.to_transcript(result, frame_id)
        # Who reads `transcript` never meets the robot's own voice, whatever it asks to repeat.
        if message.stop_only or not message.final:
            self.partials.publish(message)
            return
        self.transcripts.publish(message)
        self.record('voice_to_transcript', self.age(conversions.end_of_speech(result)))
        self.record('end_to_transcript', self.steady() - arrival)

    def _transcribe(self, samples: Samples, thorough: bool = True) -> Transcription:
        values = self.parameters
        name = values.wake_phrase.strip(' .')
        sentences = values.prompt or self.prompt.text
        prompt = f'{name.capitalize()}. {sentences}' if name else sentences
        alternatives = self.decoding.alternatives if thorough else 0
        how = replace(self.decoding, prompt=prompt, alternatives=alternatives)
        with self.lock, self.stage('stt'):
            return self.transcriber.transcribe(samples, how, values.time_limit)

    async def _on_transcribe(
        self, request: TranscribeFile.Request, response: TranscribeFile.Response
    ) -> TranscribeFile.Response:
        result: FileTranscription = await finished(
            self.executor, lambda: self._transcribe_file(request.path)
        )
        response.transcripts = [conversions.to_transcript(one, '') for one in result.results]
        response.audio_seconds = result.audio_seconds
        response.decode_seconds = result.decode_seconds
        response.success = True
        response.message = result.text or 'Nobody speaks in it.'
        return response

    def _transcribe_file(self, path: str) -> FileTranscription:
        if not path:
            raise InputError('no path was given', 'give the path of a WAV, FLAC or MP3 file')
        values = self.parameters
        detector = make_detector(values.vad, values.aggressiveness)
        return transcribe_file(
            path, Listener(detector, file_segmentation(values)), self._transcribe
        )

    async def _on_release(self, _request: Any, response: Trigger.Response) -> Trigger.Response:
        freed: int | None = await finished(self.executor, self._release)
        if freed is None:
            response.message = 'Recognition is busy; try again when nobody speaks.'
            return response
        response.success = True
        response.message = (
            f'{freed / 2**20:.0f} MiB are free; the next speech loads the model again.'
        )
        return response

    def _release(self) -> int | None:
        """Give the model's memory back; return how many bytes, or None when it is in use."""
        if not self.lock.acquire(timeout=_BUSY_SECONDS):
            return None
        try:
            before = memory.resident()
            self.transcriber.unload()
            memory.trim()
        finally:
            self.lock.release()
        return before - memory.resident()

    def _diagnose(self, status: Any) -> Any:
        if self.transcriber.fault:
            status.summary(DiagnosticStatus.ERROR, self.transcriber.fault)
        elif self.transcriber.is_degraded:
            status.summary(DiagnosticStatus.WARN, f'degraded: runs on {self.transcriber.place}')
        else:
            status.summary(DiagnosticStatus.OK, self.transcriber.place)
        status.add('model', self.loaded.model)
        status.add('device', self.transcriber.place)
        status.add('failures', str(self.transcriber.failures))
        status.add('segments without words', str(self.rejected_texts))
        return status
