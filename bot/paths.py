"""Where things lie in the repository, so that nothing depends on the folder it runs from."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONTENT_DIR = ROOT / "data" / "content"
NLU_DIR = ROOT / "data" / "nlu"
SAFETY_DIR = ROOT / "data" / "safety"
STORIES_DIR = ROOT / "data" / "stories"
CONFIG_FILE = ROOT / "config.yml"
DOMAIN_FILE = ROOT / "domain.yml"
EVAL_DIR = ROOT / "tests" / "eval"
