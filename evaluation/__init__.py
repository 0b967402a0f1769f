"""How well does it understand? Measures the trained model on the test lines: `python -m evaluation`."""
