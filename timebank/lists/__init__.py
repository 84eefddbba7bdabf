"""The four lists as people meet them: read from the office's files, shown as public cards, claimed from either side.

`flow` brings files in and answers what was doubted; `claiming` lets either side claim the other's line; `offers` is a
partner unit's own part; `cards` says which words of a line may be read by everybody.
"""
