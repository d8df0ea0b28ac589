"""Pages of organizing: those of workers, and those that are open to everybody."""
