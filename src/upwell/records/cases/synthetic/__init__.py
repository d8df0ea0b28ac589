"""An invented county, seeded, for demo, teaching, tests and benchmarks.

Import from its modules: generate, plants, planting, truth.
"""
