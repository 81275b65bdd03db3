"""The handouts: each lesson's page, printed by a browser into handouts/lesson_NN.pdf beside the pages."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

OPTIONS = ("--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer")


def make(browser: str, folder: Path) -> None:
    """Prints the lessons' pages of this folder."""
    options = list(OPTIONS)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--no-sandbox")  # Chromium refuses to run as root with it
    (folder / "handouts").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        for page in sorted(folder.glob("lesson_[0-9][0-9].html")):
            pdf = folder / "handouts" / f"{page.stem}.pdf"
            command = [browser, *options, f"--user-data-dir={profile}", f"--print-to-pdf={pdf}", page.as_uri()]
            ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False)
            if ran.returncode or not pdf.exists() or not pdf.stat().st_size:
                sys.stderr.buffer.write(ran.stdout)
                sys.exit(f"handouts: {browser} has printed no {pdf} from {page.name} (status {ran.returncode})")
