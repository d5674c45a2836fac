# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The node that turns speech into text."""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass, replace
from typing import Any

from assist_common import memory, models, qos
from assist_common.component import Component
from assist_common.errors import AssistError, InputError
from assist_common.main import run
from assist_common.parameters import parameter
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
from assist_audio.prompt import Prompt
from assist_audio.recogniser import Recognised, Recogniser
from assist_audio.recovery import RecoveringTranscriber
from assist_audio.segmenter import Chunk
from assist_audio.transcriber import (
    DEFAULT_PROMPT,
    Decoding,
    Transcriber,
    Transcription,
    downloadable_models,
    placements,
)
from assist_audio.vad import make_detector
from assist_audio.wake import WakePhrase

_SEGMENT_DEPTH = 100
_BUSY_SECONDS = 5.0


@dataclass(frozen=True)
class SttParameters:
    """The parameters of stt_node."""

    model: str = parameter(
        'tiny.en', 'Whisper model: packaged or downloadable name, or CTranslate2 folder'
    )
    device: str = parameter(
        'auto',
        'where it runs; auto: the GPU if there is one',
        choices=('auto', 'cpu', 'cuda'),
    )
    compute_type: str = parameter(
        'auto', 'of CTranslate2, such as int8 or float16; auto: float16 on a GPU, int8 on a CPU'
    )
    threads: int = parameter(
        0, 'on a CPU; 0: all cores, at most four, or OMP_NUM_THREADS', low=0, high=64
    )
    language: str = parameter('en', 'ISO 639-1, such as en; empty: detect it in every segment')
    beam_size: int = parameter(1, 'hypotheses that are followed; 1 is greedy', low=1, high=10)
    prompt: str = parameter(
        '',
        'sentences that are likely to be said, each with its full stop; they steer recognition; '
        'empty: those of the grammar, about what the camera sees',
    )
    wake_phrase: str = parameter(
        '',
        'words such as: hey robot; only what begins with them, or follows soon, is said to the '
        'robot, of all else nothing but a stop counts; empty: everything is said to the robot',
    )
    wake_seconds: float = parameter(
        15.0, 'how long after the wake phrase it needs no repetition, s', low=0.0, high=600.0
    )
    word_times: bool = parameter(False, 'publish times and probabilities of words')
    window: float = parameter(
        10.0,
        'least seconds of sound that are encoded; 30 is slowest and the most that Whisper takes',
        low=4.0,
        high=30.0,
    )
    minimum_confidence: float = parameter(
        0.3, 'texts below this confidence are dropped', low=0.0, high=1.0
    )
    partial_period: float = parameter(
        0.5, 'time between partial transcripts while somebody speaks, s; 0: none', low=0.0, high=60
    )
    time_limit: float = parameter(
        60.0, 'longest decode before it is abandoned, s', low=1.0, high=600.0
    )
    queue: int = parameter(
        512, 'chunks of speech that may wait', low=1, high=10000, read_only=True
    )


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
        self.create_service(Trigger, '~/release_memory', self._on_release)
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
            del self.transcriber, self.recogniser

    def on_start(self) -> None:
        """Load the model that was chosen meanwhile, if another was."""
        if to_choice(self.parameters) != self.loaded:
            self.loader.put(self.parameters)

    def on_parameters_changed(self, old: SttParameters) -> None:
        """Decode in the new way from now on; another model takes over when it is loaded."""
        if not hasattr(self, 'transcriber'):
            return
        values = self.parameters
        changed, wake = decoding(values), WakePhrase(values.wake_phrase, values.wake_seconds)
        self.transcriber.check(changed)
        self.decoding, self.wake = changed, wake
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
        transcriber.warm_up(decoding(values))
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
        if result is None:
            return
        if result.transcription.rejected and result.final:
            self.rejected_texts += 1
            self.log.debug(f'Segment {chunk.segment}: {result.transcription.rejected}')
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

    def _transcribe(self, samples: Samples) -> Transcription:
        values = self.parameters
        name = values.wake_phrase.strip(' .')
        sentences = values.prompt or self.prompt.text
        prompt = f'{name.capitalize()}. {sentences}' if name else sentences
        with self.lock, self.stage('stt'):
            return self.transcriber.transcribe(
                samples, replace(self.decoding, prompt=prompt), values.time_limit
            )

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
        return transcribe_file(path, Listener(make_detector('hybrid')), self._transcribe)

    def _on_release(self, _request: Any, response: Trigger.Response) -> Trigger.Response:
        if not self.lock.acquire(timeout=_BUSY_SECONDS):
            response.message = 'Recognition is busy; try again when nobody speaks.'
            return response
        try:
            before = memory.resident()
            self.transcriber.unload()
            memory.trim()
        finally:
            self.lock.release()
        freed = (before - memory.resident()) / 2**20
        response.success = True
        response.message = f'{freed:.0f} MiB are free; the next speech loads the model again.'
        return response

    def _diagnose(self, status: Any) -> Any:
        if self.transcriber.is_degraded:
            status.summary(DiagnosticStatus.WARN, f'degraded: runs on {self.transcriber.place}')
        else:
            status.summary(DiagnosticStatus.OK, self.transcriber.place)
        status.add('model', self.loaded.model)
        status.add('device', self.transcriber.place)
        status.add('failures', str(self.transcriber.failures))
        status.add('segments without words', str(self.rejected_texts))
        return status


@dataclass(frozen=True)
class ModelChoice:
    """Which model, and how it runs."""

    model: str
    device: str
    compute_type: str
    threads: int


def to_choice(values: SttParameters) -> ModelChoice:
    """Return which model is wanted."""
    return ModelChoice(values.model, values.device, values.compute_type, values.threads)


def decoding(values: SttParameters) -> Decoding:
    """Return how speech is decoded."""
    return Decoding(
        language=values.language,
        beam_size=values.beam_size,
        word_times=values.word_times,
        window=values.window,
        confidence=values.minimum_confidence,
    )


def main() -> int:
    """Run the node."""
    memory.share_heap()
    return run(SttNode)


if __name__ == '__main__':
    sys.exit(main())
