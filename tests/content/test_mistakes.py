"""Each mistake in a content file ends in an error that names file, line and key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.content.files import load_directory
from bot.content.problems import ContentFilesError
from bot.content.yaml_lines import read_yaml
from bot.errors import SetupError
from tests.content.conftest import edit

WHY = "  why_surgery:\n    title: Why people have back surgery\n"
ANSWER = "    text: Something.\n    title: Something\n"

# file, what stands there, what is put there, lines below it that the error names, key, message
MISTAKES = {
    "unknown key": ("library/condition.yml", WHY, WHY + "    colour: red\n", 2,
                    "answers.why_surgery.colour", "no such key"),
    "unknown key at the top": ("library/condition.yml", "answers:\n", "answer: 1\nanswers:\n", 0,
                               "answer", "no such key"),
    "empty text": ("library/contact.yml", 'text: "{route}"', "text:", 0,
                   "answers.phone.text", "empty"),
    "blank text": ("library/contact.yml", 'text: "{route}"', 'text: "  "', 0,
                   "answers.phone.text", "empty"),
    "missing text": ("library/contact.yml", '    text: "{route}"\n', "", -3,
                     "answers.phone.text", "missing"),
    "unknown subject": ("library/condition.yml", WHY, f"  weather:\n{ANSWER}" + WHY, 0,
                        "answers.weather", "no subject 'weather'"),
    "detail where none may be": ("library/condition.yml", WHY,
                                 f"  help/cookies:\n{ANSWER}" + WHY, 0,
                                 "answers.help/cookies", "no details"),
    "unknown offer": ("library/condition.yml", "offers: [causes, prevalence, definition]",
                      "offers: [causes, wether]", 0,
                      "answers.why_surgery.offers.1", "no answer 'wether'"),
    "offer of itself": ("library/condition.yml", "offers: [causes, prevalence, definition]",
                        "offers: [why_surgery]", 0,
                        "answers.why_surgery.offers.0", "cannot offer itself"),
    "unknown item": ("library/stimulation.yml",
                     "items: [drg_stimulation, peripheral_nerve_stimulation,",
                     "items: [drg_stimulation, laser,", 0,
                     "answers.treatment_detail/stimulation.items.1", "to list"),
    "unknown part_of": ("library/injections.yml",
                        "    part_of: injections\n    also_called:\n      [botox,",
                        "    part_of: needles\n    also_called:\n      [botox,", 0,
                        "answers.treatment_detail/botox.part_of", "no answer"),
    "unknown placeholder": ("library/contact.yml", 'text: "{route}"', 'text: "{rout}"', 0,
                            "answers.phone.text", r"\{rout\} is no placeholder"),
    "stray brace": ("library/contact.yml", 'text: "{route}"', 'text: "{route"', 0,
                    "answers.phone.text", "is no placeholder"),
    "unknown source": ("twin-cities.yml", "    source: temple\n", "    source: tempel\n", 0,
                       "answers.treatments.source", "no source 'tempel'"),
    "medical answer without a source": ("twin-cities.yml", "    source: temple\n", "", -8,
                                        "answers.treatments", "needs a 'source'"),
    "medical answer without a review": (
        "twin-cities.yml", "    source: temple\n    reviewed_on: 2026-11-20\n",
        "    source: temple\n", -8, "answers.treatments", "reviewed_on"),
    "bad date": ("twin-cities.yml", "    source: temple\n    reviewed_on: 2026-11-20\n",
                 "    source: temple\n    reviewed_on: 20.11.2026\n", 1,
                 "answers.treatments.reviewed_on", "YYYY-MM-DD"),
    "answer without any title": ("library/condition.yml", "    title: Causes\n", "", -1,
                                 "answers.causes", "needs a 'title'"),
    "unknown clinic": ("temple/treatments.yml", "for_clinic: temple", "for_clinic: tempel", 2,
                       "answers.treatments", "no clinic 'tempel'"),
    "clinic and for_clinic": ("temple.yml", "clinic:\n", "for_clinic: temple\nclinic:\n", 0,
                              "", "not both"),
    "clinic called library": ("twin-cities.yml", "key: twin-cities", "key: library", 0,
                              "clinic.key", "choose another key"),
    "unknown time zone": ("temple.yml", "timezone: America/New_York", "timezone: Mars/Base", 0,
                          "clinic.timezone", "no time zone"),
    "bad time of a notice": ("temple.yml", "from: 2026-11-20 00:00", "from: yesterday", 0,
                             "clinic.notices.0.from", "is not a time"),
    "notice that ends first": ("temple.yml", "from: 2026-11-20 00:00",
                               "from: 2026-11-20\n      until: 2026-11-19", 1,
                               "clinic.notices.0.until", "later"),
    "no emergency route": ("temple.yml", "kind: emergency", "kind: telemedicine", -13,
                           "clinic.routes", "kind 'emergency'"),
    "two routes of a kind": ("temple.yml", "kind: care_team", "kind: portal", -10,
                             "clinic.routes", "two routes of kind 'portal'"),
    "unknown kind of route": ("temple.yml", "kind: care_team", "kind: pigeon", 0,
                              "clinic.routes.2.kind", "portal"),
    "bad address": ("temple.yml", "url: tel:911", "url: http://x.org", 0,
                    "clinic.routes.3.url", "https://"),
    "answer twice in a file": ("library/condition.yml", WHY, f"  causes:\n{ANSWER}" + WHY, 0,
                               "answers.causes", r"second time \(first on line \d+\)"),
    "answer twice in two files": ("library.yml", "answers:\n",
                                  f"answers:\n  appointment:\n{ANSWER}", 1,
                                  "answers.appointment",
                                  "already has an answer in library/contact.yml"),
    "word that means two things": ("library/stimulation.yml", "[DRG, DRG stimulation,",
                                   "[DRG, pump,", 0,
                                   "answers.treatment_detail/drg_stimulation.also_called.1",
                                   r"'pump' already means treatment_detail/pain_pump"),
    "source twice": ("temple.yml", "answers:\n",
                     "sources:\n  nhs: {title: x, publisher: y}\nanswers:\n", 1,
                     "sources.nhs", "stands in library.yml as well"),
    "clinic twice": ("twin-cities.yml", "key: twin-cities", "key: temple", 0,
                     "clinic.key", "stands in temple.yml as well"),
    "library without an answer": ("library/contact.yml", "  portal:\n", "  portal/x:\n", None,
                                  "answers", "no answer for portal"),
    "list in place of a mapping": ("library/stimulation.yml", "answers:\n", "- answers:\n", 0,
                                   "", "mapping|YAML"),
    "broken YAML": ("library/contact.yml", 'text: "{route}"', 'text: "{route}', None,
                    "", "not valid YAML"),
    "tab": ("library/contact.yml", "  portal:\n", "\tportal:\n", 0, "", "not valid YAML"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_file_line_and_key(folder: Path, name: str) -> None:
    file, old, new, below, key, message = MISTAKES[name]
    line = edit(folder / file, old, new)
    with pytest.raises(ContentFilesError) as caught:
        load_directory(folder)
    where = rf"{file}:{line + below}" if below is not None else r"[\w/.]+:\d+"
    wanted = rf"{where}:{' ' + key + ':' if key else ''} .*({message})"
    said = [str(problem) for problem in caught.value.problems]
    assert any(re.match(wanted, problem) for problem in said), said


def test_all_mistakes_are_collected_and_the_error_names_the_first(folder: Path) -> None:
    edit(folder / "temple.yml", "timezone: America/New_York", "timezone: Mars/Base")
    edit(folder / "twin-cities.yml", "timezone: America/Chicago", "timezone: Mars/Base")
    with pytest.raises(ContentFilesError) as caught:
        load_directory(folder)
    assert [problem.file for problem in caught.value.problems] == ["temple.yml", "twin-cities.yml"]
    assert str(caught.value).startswith("temple.yml:4: clinic.timezone:")
    assert str(caught.value).endswith("(and 1 more)")


def test_a_file_that_is_not_utf_8_is_named(folder: Path) -> None:
    (folder / "temple.yml").write_bytes(b"clinic:\n  name: \xff\n")
    with pytest.raises(ContentFilesError, match=r"temple\.yml:1: The file is not UTF-8"):
        load_directory(folder)


def test_a_file_that_cannot_be_read_is_named(folder: Path) -> None:
    (folder / "temple.yml").unlink()
    (folder / "temple.yml").mkdir()
    with pytest.raises(ContentFilesError, match=r"temple\.yml:1: The file cannot be read"):
        load_directory(folder)


def test_control_characters_are_no_yaml(folder: Path) -> None:
    edit(folder / "temple.yml", "name: Temple Health\n", "name: Temple\x00Health\n")
    with pytest.raises(ContentFilesError, match=r"temple\.yml.*not valid YAML"):
        load_directory(folder)


def test_an_empty_file_is_allowed(folder: Path) -> None:
    (folder / "empty.yml").write_text("")
    assert load_directory(folder).answers


def test_a_folder_without_content_files_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"no content file \(\*\.yml\) in "):
        load_directory(tmp_path)


def test_the_reader_of_yaml_keeps_words_as_words(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text("a: no\nb: 2026-11-20\nc: true\nd:\ne: [1, yes]\n")
    document = read_yaml(path, "x.yml")
    assert document.data == {"a": "no", "b": "2026-11-20", "c": True, "d": None, "e": ["1", "yes"]}
