"""Which kind of help a sentence means: the desk tries a sentence, corrects it, and adds kinds of its own."""
