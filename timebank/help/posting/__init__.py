"""From a decided part to hours in the book.

crediting  what a part earns by the rules of its day
paying     the posting itself, and hours set aside before
resting    decided parts whose time to be taken back is over
"""
