"""The year's days off (放假安排): the office enters the published notice itself, by its text or by ticking days.

The library's knowledge of holidays ends with the year; what is entered here holds for plans, shifts and pages at once.
"""
