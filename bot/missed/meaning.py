"""The vectors by which missed questions are grouped.

A sentence embedding alone puts "how much is an injection" nearer to "does an injection hurt" than
to "what does it cost": frequent directions (what one talks about all day, how one asks) drown the
rest. So beside the sentence stand its words, the rarer the heavier (Arora et al. 2017, "A simple
but tough-to-beat baseline"), and both are whitened: directions in which all questions differ, and
those in which wordings of one question differ (within-class covariance, Hatch et al. 2006), count
less.

Beside that stand the known topics that a question is near to (`topics.py`), the more the surer it
is about one: so what nobody foresaw is still compared by sentence and words.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import tempfile
from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from bot.missed import topics, wording
from bot.missed.topics import Topics
from bot.missed.wording import WORD, Wording
from bot.nlu.packaged_file import packaged_file

DIMENSIONS = 256
"""Directions that are kept of the 768; more do not group better."""

SAME_SHARE = 10.0
"""How much wordings of one question count beside all questions in what is whitened away."""

SMOOTHING = 1.0
"""Of the mean variance, added to each direction: some thousand texts cannot tell small ones."""

TOPICS_SHARE = 0.6
"""How much of a cosine is from the topics, where both texts are surely about known ones."""

RARE = 3e-4
"""A word of this frequency weighs half as much as one that is never seen."""

AT_ONCE = 50
"""Texts that are encoded at a time: from 64 on the encoder takes all cores, and visitors wait."""

logger = logging.getLogger(__name__)

Encode = Callable[[Sequence[str]], np.ndarray]


class Views:
    """What is known of texts. `encode`: texts to unit vectors; `frequency`: each word's share of
    English text.
    """

    def __init__(self, encode: Encode, rewrite: Wording, frequency: Mapping[str, float]):
        self._encode = encode
        self._rewrite = rewrite
        self._frequency = frequency
        self._words: dict[str, np.ndarray] = {}
        """Vectors of words of the language only: what a visitor alone says is not kept."""

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """The sentence as typed, the same in the names that things are compared by, and the words
        of the latter. Shape (3, texts, 384), of length one each.
        """
        named = [self._rewrite(text) or text for text in texts]
        of_words = _unit(np.array([self._weighed(text) for text in named]))
        found = self._encoded([*texts, *named])
        return np.stack([*np.split(found, 2), of_words])

    def _encoded(self, texts: Sequence[str]) -> np.ndarray:
        """Each text is encoded once, and few at a time."""
        new = list(dict.fromkeys(texts))
        parts = [self._encode(new[at : at + AT_ONCE]) for at in range(0, len(new), AT_ONCE)]
        rows = dict(zip(new, np.vstack(parts)))
        return np.array([rows[text] for text in texts])

    def _weighed(self, text: str) -> np.ndarray:
        words = WORD.findall(text) or [text]
        new = [word for word in dict.fromkeys(words) if word not in self._words]
        vectors = dict(zip(new, self._encode(new))) if new else {}
        self._words |= {word: row for word, row in vectors.items() if word in self._frequency}
        known = ChainMap(vectors, self._words)
        total: np.ndarray = np.sum([self._weight(word) * known[word] for word in words], axis=0)
        return total

    def _weight(self, word: str) -> float:
        return RARE / (RARE + self._frequency.get(word, 0.0))


class Meaning:
    """Turns questions into unit vectors."""

    def __init__(self, views: Views, mean: np.ndarray, whitening: np.ndarray, known: Topics):
        """`mean`: of each view, shape (3, 1, 384); `whitening`: shape (768, 256)."""
        self._views = views
        self._mean, self._whitening, self._topics = mean, whitening, known
        self.dimensions = whitening.shape[1] + known.number

    @classmethod
    def learn(cls, views: Views, wordings: Mapping[str, Sequence[str]]) -> Meaning:
        """From some ways of asking each of many questions; some twenty seconds for those that ship,
        and half a gigabyte meanwhile.
        """
        texts = [text for asked in wordings.values() for text in asked]
        owners = [name for name, asked in wordings.items() for _ in asked]
        found = views(texts)
        mean = found.mean(axis=1, keepdims=True)
        whitening = _whitening(np.hstack(list((found - mean)[1:])), owners)
        return cls(views, mean, whitening, Topics.learn(_joined(found, mean), owners))

    def save(self, path: Path) -> None:
        """Keep what was learnt, whole or not at all (20 MB). Raises `OSError`."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
            whole = Path(file.name)
            try:
                arrays = {"mean": self._mean, "whitening": self._whitening}
                np.savez(file, **arrays, rows=self._topics.rows, weights=self._topics.weights)
                file.flush()
                whole.replace(path)
            finally:
                whole.unlink(missing_ok=True)

    @classmethod
    def load(cls, views: Views, path: Path) -> Meaning:
        """What `save` kept. Raises whatever numpy does for a file that is not whole."""
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            known = Topics(kept["rows"], kept["weights"])
            return cls(views, kept["mean"], kept["whitening"], known)

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of questions: shape (texts, dimensions), float32, rows of length one."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        views = self._views(texts)
        said = _unit(np.hstack(list((views - self._mean)[1:])) @ self._whitening)
        shares, sure = self._topics(_joined(views, self._mean))
        share = TOPICS_SHARE * sure[:, None]
        return np.hstack([np.sqrt(1 - share) * said, np.sqrt(share) * shares]).astype(np.float32)


def _joined(views: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Features whose product is the mean of the views' cosines: shape (texts, 3 * 384)."""
    return np.hstack(list(_unit(views - mean) / np.sqrt(len(views), dtype=np.float32)))


def _whitening(rows: np.ndarray, owners: Sequence[str]) -> np.ndarray:
    """From features to the directions in which questions differ: shape (768, 256)."""
    everything = np.cov(rows.T)
    names = np.array(owners)
    apart = np.vstack([rows[names == n] - rows[names == n].mean(axis=0) for n in set(owners)])
    same = apart.T @ apart
    both = everything / np.trace(everything) + SAME_SHARE * same / np.trace(same)
    variances, directions = np.linalg.eigh(both)
    scales = 1 / np.sqrt(variances + SMOOTHING * variances.mean())
    kept = slice(-DIMENSIONS, None)
    found: np.ndarray = directions[:, kept] * scales[kept]
    return found


def _unit(rows: np.ndarray) -> np.ndarray:
    found: np.ndarray = rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9)
    return found


@functools.lru_cache(maxsize=1)
def shipped_meaning(folder: Path) -> Meaning:
    """The meaning by the sentence model and the files beside this module.

    It is learnt when first asked for and kept in `folder`, for the next start.
    """
    from bot.nlu.encoder import sentence_encoder

    views = Views(sentence_encoder().encode, wording.shipped_wording(), _frequencies())
    path = meaning_path(folder)
    try:
        return Meaning.load(views, path)
    except (OSError, EOFError, ValueError, KeyError, BadZipFile):  # not there, or cut off
        made = Meaning.learn(views, wording.wordings())
    try:
        for old in folder.glob("meaning-*.npz"):
            old.unlink(missing_ok=True)
        made.save(path)
    except OSError as error:
        # Nothing is lost but the time of the next start.
        logger.warning("What wordings teach could not be kept in %s: %s", folder, error.strerror)
    return made


def meaning_path(folder: Path) -> Path:
    """The file of a folder in which the shipped meaning is kept."""
    return folder / f"meaning-{meaning_name()}.npz"


@functools.lru_cache(maxsize=1)
def meaning_name() -> str:
    """Names what vectors depend on: those of another name cannot be compared with these."""
    from bot.nlu.answer_vectors import model_name

    digest = hashlib.sha256(model_name().encode())
    code = map(Path, (wording.__file__, topics.__file__, __file__))
    for path in (wording.NAMES, *wording.wording_files(), *code):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _frequencies() -> dict[str, float]:
    from bot.nlu.english import WORD_LIST

    text = packaged_file(*WORD_LIST).read_text(encoding="utf-8-sig")
    counts = {word: int(count) for word, count in map(str.split, text.splitlines())}
    total = sum(counts.values())
    return {word: count / total for word, count in counts.items()}
