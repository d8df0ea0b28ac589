"""One file that holds everything: the database as of one moment and the state folder, sealed with a passphrase."""
