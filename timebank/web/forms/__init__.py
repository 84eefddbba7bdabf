"""Forms that forgive: what holds for every form of the app, in one place.

`web.tokens`  two hidden fields in each form: for which sign-in it was made, and which press it is
`press`       a form as it came
`sending`     the middleware: a form of an older sign-in is kept, one that was sent is not done again, and a page that answers
              a press gets an address of its own, so that going back never asks to send anything again
`routes`      those pages
`merging`     two people changed the same thing: what only one of them changed is taken, the rest is chosen
"""
