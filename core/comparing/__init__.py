"""Comparing two configs: what changes for whom, found by simulating both."""
