"""What a nurse writes in `data/safety/`, and what is said of mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.problems import ContentFilesError
from bot.safety.files import read_knowledge

GOOD = """\
chest_pain:
  title: Pain in the chest
  detail: cardiac
  source: AHA, Warning signs, https://www.heart.org/
  wordings: [<pain> chest, chest <pain>]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "words.yml").write_text("pain: [pain, hurts]\n")
    (tmp_path / "cardiac.yml").write_text(GOOD)
    (tmp_path / "context.yml").write_text("negators: [no, not]\n")
    (tmp_path / "idioms.yml").write_text("idioms: [chest pain of a bill]\nnegators: [never]\n")
    return tmp_path


def test_a_folder_is_read_whole(folder: Path) -> None:
    knowledge = read_knowledge(folder)
    assert knowledge.groups == {"pain": ("pain", "hurts")}
    assert knowledge.context.negators == ("no", "not", "never")
    chest = knowledge.concepts["chest_pain"]
    assert (chest.detail, chest.alone, chest.short) == ("cardiac", True, False)


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("cardiac.yml", GOOD.replace("<pain> chest", "<ache> chest"), "cardiac.yml:5: .*'ache'"),
        ("cardiac.yml", GOOD.replace("cardiac", "heart"), "cardiac.yml:3: .*Use one of"),
        ("cardiac.yml", GOOD.replace("  source", "  sauce"), "needs 'source'"),
        ("cardiac.yml", GOOD + "  alone: maybe\n", "true or false"),
        ("cardiac.yml", GOOD + "  alone: false\n", "does not count alone"),
        ("cardiac.yml", GOOD + "  with: [fever]\n", "no concept 'fever'"),
        ("cardiac.yml", GOOD + "  wordings: [again]\n", "second time"),
        ("cardiac.yml", "chest_pain: yes\n", "A concept needs title"),
        ("cardiac.yml", "- chest pain\n", "must hold names"),
        ("cardiac.yml", "chest_pain: [\n", "not valid YAML"),
        ("words.yml", "pain: ouch\n", "list of words"),
        ("context.yml", "negator: [no]\n", "There is no such context"),
        ("more.yml", GOOD, "Another file has this name"),
    ],
)
def test_a_mistake_is_named_with_its_file(folder: Path, file: str, text: str, message: str) -> None:
    (folder / file).write_text(text)
    with pytest.raises(ContentFilesError, match=message):
        read_knowledge(folder)


def test_all_mistakes_are_told_together(folder: Path) -> None:
    (folder / "words.yml").write_text("pain: ouch\n")
    (folder / "context.yml").write_text("negator: [no]\n")
    with pytest.raises(ContentFilesError) as caught:
        read_knowledge(folder)
    assert {problem.file for problem in caught.value.problems} == {"words.yml", "context.yml"}


def test_an_empty_folder_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ContentFilesError, match="no concepts"):
        read_knowledge(tmp_path)
