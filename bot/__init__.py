"""Careline: a clinic website's chatbot that says only what the clinic has approved."""
