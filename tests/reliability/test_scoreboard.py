"""What ./learn reliability makes of rows, servers and figures; an invented program takes the place of the one that measures."""

import contextlib
import io
import os
import sys
import tempfile
import unittest
from pathlib import Path

COURSE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(COURSE / "scripts"))
os.chdir(COURSE)

from course.reliability import fuzz, reliability  # noqa: E402

# Two rows. The costly one is missed by lesson 06's on poll; of a peer named 'mute' nothing is heard.
MEASURES = """#!/bin/sh
if [ "$1" = rows ]; then
  echo '{"name": "flood", "what": "a flood", "target": "dry", "at_once": 1, "costly": false}'
  echo '{"name": "many", "what": "many", "target": "all", "at_once": 4, "costly": true}'
elif [ "$4" = mute ]; then
  echo 'no server' >&2; exit 1
elif [ "$1 $6 $4" = 'many poll 06 multiconn-server' ]; then
  echo '{"verdict": "missed", "text": "1 | of <2>"}'
else
  echo '{"verdict": "met", "text": "'"$1 $2 $3 $6 $7 $8"'"}'
fi
"""


class Scoreboard(unittest.TestCase):
    """The scoreboard, called as ./learn calls it."""

    def run_it(self, *options: str) -> None:
        """Keeps the status, what was printed, and the page."""
        with tempfile.TemporaryDirectory() as place:
            program = Path(place, "build/tests/reliability/reliability")
            program.parent.mkdir(parents=True)
            program.write_text(MEASURES)
            program.chmod(0o755)
            page = Path(place, "page.md")
            page.write_text("before\n<!-- reliability: begin -->\nold\n<!-- reliability: end -->\nafter\n")
            given = {**dict.fromkeys(options, ""), "--table": str(page)}
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                self.status = reliability(program, given, options)
            self.said, self.page = said.getvalue(), page.read_text()

    def test_the_figures_of_one_server_are_in_one_row(self) -> None:
        self.run_it("--only", "flood", "--facility", "poll", "--facility", "epoll", "--chat-peer", "mine=true")
        self.assertEqual(self.status, 0, self.said)
        self.assertTrue(self.page.startswith("before\n<!-- reliability: begin -->\n\nMeasured 2"), self.page)
        self.assertIn("Of our figures, 8 meet their target and 0 miss it; 0 do not apply", self.page)
        self.assertIn("| what | target | server | epoll | poll | select |\n|---|---|---|---|---|---|\n"
                      "| a flood | dry | 04 echo-server | flood full echo epoll ends  | flood full echo poll ends  |  |\n"
                      "|  |  | 06 multiconn-server | flood full echo epoll stays --quiet | flood full echo poll stays --quiet |  |\n",
                      self.page)
        self.assertIn("| mine | flood full chat  stays  |  |  |\n", self.page)
        self.assertTrue(self.page.endswith("<!-- reliability: end -->\nafter\n"))
        self.assertNotIn("old", self.page)

    def test_only_a_target_that_our_own_servers_miss_is_a_failure(self) -> None:
        self.run_it("--only", "many", "--facility", "poll", "--facility", "epoll")
        self.assertEqual(self.status, 1)
        self.assertIn("MISSED  many        06 multiconn-server, poll    1 | of <2>\n", self.said)
        self.assertIn("| ✗ 1 / of &lt;2> |  |\n", self.page)
        self.run_it("--only", "flood", "--facility", "epoll", "--peer", "mute=true")
        self.assertEqual(self.status, 0)
        self.assertIn("MISSED  flood       mute                         ended with status 1: no server\n", self.said)

    def test_the_short_form_measures_costly_rows_only_on_epoll(self) -> None:
        self.run_it("--short")
        self.assertEqual(self.status, 0)
        self.assertEqual(self.said.count("many short"), 4)
        self.assertEqual(self.said.count("flood short"), 13)

    def test_the_findings_of_a_fuzzer_are_reported(self) -> None:
        with tempfile.TemporaryDirectory() as place:
            for name, status in (("fuzz-words", 0), ("fuzz-names", 77)):
                Path(place, name).write_text(f"#!/bin/sh\ntest $1 = -runs=1000 && exit {status}\n")
                Path(place, name).chmod(0o755)
            Path(place, "fuzz-words.log").write_text("of an earlier run")
            self.assertEqual(fuzz(Path(place), 1000), (
                "The code that parses, under libFuzzer (`names`, `words`): 1,000 inputs each, ✗ findings in names.", False))
            Path(place, "fuzz-names").unlink()
            self.assertTrue(fuzz(Path(place), 1000)[1])

    def test_the_rows_are_listed(self) -> None:
        self.run_it("--list")
        self.assertEqual((self.status, self.said), (0, "flood: a flood; target: dry\nmany: many; target: all\n"))


if __name__ == "__main__":
    unittest.main()
