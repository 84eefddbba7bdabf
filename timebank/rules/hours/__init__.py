"""From served minutes to hours in the book: who may, what counts, what is paid, and when it ends. Pure."""
