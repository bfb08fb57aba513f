"""Rasa is imported without TensorFlow, unless the pipeline needs it."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from bot.engine import without_tensorflow
from bot.engine.without_tensorflow import Absent, leave_out
from bot.paths import CONFIG_FILE, ROOT

IMPORT_ALL = """
import sys, warnings
warnings.simplefilter("ignore")
from bot.engine import rasa_environment
rasa_environment.prepare()
import rasa.core.agent, rasa.model_training, rasa.engine.recipes.default_components
import tensorflow
for name, module in sys.modules.items():
    if name.partition(".")[0] in ("tensorflow", "keras"):
        assert type(module).__name__ == "_AbsentModule", name
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
    finders = [each for each in sys.meta_path if type(each).__name__ != "_Finder"]
    monkeypatch.setattr(sys, "meta_path", finders)
    yield finders
    _take_out()
    sys.modules.update(before)


def _take_out() -> dict[str, ModuleType]:
    names = [name for name in sys.modules if name.partition(".")[0] in without_tensorflow.PACKAGES]
    return {name: sys.modules.pop(name) for name in names}


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
    assert "names no component that needs it" in done.stdout


@pytest.mark.parametrize("component", without_tensorflow.NEEDING_IT)
def test_a_component_that_needs_it_keeps_it(fresh: list[object], tmp_path: Path, component: str):
    before = list(fresh)
    assert not leave_out(config(tmp_path, f"  - name: {component}", "    epochs: 1"))
    assert sys.meta_path == before


@pytest.mark.parametrize("line", ["", "  # - name: DIETClassifier", "  - name: X  # not TEDPolicy"])
def test_otherwise_it_is_left_out(fresh: list[object], tmp_path: Path, line: str):
    assert leave_out(config(tmp_path, line))
    assert len(sys.meta_path) == len(fresh)
    layers = importlib.import_module("tensorflow.keras.layers")
    assert isinstance(layers, ModuleType)
    assert issubclass(layers.Dense, Absent)


def test_what_is_loaded_already_stays(fresh: list[object], tmp_path: Path):
    before, real = list(fresh), ModuleType("tensorflow")
    sys.modules["tensorflow"] = real
    assert not leave_out(config(tmp_path))
    assert sys.meta_path == before
    assert sys.modules["tensorflow"] is real


def test_leaving_it_out_again_changes_nothing(fresh: list[object], tmp_path: Path):
    assert leave_out(config(tmp_path))
    importlib.import_module("tensorflow")
    before = list(sys.meta_path)
    assert leave_out(config(tmp_path))
    assert sys.meta_path == before


def test_our_own_pipeline_needs_none():
    assert not without_tensorflow._needed(CONFIG_FILE.read_text(encoding="utf-8").splitlines())


def test_other_packages_are_not_touched():
    finder = without_tensorflow._Finder()
    assert finder.find_spec("tensorboard") is None
    assert finder.find_spec("numpy") is None
    spec = finder.find_spec("tensorflow.python.ops")
    assert spec is not None
    assert spec.name == "tensorflow.python.ops"


def test_attributes_that_python_looks_for_by_itself_are_not_made_up():
    with pytest.raises(AttributeError):
        Absent.__wrapped__  # noqa: B018
    with pytest.raises(AttributeError):
        without_tensorflow._AbsentModule("tensorflow").__wrapped__  # noqa: B018
