"""`careline training`: everything but the real training, which takes minutes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import cli
from bot.candidates import launching
from bot.candidates.archives import Archives
from bot.candidates.basis import basis_of
from bot.candidates.comparisons import Comparisons
from bot.candidates.model import ChangedLine, Kind, Model, Refusal, RunState, Said, SetFigures
from bot.candidates.promotion import Promotions
from bot.candidates.runs import Runs
from bot.commands.database import now, open_database
from bot.commands.training_report import REFUSALS
from bot.corrections.model import Draft, State, Wanted
from bot.corrections.repository import Corrections
from bot.engine.training import fingerprint
from bot.settings import Settings
from tests.candidates.stage import GOOD, changed

Run = Callable[..., int]
CRISIS, PHONE = Said("crisis"), Said("phone", "temple")
LINES = {"text": "zorbing with blue teapots", "subject": "portal", "detail": None}


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, copy_of: Callable[..., str]) -> Path:
    from bot.db.migrate import migrate

    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", copy_of("sqlite", migrate, tmp_path / "careline.db"))
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str) -> int:
        try:
            cli.main(["training", *arguments])
        except SystemExit as stopped:
            return int(stopped.code or 0)
        return 0

    return call


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Lets runs be carried out by the stand-in."""

    def use(how: str) -> None:
        job = (sys.executable, "-W", "ignore", "-m", "tests.candidates.stand_in_job", how)
        monkeypatch.setattr(launching.launch, "__kwdefaults__", {"model_id": None, "job": job})

    return use


def models(folder: Path) -> tuple[Model, Model]:
    """The model that ships and a candidate."""
    archives = Archives(open_database(), now, Settings.from_env().model_dir)
    made = []
    for name in ("shipped", "candidate"):
        path = folder / name
        path.write_text(name)
        made.append(
            archives.keep(
                path,
                based_on=fingerprint(),
                data_hash="",
                corrections=3,
                by="Ana",
                shipped=name == "shipped",
            )
        )
    return made[0], made[1]


def compared(folder: Path, figures: tuple[SetFigures, ...] = GOOD) -> Model:
    """A candidate that was compared."""
    shipped, candidate = models(folder)
    comparisons = Comparisons(open_database(), now)
    hashes = shipped.sha256, candidate.sha256
    comparisons.keep(*hashes, figures, (), basis=basis_of(()), by="Ana")
    return candidate


def test_corrections_go_through_files_and_back(run: Run, tmp_path: Path, capsys):
    files = tmp_path / "files"
    files.mkdir()
    (files / "regression.jsonl").write_text(json.dumps(LINES) + "\n")
    assert run("import", str(files), "--dry-run") == 0
    assert "1 new" in capsys.readouterr().out
    assert Corrections(open_database(), now).listed() == []
    assert run("import", str(files)) == 0
    assert run("import", str(files)) == 0
    assert "0 new, 0 changed, 1 unchanged, 0 refused." in capsys.readouterr().out
    assert run("export", str(tmp_path / "out")) == 0
    out, err = capsys.readouterr()
    assert out.split() == [str(tmp_path / "out" / "regression.jsonl")]
    assert "0 to learn, 1 to ask." in err
    assert json.loads((tmp_path / "out" / "regression.jsonl").read_text()) == LINES


def test_an_import_with_a_refusal_ends_with_one(run: Run, tmp_path: Path, capsys):
    (tmp_path / "nlu").mkdir()
    text = "nlu:\n- intent: phone\n  examples: |\n    - [name]\n    - new words here\n"
    (tmp_path / "nlu" / "phone.yml").write_text(text)
    assert run("import", str(tmp_path)) == 1
    out, err = capsys.readouterr()
    assert "1 refused" in out
    assert f"Refused: {tmp_path}/nlu/phone.yml: There are no words" in err


def test_an_import_tells_what_is_only_asked_and_what_is_of_no_clinic(
    run: Run, tmp_path: Path, capsys
):
    (tmp_path / "nlu").mkdir()
    (tmp_path / "nlu" / "portal.yml").write_text(
        "nlu:\n- intent: portal\n  examples: |\n    - [zorbing]\n"
    )
    lines = [{**LINES, "text": "[zorbing]"}, {**LINES, "clinic": "tempel"}]
    (tmp_path / "regression.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert run("import", str(tmp_path)) == 1
    out, err = capsys.readouterr()
    assert "1 new, 0 changed, 0 unchanged, 1 refused." in out
    assert f"Asked, not learnt: {tmp_path}/regression.jsonl:1: There are no words" in err
    assert f"Refused: {tmp_path}/regression.jsonl:2: There is no clinic 'tempel'; there are" in err


def test_training_shows_its_steps_and_says_what_comes_next(
    run: Run, stand_in: Callable[[str], None], capsys
):
    stand_in("train")
    assert run("train") == 0
    out, err = capsys.readouterr()
    assert out.startswith("Trained: ")
    assert "Next: careline training compare" in out
    assert all(step in err for step in ("collect", "train", "keep"))


@pytest.mark.parametrize("how", ["refuse", "fail"])
def test_training_that_fails_is_one_line_and_ends_with_one(
    run: Run, stand_in: Callable[[str], None], capsys, how: str
):
    stand_in(how)
    assert run("train") == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("careline: The run has failed.")


def test_ctrl_c_stops_what_was_begun(
    run: Run, stand_in: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, capsys
):
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.commands.training_report.show_until_ended", interrupt)
    stand_in("hang")
    assert run("train") == 1
    assert "Stopped" in capsys.readouterr().err
    assert Runs(open_database(), now).latest()[0].state is RunState.STOPPED


def test_stop_asks_a_run_to_stop(run: Run, capsys):
    assert run("stop") == 1
    assert "Nothing is being trained" in capsys.readouterr().err
    begun = Runs(open_database(), now).begin(Kind.TRAIN, by="Ana")
    assert run("train") == 1
    assert "under way" in capsys.readouterr().err
    assert run("list") == 0
    assert "Under way: train" in capsys.readouterr().out
    assert run("stop") == 0
    assert Runs(open_database(), now).get(begun.id).stop_wanted_by == "command line"


@pytest.mark.parametrize(
    ("figures", "code"),
    [(changed("regression", left_out=2), 0), (changed("safety", urgent_lost=1), 1)],
)
def test_a_comparison_is_shown_line_by_line_with_its_gates(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys,
    *,
    figures: tuple[SetFigures, ...],
    code: int,
):
    shipped, candidate = models(tmp_path)
    worse = ChangedLine(
        "safety", "a:1", "a [line]", CRISIS, CRISIS, Said("greet"), True, False, True
    )
    better = ChangedLine("safety", "a:2", "", PHONE, Said("portal"), PHONE, False, True, False)

    def carry_out(*_: object) -> None:
        comparisons = Comparisons(open_database(), now)
        hashes = shipped.sha256, candidate.sha256
        lines = [worse, better]
        comparisons.keep(*hashes, figures, lines, basis=basis_of(()), by="Ana")

    monkeypatch.setattr("bot.commands.training._carry_out", carry_out)
    assert run("compare", candidate.id[:8]) == code
    out = capsys.readouterr().out
    assert "worse  safety a:1  'a [line]' should be crisis: crisis -> greet" in out
    assert "better  safety" not in out
    assert ("FAILED  safety_recall: 1" in out) is bool(code)
    assert ("regression: 2 left out, of clinics that are not there" in out) is not bool(code)
    run("compare", candidate.id, "--all")
    assert (
        "better  safety a:2  should be phone/temple: portal -> phone/temple"
        in capsys.readouterr().out
    )


def test_a_candidate_is_promoted_and_rolled_back(run: Run, tmp_path: Path, capsys):
    candidate = compared(tmp_path)
    assert run("promote", candidate.id[:8]) == 0
    assert f"Promotion 1: {candidate.id[:8]}" in capsys.readouterr().out
    promotions = Promotions(open_database(), now, fingerprint())
    promotions.took_over("host:1", 1, "failed", "ModelNotFound")
    assert run("list") == 0
    listed = capsys.readouterr().out
    assert f"{candidate.id[:8]}, 3 corrections learnt" in listed
    assert "(in force)" in listed
    assert "host:1: failed ModelNotFound" in listed
    assert run("rollback") == 0
    assert "Promotion 1 is taken back" in capsys.readouterr().out
    assert run("rollback") == 1
    assert "nothing to go back to" in capsys.readouterr().err


@pytest.mark.parametrize(
    "figures",
    [
        changed("safety", urgent_lost=1),
        changed("development", urgent_lost=1),
        changed("development", right_after=387),
        changed("regression", right_after=3),
        GOOD[:1],
    ],
)
def test_one_that_does_not_pass_cannot_be_promoted_from_the_command_line(
    run: Run, tmp_path: Path, capsys, figures: tuple[SetFigures, ...]
):
    candidate = compared(tmp_path, figures)
    assert run("promote", candidate.id) == 1
    assert "does not pass" in capsys.readouterr().err
    assert run("promote", candidate.id, "--force") == 2
    assert Promotions(open_database(), now, fingerprint()).newest() == 0


def test_one_that_was_not_asked_a_later_correction_cannot_be_promoted(
    run: Run, tmp_path: Path, capsys
):
    candidate = compared(tmp_path)
    late = Draft("my legs went numb", Wanted("emergency"), "temple", State.REGRESSION)
    Corrections(open_database(), now).add([late], by="Ana")
    assert run("promote", candidate.id) == 1
    assert "corrections were added" in capsys.readouterr().err
    assert Promotions(open_database(), now, fingerprint()).newest() == 0


def test_every_reason_against_a_promotion_has_words():
    assert set(REFUSALS) == set(Refusal)


def test_what_is_not_there_is_told(run: Run, capsys):
    for command in ("promote", "compare"):
        assert run(command, "nothing") == 1
        assert "careline training list" in capsys.readouterr().err
    assert run("list") == 0
    assert "In force: the model that ships." in capsys.readouterr().out


@pytest.mark.parametrize(
    "name", ["export", "import", "train", "compare", "promote", "rollback", "list", "stop"]
)
def test_every_command_explains_itself(run: Run, capsys, name: str):
    assert run(name, "--help") == 0
    assert f"careline training {name}" in capsys.readouterr().out
