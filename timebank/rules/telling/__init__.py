"""What people are told and how they answer: news, calendars, the ear, the door, the telephone. Pure."""
