"""The players: their steps, slider and questions, on a phone, in the dark theme, and without JavaScript."""
import json
import re
import sys
import tempfile
import unittest
from pathlib import Path

from browser import BOOK, PHONE, ROOT, shared
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

sys.path.insert(0, str(ROOT / "scripts"))
from course import player as players  # noqa: E402 (it is found there)

EMBEDDED = re.compile(r'<script type="application/json">(.*?)</script>', re.S)
LOOK = """const p = document.querySelector('.player'), now = () => ({
  step: Number(p.dataset.step), steps: Number(p.dataset.steps), scroll: document.scrollingElement.scrollTop,
  lines: [...p.querySelectorAll('.current-line')].map(each => each.textContent),
  says: p.querySelector('[aria-live]').textContent, asked: !p.querySelector('.player-question').hidden});
const press = key => p.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
const scrub = step => { const r = p.querySelector('input[type=range]'); r.value = step; r.dispatchEvent(new Event('input')); };
"""
STATE = LOOK + "return now()"
# To the end, once beyond it, and back.
WALK = LOOK + """const there = [now()];
for (let step = 1; step < now().steps; step += 1) { press('ArrowRight'); there.push(now()); }
press('ArrowRight');
const back = [now()];
for (let step = 1; step < now().steps; step += 1) { press('ArrowLeft'); back.push(now()); }
return [there, back]"""
# What stands there before and after an answer, and where Continue leads.
ASK = LOOK + """const predict = p.querySelector('.player-predict input'), box = p.querySelector('.player-question');
if (predict.checked) predict.click();
scrub(arguments[0] - 1);
predict.click();
press('ArrowRight');
if (!now().asked || now().step !== arguments[0] - 1) return ['nothing was asked', '', now()];
const before = box.innerText; // what is seen of it
box.querySelectorAll('.player-answer')[arguments[1]].click();
const after = box.innerText;
box.querySelector('.player-continue').click();
return [before, after, now()]"""
WEIGHT = 150 * 1024


def recordings():
    """The pages with a player, and what each plays."""
    found = {}
    for path in sorted(BOOK.glob("*.html")):
        text = path.read_text(encoding="utf-8")
        if 'class="player"' in text:
            found[path.name] = json.loads(EMBEDDED.search(text)[1])
    return found


class Players(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.recordings = recordings()
        if any("could not watch" in (BOOK / f"lesson_0{number}.html").read_text(encoding="utf-8") for number in range(1, 8)):
            raise unittest.SkipTest("this book was built without strace")

    def setUp(self):
        self.browser = shared()

    def open(self, page):
        """The player of a page, with the focus on it."""
        self.browser.open(page)
        self.browser.driver.execute_script("document.querySelector('.player').focus()")
        return self.browser.driver.find_element(By.CSS_SELECTOR, ".player")

    def state(self):
        return self.browser.driver.execute_script(STATE)

    def test_lessons_and_at_least_ten_pitfalls_have_a_player(self):
        pages = list(self.recordings)
        self.assertEqual([page for page in pages if page.startswith("lesson_")], [f"lesson_0{number}.html" for number in range(1, 8)])
        self.assertGreaterEqual(len([page for page in pages if page.startswith("pitfall_")]), 10)

    def test_each_player_is_smaller_than_150_kib(self):
        shared_files = sum((BOOK / name).stat().st_size for name in ("player.js", "player.css"))
        for page, recording in self.recordings.items():
            with self.subTest(page):
                self.assertLess(shared_files + len(json.dumps(recording, ensure_ascii=False).encode()), WEIGHT)

    def test_the_arrow_keys_step_through_each_player_to_its_end_and_back(self):
        for page, recording in self.recordings.items():
            with self.subTest(page):
                self.open(page)
                sources = {line for run in recording["runs"] for text in run["sources"].values() for line in text.split("\n")}
                there, back = self.browser.driver.execute_script(WALK)
                count = len(recording.get("moments") or recording["runs"][0]["steps"])
                self.assertEqual([(at["step"], at["steps"]) for at in there], [(step, count) for step in range(count)])
                for at in there:
                    self.assertTrue(at["says"].strip(), at)
                    self.assertTrue(at["lines"] and set(at["lines"]) <= sources, at)
                self.assertEqual(back, there[::-1])
                self.assertEqual({at["scroll"] for at in there}, {there[0]["scroll"]}, "the page was moved")
                self.assertEqual([line for line in self.browser.console() if line.startswith("SEVERE")], [])

    def test_the_keys_of_a_real_keyboard_step(self):
        player = self.open("lesson_06.html")
        player.send_keys(Keys.ARROW_RIGHT * 3)
        self.assertEqual(self.state()["step"], 3)
        player.send_keys(Keys.ARROW_LEFT)
        self.assertEqual(self.state()["step"], 2)

    def test_each_player_can_be_scrubbed_and_announces_its_step(self):
        for page in self.recordings:
            with self.subTest(page):
                self.open(page)
                last = self.state()["steps"] - 1
                self.browser.driver.execute_script(LOOK + "scrub(arguments[0])", last)
                at = self.state()
                self.assertEqual(at["step"], last)
                told = self.browser.driver.execute_script(
                    "return document.querySelector('.player input[type=range]').getAttribute('aria-valuetext')")
                self.assertEqual(told, at["says"])

    def test_space_plays_and_pauses(self):
        player = self.open("lesson_06.html")
        speed = player.find_element(By.CSS_SELECTOR, "select")
        self.browser.driver.execute_script("arguments[0].value = '4'", speed)
        player.send_keys(" ")
        WebDriverWait(self.browser.driver, 10).until(lambda _: self.state()["step"] >= 3)
        player.send_keys(" ")
        stopped = self.state()["step"]
        playing = player.find_element(By.CSS_SELECTOR, "[aria-label=Play]")
        self.assertTrue(playing.is_displayed())
        self.assertEqual(self.state()["step"], stopped)

    def test_every_question_is_asked_at_its_step_and_explains_each_answer(self):
        asked = 0
        for page, recording in self.recordings.items():
            self.open(page)
            for question in recording.get("questions", []):
                right = next(each for each in question["answers"] if each["right"])
                for number, answer in enumerate(question["answers"]):
                    with self.subTest(f"{page}: {question['ask']} {answer['text']}"):
                        before, after, at = self.browser.driver.execute_script(ASK, question["before"], number)
                        self.assertIn(question["ask"], before)
                        self.assertNotIn(answer["why"], before)
                        for words in (answer["why"], right["why"], "Right." if answer["right"] else "Not quite."):
                            self.assertIn(words, after)
                        self.assertEqual((at["asked"], at["step"]), (False, question["before"]))
                        asked += 1
        written = [json.loads(file.read_text(encoding="utf-8")) for file in ROOT.glob("tests/*/scenes/*.json")]
        self.assertEqual(asked, 3 * sum(len(scene.get("questions", [])) for scene in written), "the book lacks a question")

    def test_a_question_can_be_answered_with_the_keyboard(self):
        question = self.recordings["lesson_06.html"]["questions"][0]
        player = self.open("lesson_06.html")
        player.find_element(By.CSS_SELECTOR, ".player-predict input").send_keys(" ")
        player.send_keys(Keys.ARROW_RIGHT * question["before"])
        at = self.state()
        self.assertEqual((at["asked"], at["step"]), (True, question["before"] - 1))
        player.find_elements(By.CSS_SELECTOR, ".player-answer")[0].send_keys(Keys.ENTER)
        self.assertIn(question["answers"][0]["why"], player.find_element(By.CSS_SELECTOR, ".player-question").text)
        player.find_element(By.CSS_SELECTOR, ".player-continue").send_keys(Keys.ENTER)
        at = self.state()
        self.assertEqual((at["asked"], at["step"]), (False, question["before"]))

    def test_the_moment_at_which_two_programs_part_is_marked(self):
        for page, recording in self.recordings.items():
            if len(recording["runs"]) == 2:
                with self.subTest(page):
                    player = self.open(page)
                    player.find_element(By.CSS_SELECTOR, ".player-part").send_keys(Keys.ENTER)
                    at = self.state()
                    self.assertEqual(at["step"], recording["part"])
                    self.assertIn("Here the two programs begin to differ.", at["says"])

    def test_a_phone_shows_the_controls_and_does_not_scroll_sideways(self):
        self.browser.size(PHONE)
        for page in self.recordings:
            with self.subTest(page):
                player = self.open(page)
                self.browser.driver.execute_script("document.querySelector('.player').scrollIntoView()")
                wide, right, bottom = self.browser.driver.execute_script(
                    "const bar = document.querySelector('.player-bar').getBoundingClientRect();"
                    "return [document.scrollingElement.scrollWidth, bar.right, bar.bottom]")
                self.assertLessEqual(wide, PHONE[0])
                self.assertLessEqual(right, PHONE[0])
                self.assertLessEqual(bottom, PHONE[1])
                self.assertTrue(player.find_element(By.CSS_SELECTOR, "[aria-label='Step forward']").is_displayed())

    def test_a_program_without_source_lines_leaves_their_room_to_its_sockets(self):
        recording = json.loads(json.dumps(self.recordings["lesson_04.html"]))
        recording["runs"][0]["sources"] = {}
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "page.html"
            page.write_text(players.page(recording, "a page by itself"), encoding="utf-8")
            self.browser.driver.get(page.as_uri())
            widths = self.browser.driver.execute_script(
                "return ['source', 'machine', 'terminals'].map(name => document.querySelector(`.player-${name}`).offsetWidth)")
        whole = self.browser.driver.execute_script("return document.querySelector('.player-panes').offsetWidth")
        self.assertEqual(widths[0], 0)
        self.assertAlmostEqual(sum(widths), whole, delta=4)

    def test_a_typed_line_ends_before_what_comes_next(self):
        self.open("lesson_06.html")
        self.browser.driver.execute_script(LOOK + "scrub(now().steps - 1)")
        beside = self.browser.driver.execute_script("""
            const top = node => { const r = document.createRange(); r.selectNodeContents(node); return r.getClientRects()[0].top; };
            const typed = [...document.querySelectorAll('.player-screen kbd')].filter(each => each.nextSibling);
            return [typed.length, typed.filter(each => top(each.nextSibling) <= top(each)).map(each => each.textContent)]""")
        self.assertGreater(beside[0], 0)
        self.assertEqual(beside[1], [], "what came next stands beside what was typed")

    def test_nothing_moves_for_readers_who_prefer_reduced_motion(self):
        self.browser.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
        self.open("lesson_07.html")
        moving = self.browser.driver.execute_script(
            "return [...document.querySelectorAll('.player *')].filter(each => { const s = getComputedStyle(each);"
            "return parseFloat(s.transitionDuration) > 0 || parseFloat(s.animationDuration) > 0 }).map(each => each.className)")
        self.assertEqual(moving, [])

    def test_light_and_dark_keep_the_contrast_at_every_tenth_step(self):
        for page in ("lesson_06.html", "pitfall_half-close.html"):
            for theme in ("light", "dark"):
                self.browser.theme(theme)
                self.open(page)
                for step in range(0, self.state()["steps"], 10):
                    self.browser.driver.execute_script(LOOK + "scrub(arguments[0])", step)
                    with self.subTest(f"{page}, {theme}, step {step}"):
                        self.assertEqual(self.browser.measure("faint")["found"], [])

    def displayed(self):
        return self.browser.driver.execute_script(
            "const shown = each => !!each && each.getClientRects().length > 0;"
            "return [shown(document.querySelector('.player-fallback')), shown(document.querySelector('.player-stage'))]")

    def test_the_chart_is_shown_instead_on_paper_and_without_javascript(self):
        self.open("lesson_04.html")
        self.assertEqual(self.displayed(), [False, True])
        self.browser.cdp("Emulation.setEmulatedMedia", media="print")
        self.assertEqual(self.displayed(), [True, False])
        self.browser.theme("light")
        self.browser.scripts(False)
        self.browser.open("lesson_04.html")
        self.assertEqual(self.displayed(), [True, False])
        self.browser.scripts(True)
