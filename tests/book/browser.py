"""One headless Chromium over the built book, opened from its folder as a reader opens it: no server, no network."""
import atexit
import base64
import json
import os
import pathlib
import shutil
import subprocess
from urllib.parse import unquote, urlsplit

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BOOK = pathlib.Path(os.environ.get("BOOK") or ROOT / "build/docs/book/html").resolve()
# What the tests make of a book, beside it: screenshots, handouts, the notes of the tour.
WORK = pathlib.Path(os.environ.get("BOOK_WORK") or BOOK.parent.parent).resolve()
MEASURES = (pathlib.Path(__file__).parent / "measures.js").read_text()

DESKTOP = (1280, 900)
PHONE = (390, 844)


def program(*names):
    return next(path for name in names if (path := shutil.which(name)))


class Browser:
    """Opens pages of the book and returns what the browser knows about them. Every wait ends after 20 seconds."""

    def __init__(self):
        options = webdriver.ChromeOptions()
        options.binary_location = program("chromium", "chromium-browser", "google-chrome")
        for argument in ("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                         "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"):
            options.add_argument(argument)
        if os.getuid() == 0:
            options.add_argument("--no-sandbox")  # which Chromium cannot set up for root
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        options.add_experimental_option("perfLoggingPrefs", {"enableNetwork": True, "enablePage": False})
        self.driver = webdriver.Chrome(service=Service(program("chromedriver")), options=options)
        self.driver.set_page_load_timeout(20)
        self.driver.set_script_timeout(20)
        self.reset()

    def reset(self):
        self.driver.switch_to.default_content()
        self.scripts(True)
        self.size(DESKTOP)
        self.theme("light")

    def cdp(self, command, **parameters):
        return self.driver.execute_cdp_cmd(command, parameters)

    def open(self, page, unfold=True):
        """Opens a page given by its path in the book (or a whole address), waits until it has settled, and opens all folds."""
        name, _, anchor = page.partition("#")
        address = page if "://" in page else (BOOK / name).as_uri() + (f"#{anchor}" if anchor else "")
        self.driver.get("about:blank")  # another place of the same page would not be loaded again
        self.driver.get(address)
        if self.with_scripts:
            self.driver.execute_async_script("const done = arguments[0]; setTimeout(() => setTimeout(done, 0), 0)")
        if unfold:
            self.driver.execute_script("for (const fold of document.querySelectorAll('details')) fold.open = true")

    def page(self):
        """The path in the book of the page that is shown, without its anchor."""
        return inside(self.driver.current_url) or self.driver.current_url

    def size(self, size):
        width, height = size
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                 mobile=size == PHONE)

    def theme(self, scheme):
        self.cdp("Emulation.setEmulatedMedia", media="",
                 features=[{"name": "prefers-color-scheme", "value": scheme}])

    def scripts(self, wanted):
        self.with_scripts = wanted
        self.cdp("Emulation.setScriptExecutionDisabled", value=not wanted)

    def measure(self, name, *arguments):
        """Calls a function of measures.js in the page, and returns what it found."""
        return self.driver.execute_script(f"{MEASURES}\nreturn {name}(...arguments)", *arguments)

    def console(self):
        """What the pages said to the console since the last call, as text, worst last."""
        return [f"{entry['level']}: {entry['message']}" for entry in self.driver.get_log("browser")]

    def requests(self):
        """The addresses that were asked for since the last call."""
        messages = (json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance"))
        return [message["params"]["request"]["url"] for message in messages
                if message["method"] == "Network.requestWillBeSent"]

    def screenshot(self, name):
        path = WORK / "screenshots" / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(self.cdp("Page.captureScreenshot", format="png")["data"]))

    def print(self, path):
        """Prints the page to a PDF on A4, as the reader's print button does."""
        path.parent.mkdir(parents=True, exist_ok=True)
        data = self.cdp("Page.printToPDF", paperWidth=8.27, paperHeight=11.69, printBackground=False)["data"]
        path.write_bytes(base64.b64decode(data))

    def close(self):
        self.driver.quit()


def inside(url):
    """The path in the book of a file:// address, without its anchor and query; None if it lies outside."""
    parts = urlsplit(url)
    if parts.scheme != "file":
        return None
    path = pathlib.Path(os.path.normpath(unquote(parts.path)))
    return path.relative_to(BOOK).as_posix() if path.is_relative_to(BOOK) else None


def pages():
    """Every page of the book by its path, except the lists that the search box shows in its frame."""
    found = (path.relative_to(BOOK) for path in BOOK.rglob("*.html"))
    return sorted(path.as_posix() for path in found if path.parts[0] != "search")


def pdf_text(path):
    """The text of a PDF, page by page."""
    text = subprocess.run([program("pdftotext"), "-layout", path, "-"], check=True, capture_output=True, text=True,
                          timeout=20).stdout
    return text.split("\f")[:-1]


_shared = None


def shared():
    """The one browser of this run, reset to its first state."""
    global _shared
    if _shared is None:
        _shared = Browser()
        atexit.register(_shared.close)
    _shared.reset()
    return _shared
