"""Measures the bot: replies of the real engine against questions and dialogues that were written
apart from the training data.
"""
