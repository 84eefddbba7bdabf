"""Signing in and acting for somebody: codes and cards for elders, passwords for staff, mandates for proxies."""
