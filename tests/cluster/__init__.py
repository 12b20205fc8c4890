"""Servers that several hosts share, started for tests from the packages of the system."""
