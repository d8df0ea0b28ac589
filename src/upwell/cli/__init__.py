"""The command line: parse arguments, call one function, print. It opens the files; the rooms below never do."""
