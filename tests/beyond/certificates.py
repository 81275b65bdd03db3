"""Makes the certificates that the tests of beyond/tls need: those of a class, and some that a server must refuse.

usage: certificates.py DIR"""

import shutil
import sys
from pathlib import Path

from course.certificates import Authority, make_certificates

SIGNING = """
[authority]
database = index.txt
serial = serial
new_certs_dir = .
certificate = ca.crt
private_key = ca.key
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = optional
organizationName = optional
"""


class Odd(Authority):
    """An authority that signs certificates that it should not sign."""

    def sign(self, name: str, subject: str, section: str = "student", end: str = "20991231235959Z") -> None:
        """Makes a certificate that is valid from 2020 until then."""
        Path(self.folder, "odd").write_text(self.config + SIGNING, encoding="utf-8")
        Path(self.folder, "index.txt").write_text("", encoding="utf-8")
        Path(self.folder, "serial").write_text("0A\n", encoding="utf-8")
        self.openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{name}.key")
        self.openssl("req", "-new", "-utf8", "-config", "odd", "-key", f"{name}.key", "-subj", subject, "-out", "csr")
        self.openssl("ca", "-batch", "-notext", "-utf8", "-config", "odd", "-name", "authority", "-startdate", "20200101000000Z",
                     "-enddate", end, "-extfile", "odd", "-extensions", section, "-in", "csr", "-out", f"{name}.crt")


def make(folder: Path) -> None:
    """Makes all of them."""
    shutil.rmtree(folder, ignore_errors=True)
    make_certificates(folder, ["ann", "bob", "cid"], [])
    make_certificates(folder / "other", ["eve"], [])
    odd = Odd(folder, [])
    odd.sign("expired", "/CN=dora", end="20200201000000Z")
    odd.sign("nameless", "/O=class")
    odd.sign("two-lines", "/CN=ann: hello\nbob")
    odd.sign("escape", "/CN=\x1b[2Jann")
    odd.config = odd.config.replace("DNS:localhost, IP:127.0.0.1, IP:::1", "DNS:chat.example.org")
    odd.sign("elsewhere", "/CN=localhost", "server")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
