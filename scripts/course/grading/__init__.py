"""Grades a class: what stands behind ./learn grade."""
