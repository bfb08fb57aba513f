from __future__ import annotations

import json
from collections import Counter

import pytest

from bot.errors import SetupError
from bot.evaluation.reading import (
    blind_files,
    read_data,
    read_dialogues,
    read_questions,
    shipped_files,
)
from bot.paths import EVAL_DIR

LINE = {"text": "what is fbss", "subject": "definition", "detail": None}
DIALOGUE = """
- id: tour
  turns:
  - visitor: what is fbss
    must: [pain]
    must_not: ['988']
"""


def questions_file(tmp_path, *lines: object):
    file = tmp_path / "mine.jsonl"
    file.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines))
    return file


def dialogues_file(tmp_path, text: str):
    file = tmp_path / "talks.yml"
    file.write_text(text)
    return file


def test_a_question_is_at_temple_with_its_notices_unless_its_line_says_otherwise(tmp_path):
    other = {**LINE, "clinic": "twin-cities", "outage": False}
    plain, set_ = read_questions(questions_file(tmp_path, LINE, "", other))
    assert (plain.clinic, plain.outage, plain.file, plain.line) == ("temple", True, "mine", 1)
    assert (set_.clinic, set_.outage, set_.line, set_.place) == ("twin-cities", False, 3, "mine:3")


def test_a_text_may_hold_line_separators_of_other_scripts(tmp_path):
    (found,) = read_questions(questions_file(tmp_path, '{"text": "a\u2028b", "subject": "greet"}'))
    assert found.text == "a\u2028b"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{not json", "not JSON"),
        ("[1]", "must be an object"),
        ({**LINE, "text": "  "}, "text must be"),
        ({**LINE, "text": 3}, "text must be"),
        ({**LINE, "subject": "weather"}, "'weather' is not one"),
        ({"text": "a"}, "None is not one"),
        ({**LINE, "subject": ["a"]}, "is not one"),
        ({**LINE, "detail": 3}, "detail must be"),
        ({**LINE, "clinic": ""}, "clinic must be"),
        ({**LINE, "outage": "no"}, "outage must be"),
        ({**LINE, "subjcet": "x"}, "unknown key 'subjcet'"),
    ],
)
def test_a_broken_line_is_named_with_file_and_line(tmp_path, line, complaint):
    file = questions_file(tmp_path, LINE, line)
    with pytest.raises(SetupError, match=f"mine.jsonl:2: .*{complaint}"):
        read_questions(file)


def test_an_empty_file_a_missing_file_and_one_that_is_not_utf8_are_refused(tmp_path):
    with pytest.raises(SetupError, match="no question"):
        read_questions(questions_file(tmp_path, ""))
    with pytest.raises(SetupError, match="cannot be read"):
        read_questions(tmp_path / "nowhere.jsonl")
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes('{"text": "café"}'.encode("latin-1"))
    with pytest.raises(SetupError, match="not UTF-8"):
        read_questions(latin)


def test_a_dialogue_is_read_with_its_patterns(tmp_path):
    (dialogue,) = read_dialogues(dialogues_file(tmp_path, DIALOGUE))
    (turn,) = dialogue.turns
    assert (dialogue.id, dialogue.clinic, dialogue.outage) == ("tour", "temple", True)
    assert turn.must[0].search("PAIN")
    assert turn.must_not[0].search("call 988")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("id: tour", "name: tour", ":2: unknown key 'name'"),
        ("id: tour", "id:", ":2: a dialogue needs an id"),
        ("  turns:", "  outage: maybe\n  turns:", ":2: outage must be"),
        ("visitor: what is fbss", "visitor:", ":4: visitor must be"),
        ("must: [pain]", "must: pain", ":5: must must be a list"),
        ("must: [pain]", "must: ['(']", ":5: this is not a regular expression"),
        ("must: [pain]", "must: [[a]]", ":5: a pattern must be text"),
        ("must: [pain]", "mst: [pain]", ":4: unknown key 'mst'"),
        ("must_not: ['988']", "must: [other]", ":6:"),
    ],
)
def test_a_broken_dialogue_is_named_with_file_and_line(tmp_path, old, new, complaint):
    file = dialogues_file(tmp_path, DIALOGUE.replace(old, new, 1))
    with pytest.raises(SetupError, match=f"talks.yml{complaint}"):
        read_dialogues(file)


@pytest.mark.parametrize("text", ["", "a: b", "- a", "- {id: x}", "- {id: x, turns: [a]}", "- ["])
def test_a_dialogue_file_of_another_form_is_refused(tmp_path, text):
    with pytest.raises(SetupError, match=r"talks.yml:\d+:"):
        read_dialogues(dialogues_file(tmp_path, text))


def test_files_are_told_apart_by_their_endings(tmp_path):
    one, two = questions_file(tmp_path, LINE), dialogues_file(tmp_path, DIALOGUE)
    data = read_data([one, two])
    assert len(data.questions) == 1
    assert data.dialogues is not None
    assert len(data.dialogues) == 1
    assert read_data([one]).dialogues is None
    with pytest.raises(SetupError, match=r"give a \.jsonl file"):
        read_data([tmp_path / "notes.txt"])


def test_two_files_of_one_name_are_refused_because_figures_are_by_file(tmp_path):
    (tmp_path / "other").mkdir()
    first, second = questions_file(tmp_path, LINE), questions_file(tmp_path / "other", LINE)
    with pytest.raises(SetupError, match="the same name"):
        read_data([first, second])


def test_the_shipped_files_can_all_be_read():
    data = read_data([*shipped_files(EVAL_DIR), *blind_files(EVAL_DIR)])
    open_files = {q.file for q in data.questions if not q.blind}
    assert open_files == {
        "typical",
        "noisy",
        "safety",
        "other_conditions",
        "other_topics",
        "calm_or_urgent",
    }
    counts = Counter(q.file for q in data.questions if q.blind)
    assert counts["blind/messages"] + counts["blind/hard_messages"] >= 300
    assert counts["blind/other_topics"] == counts["blind/other_conditions"] == 200
    assert counts["blind/personal_advice"] == 150
    assert (counts["blind/urgent"], counts["blind/calm"]) == (300, 247)
    assert counts["blind/calm_or_urgent"] >= 200
    played = Counter(d.file for d in data.dialogues or ())
    assert played == {"dialogues": 11, "conversations": 25}


def test_a_file_in_a_folder_named_blind_is_blind_and_has_a_name_of_its_own(tmp_path):
    (tmp_path / "blind").mkdir()
    for path in (tmp_path / "mine.jsonl", tmp_path / "blind" / "mine.jsonl"):
        path.write_text('{"text": "hello", "subject": "greet", "detail": null}')
    data = read_data([tmp_path / "mine.jsonl", tmp_path / "blind" / "mine.jsonl"])
    assert [(q.file, q.blind) for q in data.questions] == [("mine", False), ("blind/mine", True)]
