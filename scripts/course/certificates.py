"""The certificates of a class: an authority of its own, a certificate for the server, and one for each student. They are
made with the command `openssl`, OpenSSL's or LibreSSL's, and hold until the next course but one."""

import os
import re
import secrets
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from course.call import fail

NAMES = ("ann", "bob", "cid")  # where no other is given
TAKEN = ("ca", "server")  # names of files that are no student's
DAYS = "730"

# What a certificate may be used for is said in it: with a student's nobody can play the server, nor sign another's.
CONFIG = """
[req]
distinguished_name = nothing
[nothing]
[ca]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
authorityKeyIdentifier = keyid
subjectAltName = {hosts}
[student]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
authorityKeyIdentifier = keyid
"""


def check_name(name: str) -> None:
    """A student's name is the name of two files, and what the others read before each line."""
    if not re.fullmatch(r"[^\W_][\w.-]{0,31}", name):
        fail(f"the name '{name}' must be 1 to 32 letters, digits, dots, dashes or underscores, and begin with a letter or a digit")
    if name.lower() in TAKEN:
        fail(f"the name '{name}' is taken: {name.lower()}.crt is not a student's")


def names_in(file: Path) -> list[str]:
    """The names in a file, one on each line."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        fail(f"cannot read the names in '{file}': {error}")
    return [line.strip() for line in lines if line.strip()]


def host_as_written(host: str) -> str:
    """A host as a certificate has it."""
    if re.fullmatch(r"[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*", host):
        return f"IP:{host}"
    if re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", host):
        return f"DNS:{host}"
    fail(f"the host '{host}' is neither a name nor an address")


class Authority:
    """The folder of a class: its authority, and what that has signed."""

    def __init__(self, folder: Path, hosts: Sequence[str]) -> None:
        self.folder = folder
        self.config = CONFIG.format(hosts=", ".join(host_as_written(host) for host in ("localhost", "127.0.0.1", "::1", *hosts)))

    def openssl(self, *arguments: str) -> None:
        """Runs it; if it fails, its first words say why."""
        done = subprocess.run(["openssl", *arguments], stdin=subprocess.DEVNULL, capture_output=True, check=False, cwd=self.folder)
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace").strip().splitlines() or ["it does not say why"]
            fail(f"openssl {arguments[0]}: {said[0]}")

    def make(self, name: str, subject: str, section: str) -> bool:
        """Makes a key and a certificate of that name; false if they are there. The certificate comes last, and whole."""
        crt, key = f"{name}.crt", f"{name}.key"
        if (self.folder / crt).exists() and (self.folder / key).exists():
            return False
        if (self.folder / crt).exists():
            fail(f"{self.folder / crt} exists, but its key {key} does not: remove the certificate to make both again")
        if (self.folder / key).exists() and section == "ca":
            fail(f"{self.folder / key} exists, but its certificate {crt} does not: remove the key to make both again")
        with tempfile.TemporaryDirectory(dir=self.folder) as made:
            config = ["-config", f"{made}/config"]
            Path(made, "config").write_text(self.config, encoding="utf-8")
            self.openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{made}/key")
            Path(made, "key").chmod(0o600)
            request = ["req", "-new", "-utf8", "-sha256", *config, "-key", f"{made}/key", "-subj", f"/CN={subject}"]
            if section == "ca":
                self.openssl(*request, "-x509", "-days", DAYS, "-extensions", section, "-out", f"{made}/crt")
            else:
                self.openssl(*request, "-out", f"{made}/csr")
                self.openssl("x509", "-req", "-sha256", "-in", f"{made}/csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-days", DAYS,
                             "-set_serial", f"0x{secrets.token_hex(15)}", "-extfile", f"{made}/config", "-extensions", section,
                             "-out", f"{made}/crt")
            os.replace(f"{made}/key", self.folder / key)
            os.replace(f"{made}/crt", self.folder / crt)
        return True


def make_certificates(folder: Path, names: Sequence[str], hosts: Sequence[str]) -> None:
    """Makes what is missing in the folder. What is there stays as it is: an authority is made once."""
    for name in names:
        check_name(name)
    authority = Authority(folder, hosts)
    if hosts and (folder / "server.crt").exists():
        fail(f"{folder / 'server.crt'} exists already: remove it to make one for another host")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Two classes have different authorities, and their names say so, too.
        made = ["ca"] * authority.make("ca", f"class authority {secrets.token_hex(4)}", "ca")
        made += ["server"] * authority.make("server", "server", "server")
        made += [name for name in names if authority.make(name, name, "student")]
    except OSError as error:
        fail(f"cannot write into '{folder}': {error.strerror}")
    for name in made:
        print(f"made {name}.crt and {name}.key")
    if not made:
        print("nothing to make: all of them exist already")
