"""How quickly, and with how much memory, the files of an office become judged rows."""
