"""Signing in and acting for somebody: codes and cards for elders, passwords for staff, acting for whoever gave one a mandate."""
