"""Exit codes; docs/reference/exit-codes.md says what each means."""

OK, FINDINGS, CANNOT, BUG, INTERRUPTED, TERMINATED = 0, 1, 2, 3, 130, 143
