"""Which Chromium tests and pictures are made with."""

from __future__ import annotations

import os
import shutil


def chromium_path() -> str:
    """What CHROMIUM names; or the build without a window, which is the same engine at three quarters of the cost; or the whole one."""
    named = os.environ.get("CHROMIUM")
    return named or shutil.which("chromium-headless-shell") or shutil.which("chromium") or "/usr/bin/chromium"
