"""The app's rules: pure functions of values, without database, web or clock."""
