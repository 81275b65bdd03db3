# shellcheck shell=bash
# Finds out what is missing and installs it: on Debian and its relatives with apt-get, elsewhere it says what to install.

has_header() { compgen -G "/usr/include/$1" || compgen -G "/usr/local/include/$1" || compgen -G "/opt/homebrew/include/$1"; }

# is_there WHAT: true if the machine has it.
is_there() {
  case $1 in
    compiler) command -v c++ || command -v g++ || command -v clang++ ;;
    netcat) command -v nc ;;
    graphviz) command -v dot ;;
    doxygen-awesome-css) [[ -e /usr/share/doxygen-awesome-css || -e /usr/local/share/doxygen-awesome-css ]] ;;
    catch2) [[ -e /usr/include/catch2 || -e /usr/local/include/catch2 || -e /opt/homebrew/include/catch2 ]] ;;
    chromium) command -v chromium || command -v chromium-browser || command -v google-chrome ;;
    libevent) has_header event2/event.h ;;
    libev) has_header ev.h ;;
    libuv) has_header uv.h ;;
    asio) has_header asio.hpp ;;
    libfuzzer) compgen -G "/usr/lib*/llvm*/lib/clang/*/lib/linux/libclang_rt.fuzzer*" || compgen -G "/usr/lib*/clang/*/lib/linux/libclang_rt.fuzzer*" ;;
    selenium) python3 -c 'import selenium' || /usr/bin/python3 -c 'import selenium' ;;
    *) command -v "$1" ;;
  esac >/dev/null 2>&1
}

# package WHAT SYSTEM: what it is called there.
package() {
  case $1:$2 in
    compiler:debian | compiler:alpine) echo g++ ;;
    compiler:fedora) echo gcc-c++ ;;
    compiler:arch) echo gcc ;;
    compiler:macos) echo "the command line tools (xcode-select --install)" ;;
    libfuzzer:debian) echo libclang-rt-14-dev ;;
    libfuzzer:*) echo compiler-rt ;;
    libevent:debian | libev:debian) echo "$1-dev" ;;
    libuv:debian) echo libuv1-dev ;;
    asio:debian) echo libasio-dev ;;
    libevent:* | libev:* | libuv:* | asio:*) if [[ $2 == fedora ]]; then echo "$1-devel"; else echo "$1"; fi ;;
    catch2:fedora) echo catch-devel ;;
    netcat:fedora) echo nmap-ncat ;;
    netcat:arch) echo openbsd-netcat ;;
    chromedriver:debian) echo chromium-driver ;;
    chromedriver:alpine) echo chromium-chromedriver ;;
    selenium:arch) echo python-selenium ;;
    selenium:*) echo python3-selenium ;;
    pdftotext:arch) echo poppler ;;
    pdftotext:*) echo poppler-utils ;;
    netcat:*) echo netcat-openbsd ;;
    python3:arch) echo python ;;
    *) echo "$1" ;;
  esac
}

why() {
  case $1 in
    compiler) echo "compiles C++20" ;;
    cmake) echo "configures the build" ;;
    make) echo "runs the build" ;;
    catch2) echo "the tests are written with it" ;;
    netcat) echo "nc, a client for any server, typed by hand" ;;
    clang | libfuzzer) echo "tries what parses with millions of inputs" ;;
    libevent | libev | libuv | asio) echo "an event library that ours is measured beside" ;;
    valgrind) echo "counts instructions" ;;
    strace) echo "lets a system call fail or wait on purpose, for some of the tests, and shows what the kernel saw" ;;
    doxygen) echo "makes the book" ;;
    python3) echo "draws the book's charts and looks after its links; runs the servers that ours are measured beside, and what grades a class" ;;
    doxygen-awesome-css) echo "the book's looks; without it, it reads as well" ;;
    chromium) echo "the browser in which the book is tested" ;;
    chromedriver) echo "lets a test steer the browser" ;;
    selenium) echo "the tests of the book are written with it" ;;
    pdftotext) echo "reads what the browser printed" ;;
    graphviz) echo "draws the book's pictures" ;;
  esac
}

system() {
  if [[ $(uname) == Darwin ]]; then
    echo macos
    return
  fi
  local ID='' ID_LIKE=''
  # shellcheck disable=SC1091
  if [[ -r /etc/os-release ]]; then source /etc/os-release; fi
  case " $ID $ID_LIKE " in
    *" debian "* | *" ubuntu "*) echo debian ;;
    *" fedora "* | *" rhel "*) echo fedora ;;
    *" arch "*) echo arch ;;
    *" alpine "*) echo alpine ;;
    *) echo unknown ;;
  esac
}

# need WHAT...: returns when all of it is there.
need() {
  local what missing=() packages=() here
  for what in "$@"; do
    if ! is_there "$what"; then missing+=("$what"); fi
  done
  if [[ ${#missing[@]} -eq 0 ]]; then return; fi

  here=$(system)
  echo "missing on this machine:"
  for what in "${missing[@]}"; do
    packages+=("$(package "$what" "$here")")
    printf '  %-16s %s\n' "${packages[-1]}" "$(why "$what")"
  done
  case $here in
    debian) install_on_debian "${packages[@]}" ;;
    fedora) fail "install it with: sudo dnf install ${packages[*]}" ;;
    arch) fail "install it with: sudo pacman -S ${packages[*]}" ;;
    alpine) fail "install it with: sudo apk add ${packages[*]}" ;;
    macos) fail "install it with: brew install ${packages[*]}" ;;
    *) fail "install these tools, under whatever name this system has for them: ${missing[*]}" ;;
  esac
}

# wish WHAT...: installs it where that can be done from here; where not, things go on without it.
wish() {
  local what
  for what in "$@"; do
    if is_there "$what"; then continue; fi
    if [[ $(system) != debian ]]; then
      echo "not on this machine: $what ($(why "$what"))"
    elif ! (need "$what"); then
      echo "going on without $what"
    fi
  done
}

install_on_debian() {
  local as_root=()
  if [[ $(id -u) -ne 0 ]]; then
    if ! command -v sudo >/dev/null; then
      fail "only root can install packages and there is no sudo; run as root: apt-get install -y $*"
    fi
    echo "installing packages takes root's rights, so sudo may ask for your password"
    as_root=(sudo)
  fi
  run "${as_root[@]}" apt-get update -qq
  run "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}
