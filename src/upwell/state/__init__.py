"""STATE. What an agency keeps between runs: its keys, its ledgers, what it answered once. Nothing about people."""
