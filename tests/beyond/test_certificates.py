"""./learn certificates: what it makes, what it keeps, and what it refuses."""

import subprocess
import tempfile
import unittest
from pathlib import Path

from course.call import Mistake
from course.certificates import make_certificates, names_in


def said_by_openssl(*arguments: str) -> str:
    """What the command prints."""
    return subprocess.run(["openssl", *arguments], capture_output=True, check=False, text=True).stdout


class Certificates(unittest.TestCase):
    """In a folder of its own each time."""

    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name, "class")

    def contents(self) -> dict[str, bytes]:
        """What each file in the folder holds."""
        return {path.name: path.read_bytes() for path in self.folder.iterdir()}

    def test_makes(self) -> None:
        make_certificates(self.folder, ["ann", "zoë"], ["chat.example.org", "192.0.2.7"])
        owners = ("ca", "server", "ann", "zoë")
        self.assertEqual(set(self.contents()), {f"{name}.{kind}" for name in owners for kind in ("crt", "key")})
        for name in owners:
            self.assertEqual(Path(self.folder, f"{name}.key").stat().st_mode & 0o777, 0o600)
            said = said_by_openssl("verify", "-CAfile", f"{self.folder}/ca.crt", f"{self.folder}/{name}.crt")
            self.assertIn(": OK", said)
        server = said_by_openssl("x509", "-noout", "-text", "-in", f"{self.folder}/server.crt")
        for host in ("DNS:localhost", "IP Address:127.0.0.1", "DNS:chat.example.org", "IP Address:192.0.2.7"):
            self.assertIn(host, server)

    def test_adds(self) -> None:
        make_certificates(self.folder, ["ann"], [])
        before = self.contents()
        make_certificates(self.folder, ["ann", "bob"], [])
        after = self.contents()
        self.assertEqual(set(after) - set(before), {"bob.crt", "bob.key"})
        self.assertEqual({name: after[name] for name in before}, before)

    def test_refuses(self) -> None:
        for name in ("", "..", "a/b", "-ann", "ann bob", "a\nb", "x" * 33, "ca", "Server"):
            with self.subTest(name=name), self.assertRaises(Mistake) as told:
                make_certificates(self.folder, ["ann", name], [])
            self.assertTrue(str(told.exception))
        for host in ("", "a b", "x,DNS:evil.example", "a\nb"):
            with self.subTest(host=host), self.assertRaises(Mistake):
                make_certificates(self.folder, ["ann"], [host])
        self.assertFalse(self.folder.exists(), "something was made before the mistake was seen")

    def test_halves(self) -> None:
        make_certificates(self.folder, ["ann"], [])
        Path(self.folder, "ca.key").unlink()
        with self.assertRaises(Mistake) as told:
            make_certificates(self.folder, ["bob"], [])
        self.assertIn("ca.crt exists, but its key ca.key does not", str(told.exception))
        with self.assertRaises(Mistake):
            make_certificates(self.folder, ["ann"], ["chat.example.org"])

    def test_names(self) -> None:
        file = self.folder.with_suffix(".txt")
        file.write_text("ann\n\n  bob \n", encoding="utf-8")
        self.assertEqual(names_in(file), ["ann", "bob"])
        file.write_bytes(b"\xff\n")
        with self.assertRaises(Mistake):
            names_in(file)


if __name__ == "__main__":
    unittest.main()
