"""The reference of the library shows what its users need, and nothing of selectors/detail."""
import re
import unittest

from browser import BOOK, ROOT, pages


def internal_names():
    """The internal classes of the library, except those that share their name with a public one."""
    headers = ROOT / "common/include/selectors"
    defined = r"^\s*(?:class|struct)\s+(\w+)\s*(?:final\s*)?[:{]"
    inside, outside = (set(re.findall(defined, "\n".join(path.read_text() for path in paths), re.M))
                       for paths in (headers.glob("detail/*.hpp"), headers.glob("*.hpp")))
    return inside - outside


def told(html, names):
    """The internal names in a page or a list."""
    return sorted(set(re.findall(rf"\bdetail::|\b(?:{'|'.join(sorted(names) or ['detail::'])})\b", html)))


class Reference(unittest.TestCase):
    def test_no_page_of_the_reference_names_internal_classes(self):
        """The listings of the headers may name them, because they are not pages of the reference."""
        reference = [page for page in pages() if re.match(r"(class|struct|namespace|hierarchy|annotated|functions|files|group"
                                                          r"|inherits|dir_|.*_8hpp\.html)", page)]
        self.assertGreater(len(reference), 30)
        names = internal_names()
        self.assertGreater(len(names), 3)
        files = [*(BOOK / page for page in reference), *BOOK.glob("*.js"), *BOOK.glob("search/*.js"), *BOOK.glob("*.svg")]
        wrong = {path.name: found for path in files if (found := told(path.read_text(), names))}
        self.assertEqual(wrong, {})

    def test_public_classes_are_in_the_reference(self):
        for name in ("Socket", "Address", "SelectorKey", "SignalPipe"):
            self.assertTrue([page for page in pages() if page in (f"classselectors_1_1{name}.html",
                                                                  f"structselectors_1_1{name}.html")], name)
