"""The four lists as people meet them: shown as public cards, claimed from either side.

`claiming` lets either side claim the other's line; `offers` is a
partner unit's own part; `cards` says which words of a line may be read by everybody.
"""
