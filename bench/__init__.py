"""Benchmarks, run by hand: `./upwell bench`. Each module has `run(options) -> rows`; bench.table prints them."""
