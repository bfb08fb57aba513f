"""Written answers in content files: as the documentation shows them, from file to store."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.content.files import load_directory
from bot.content.problems import ContentFilesError
from bot.content.tables import text_vectors
from bot.db.engine import create_engine
from bot.paths import ROOT
from tests.content.test_commands import run

SOURCE = """\
sources:
  house-rules:
    title: House rules
    publisher: The clinic
answers:
"""


def documented() -> str:
    """The answer that `docs/content.md` shows."""
    page = (ROOT / "docs" / "content.md").read_text(encoding="utf-8")
    (found,) = re.findall(r"```yaml\n(  faq/.*?)```", page, re.DOTALL)
    return str(found)


@pytest.fixture
def written(folder: Path) -> Path:
    """A folder of content with the documented answer in it."""
    (folder / "library" / "faq.yml").write_text(SOURCE + documented(), encoding="utf-8")
    return folder


def kept(path: Path) -> int:
    """How many vectors a database holds."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        count = connection.execute(sa.select(sa.func.count()).select_from(text_vectors)).scalar()
    engine.dispose()
    return int(count or 0)


def test_the_documented_answer_can_be_imported(written: Path) -> None:
    answers = {answer.name: answer for answer in load_directory(written).answers}
    assert len(answers["faq/dogs"].examples) == 3


def test_an_import_computes_what_answers_are_found_by_and_forgets_the_rest(
    written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    database = tmp_path / "data" / "careline.db"
    run("content", "import", str(written), "--dry-run")
    assert kept(database) == 0
    assert "add answer library faq/dogs" in run("content", "import", str(written)).output
    assert kept(database) == 5  # title, text and three examples
    (written / "library" / "faq.yml").unlink()
    run("content", "import", str(written))
    run("content", "import", str(written))
    assert kept(database) == 0


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    source: house-rules\n", "", "needs a 'source'"),
        ("faq/dogs:", "faq:", "a key of its own"),
        ("    examples:", "    also_called:", "2 to 20 different 'examples'"),
        ("  faq/dogs:", "  symptom_check/dogs:", "Only answers to 'faq'"),
    ],
)
def test_a_mistake_in_a_written_answer_is_named(
    written: Path, old: str, new: str, message: str
) -> None:
    path = written / "library" / "faq.yml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentFilesError) as caught:
        load_directory(written)
    assert any(message in str(problem) for problem in caught.value.problems)
