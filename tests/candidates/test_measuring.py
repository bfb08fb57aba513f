"""What a model is asked, and what counts as right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.candidates.comparing import compare
from bot.candidates.gates import DEVELOPMENT, REGRESSION, SAFETY, passed
from bot.candidates.measuring import Sets, as_wanted, ask_sets
from bot.candidates.model import Said
from bot.conversations.model import Message
from bot.corrections.model import Correction, State, Wanted
from bot.evaluation.reading import DataSet, Question
from tests.chat.stage import START
from tests.evaluation.stub import StubBot, message, question, reply

HELP = "Call 911 or go to the nearest emergency room now."
URGENT = question("emergency", text="my legs are numb and i cannot pee")
CALM = replace(question("definition", text="what is fbss"), file="blind/calm")
PARKING = Correction("c1", "is there parking", Wanted("phone"), None, State.TRAINING, "Ana", START)
SETS = Sets(
    DataSet((URGENT, question("phone", text="your number")), None),
    DataSet((CALM,), None),
    (PARKING, replace(PARKING, id="c2", text="[name] parks", clinic="temple")),
    ("temple", "twin-cities"),
)


def bot(**replies: list[Message]) -> StubBot:
    """Says what is right to all questions, apart from what is named."""
    right = {
        URGENT.text: [message("emergency", HELP)],
        "your number": [message("phone", "Use myTempleHealth, the portal.")],
        CALM.text: [message("definition", "Failed back surgery syndrome is pain after surgery.")],
        PARKING.text: [message("phone", "")],
        "[name] parks": [message("phone", "")],
    }
    return StubBot({**right, **{key.replace("_", " "): said for key, said in replies.items()}})


async def ask(of: StubBot) -> dict[str, tuple]:
    return (await ask_sets(of, lambda: None, SETS, lambda *_: None)).sets


async def test_everything_is_asked_and_told_as_it_goes():
    told: list[tuple[str, int, int]] = []
    switched: list[int] = []
    asked = bot()

    def use_own_content() -> None:
        switched.append(len(asked.talks))

    answers = await ask_sets(asked, use_own_content, SETS, lambda *step: told.append(step))
    assert told == [
        (DEVELOPMENT, 1, 2),
        (DEVELOPMENT, 2, 2),
        (SAFETY, 1, 1),
        (REGRESSION, 1, 2),
        (REGRESSION, 2, 2),
    ]
    assert switched == [3], "corrections are asked of the clinics' own content"
    assert [talk.setting[0] for talk in asked.talks[3:]] == ["temple", "twin-cities", "temple"]
    assert [each.urgent for each in answers.sets[DEVELOPMENT]] == [True, False]


async def test_a_candidate_that_loses_an_emergency_is_seen_and_does_not_pass():
    worse = bot(**{"my_legs_are_numb_and_i_cannot_pee": [message("symptoms", "")]})
    before, after = await ask(bot()), await ask(worse)
    found = [compare(name, before[name], after[name]) for name in before]
    figures = [each for each, _ in found]
    assert not passed(figures)
    assert sum(each.urgent_lost for each in figures) == 1
    ((line,),) = [lines for each, lines in found if each.name == DEVELOPMENT]
    assert (line.text, line.before, line.after) == (
        URGENT.text,
        Said("emergency"),
        Said("symptoms"),
    )


async def test_of_blind_lines_and_corrections_no_text_is_kept():
    answers = await ask(bot(what_is_fbss=[], is_there_parking=[]))
    assert [each.text for each in answers[SAFETY]] == [""]
    assert answers[SAFETY][0].place == "blind/calm"
    assert [each.text for each in answers[REGRESSION]] == ["", ""]
    assert [each.correction_id for each in answers[REGRESSION]] == ["c1", "c2"]
    assert [each.right for each in answers[REGRESSION]] == [False, True]


async def test_a_correction_of_a_clinic_that_is_not_there_is_left_out_and_counted():
    gone = replace(PARKING, id="c3", clinic="closed-last-year")
    sets = replace(SETS, corrections=(*SETS.corrections, gone))
    before, after = [
        (await ask_sets(each, lambda: None, sets, lambda *_: None)).sets[REGRESSION]
        for each in (bot(), bot(is_there_parking=[message("portal", "")]))
    ]
    figures, changed = compare(REGRESSION, before, after)
    assert (figures.lines, figures.right_before, figures.right_after) == (2, 2, 1)
    assert figures.left_out == 1
    assert [line.correction_id for line in changed] == ["c1"]


@pytest.mark.parametrize(
    ("wanted", "came", "right"),
    [
        (Wanted("phone"), reply("phone"), True),
        (Wanted("phone"), reply("portal"), False),
        (Wanted("treatment_detail", "epidural"), reply("treatment_detail", "", "epidural"), True),
        (Wanted("treatment_detail", "epidural"), reply("treatment_detail", "", "botox"), False),
        (Wanted("treatment_detail"), reply("treatment_detail", "", "botox"), True),
        (Wanted("out_of_scope"), reply("fallback"), True),
        (Wanted("out_of_scope"), reply("out_of_scope"), True),
        (Wanted("out_of_scope"), reply("symptoms"), False),
        (Wanted("crisis"), reply("emergency"), True),
        (Wanted("emergency"), reply("redflag_general"), False),
        (Wanted("phone"), reply(None), False),
    ],
)
def test_what_a_correction_asks_for(wanted: Wanted, came, right: bool):
    assert as_wanted(wanted, came) is right


def test_the_shipped_sets_are_read_with_emergencies_among_them():
    sets = Sets.read((), ("temple",))
    assert sets.development.dialogues

    def urgent(questions: tuple[Question, ...]) -> int:
        return sum(each.subject in ("emergency", "crisis") for each in questions)

    assert urgent(sets.development.questions) > 50
    assert urgent(sets.safety.questions) > 50
