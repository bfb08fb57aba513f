"""The benchmark: ours beside a stock Rasa set-up, trained on the same data, in one run. `careline
bench` starts it.
"""
