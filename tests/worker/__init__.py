"""The worker: tasks, schedules, lanes, leases."""
