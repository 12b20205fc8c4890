"""Fault runs: killed processes, full disks, damaged files, clocks that jump. `make test-faults` (docs/reliability.md).

Each run is a module with a function `run(**counts)` that returns figures, in a process and a data folder of its own.
"""
