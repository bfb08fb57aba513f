"""All that `careline serve` imports; what takes ten seconds of its start."""

from bot.engine import rasa_environment

rasa_environment.prepare()

import bot.engine.agent  # noqa: E402, F401  Rasa must find its environment prepared
import bot.server  # noqa: E402, F401
