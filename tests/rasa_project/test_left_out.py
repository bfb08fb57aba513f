"""Rasa is imported without what we do not use, unless the pipeline needs it."""

from __future__ import annotations

import importlib
import importlib.machinery
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from bot.engine import left_out
from bot.engine.left_out import Absent, leave_out
from bot.paths import CONFIG_FILE, ROOT

IMPORT_ALL = """
import sys, warnings
warnings.simplefilter("ignore")
from bot.engine import rasa_environment
rasa_environment.prepare()
import rasa.core.agent, rasa.model_training, rasa.engine.recipes.default_components
import tensorflow
import rasa.core.channels.slack, sanic.response, pymongo.collection
for name, module in sys.modules.items():
    package = name.partition(".")[0]
    if package in ("tensorflow", "keras", "h5py", "sanic", "pymongo", "jwt"):
        assert type(module).__name__ == "_AbsentModule", name
    assert package not in ("sklearn", "matplotlib", "slack_sdk", "aiogram"), name
class Layer(tensorflow.keras.layers.Layer):
    @tensorflow.function
    def decorated(self): ...
    @tensorflow.function(input_signature=[tensorflow.TensorSpec([None], tensorflow.float32)])
    def decorated_with_arguments(self): return 4
assert Layer().decorated_with_arguments() == 4
try:
    tensorflow.constant(1).shape
except RuntimeError as error:
    print(error)
"""


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """As in a process that has not imported Rasa: the import system's finders, for us alone."""
    before = _take_out()
    finders = [each for each in sys.meta_path if not isinstance(each, left_out._Finder)]
    monkeypatch.setattr(sys, "meta_path", finders)
    yield finders
    _take_out()
    sys.modules.update(before)


def _take_out() -> dict[str, ModuleType]:
    names = [name for name in sys.modules if name.partition(".")[0] in left_out.TENSORFLOW]
    return {name: sys.modules.pop(name) for name in names}


def find(name: str) -> object:
    """The stand-in for a module, None where there is none."""
    finders = [each for each in sys.meta_path if isinstance(each, left_out._Finder)]
    return next((spec for each in finders if (spec := each.find_spec(name))), None)


def config(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "config.yml"
    path.write_text("\n".join(["pipeline:", "  - name: WhitespaceTokenizer", *lines]))
    return path


def test_all_of_rasa_is_imported_without_it_and_computing_is_refused():
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", IMPORT_ALL],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "was left out" in done.stdout


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("component", left_out.NEEDING_IT)
def test_a_component_that_needs_it_keeps_it(tmp_path: Path, component: str):
    assert not leave_out(config(tmp_path, f"  - name: {component}", "    epochs: 1"))
    assert find("keras") is None
    assert find("rasa.nlu.classifiers.diet_classifier") is None
    assert find("rasa.core.channels.slack") is not None


@pytest.mark.parametrize("line", ["", "  # - name: DIETClassifier", "  - name: X  # not TEDPolicy"])
def test_otherwise_it_is_left_out(fresh: list[object], tmp_path: Path, line: str):
    assert leave_out(config(tmp_path, line))
    assert len(sys.meta_path) == len(fresh)
    layers = importlib.import_module("tensorflow.keras.layers")
    assert isinstance(layers, ModuleType)
    assert issubclass(layers.Dense, Absent)


@pytest.mark.usefixtures("fresh")
def test_what_is_loaded_already_stays(tmp_path: Path):
    real = sys.modules["tensorflow"] = ModuleType("tensorflow")
    assert not leave_out(config(tmp_path))
    assert find("tensorflow.keras") is None
    assert sys.modules["tensorflow"] is real


def test_leaving_it_out_again_changes_nothing(fresh: list[object], tmp_path: Path):
    assert leave_out(config(tmp_path))
    importlib.import_module("tensorflow")
    before = list(sys.meta_path)
    assert leave_out(config(tmp_path))
    assert sys.meta_path == before


def test_our_own_pipeline_needs_none():
    assert not left_out._needed(CONFIG_FILE.read_text(encoding="utf-8").splitlines())


def test_other_modules_are_not_touched():
    finder = left_out._Finder(left_out.ELSEWHERE | left_out.TENSORFLOW)
    assert finder.find_spec("tensorboard") is None
    assert finder.find_spec("rasa.core.channels") is None
    assert finder.find_spec("rasa.core.channels.rest") is None
    spec = finder.find_spec("tensorflow.python.ops")
    assert spec is not None
    assert spec.name == "tensorflow.python.ops"


@pytest.mark.parametrize("name", sorted(left_out.ELSEWHERE | left_out.LEARNING))
def test_what_is_left_out_is_there(name: str):
    """Another version of Rasa may have moved it, and the real one would be loaded again."""
    package, _, rest = name.partition(".")
    found = importlib.machinery.PathFinder.find_spec(package)
    assert found is not None
    folder = Path(found.origin or "").parent
    path = folder.joinpath(*rest.split("."))
    assert path.is_dir() or path.with_suffix(".py").is_file()


def test_attributes_that_python_looks_for_by_itself_are_not_made_up():
    with pytest.raises(AttributeError):
        Absent.__wrapped__  # noqa: B018
    with pytest.raises(AttributeError):
        left_out._AbsentModule("tensorflow").__wrapped__  # noqa: B018
