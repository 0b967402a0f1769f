"""Benchmarks: ours beside Rasa's stock pipeline, in one run on one machine. `make bench`."""
