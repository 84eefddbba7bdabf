"""What the installation answers, written down for programs as OpenAPI 3.1, and made from what the code itself enforces.

`forms`     which form a page reads: the form model that its handler names
`bodies`    those forms, and the hidden fields of every form, as request bodies
`ways_in`   who may ask, from the access registry: sign-in, card, gateway, and the token of a form
`answers`   every status an operation can give, with a page or problem details
`document`  the whole, out of Litestar's own description of paths, parameters and JSON

Nothing in it is written twice: a handler that reads another form, a use case with other roles or a model with other limits
changes the document by itself. `tests/timebank/openapi` asks the running app whether it keeps to it.
"""
