"""What both doors share on the web: one error shape, security headers.

Knows neither of the doors.
"""
