# shellcheck shell=bash
# The walk through the seven lessons: each program is started, a real client talks to it over a real socket, and what
# both print is shown as it happens.

walk_log=''
walk_server=''
walk_port=''

# shown NAME COLOUR: every line it reads, with the name of the terminal before it.
shown() {
  local line before after=''
  before=$(printf '%8s' "$1")
  if [[ -t 1 ]]; then
    before=$'\e['"$2m$before"
    after=$'\e[0m'
  fi
  while IFS= read -r line || [[ -n $line ]]; do
    printf '%s |%s %s\n' "$before" "$after" "$line"
    printf '%s\n' "$line" >>"$walk_log/$1"
  done
}

say() { printf '\n%s\n' "$*"; }

# Time for the reader to see what has happened before the next thing does.
beat() { sleep "${LEARN_BEAT:-0.7}"; }

title() {
  local lesson=$1
  printf '\n=== Lesson %s: %s ===\n' "${lesson:0:2}" "$(about "$lesson")"
  beat
}

# start PROGRAM: a server on a free port; its number is then in walk_port.
start() {
  local program=build/student/$1 attempt
  rm -f "$walk_log/server"
  echo "\$ $program localhost 0" | shown server 36
  "$program" localhost 0 > >(shown server 36) 2>&1 &
  walk_server=$!
  walk_port=''
  for ((attempt = 0; attempt < 100; ++attempt)); do
    walk_port=$(sed -n 's/^[^$].*port \([0-9][0-9]*\)$/\1/p' "$walk_log/server" | head -n 1)
    if [[ -n $walk_port ]]; then break; fi
    sleep 0.05
  done
  [[ -n $walk_port ]] || fail "$program did not start"
  beat
}

# client COMMAND...: runs it to its end, at most ten seconds; its input is this function's.
client() {
  echo "\$ $*" | shown client 33
  timeout 10 "$@" 2>&1 | shown client 33
  beat
}

# type_lines NAME COLOUR BEATS LINE...: what somebody types, so many beats apart; shown, and sent on.
type_lines() {
  local name=$1 colour=$2 beats=$3 line i
  shift 3
  for line in "$@"; do
    for ((i = 0; i < beats; ++i)); do beat; done
    printf '(types)  %s\n' "$line" | shown "$name" "$colour" >&3
    printf '%s\n' "$line"
  done
  beat
}

# A client typed by hand. How nc ends says nothing: some servers close first.
by_hand() { type_lines client 33 1 "$@" | client nc -N localhost "$walk_port" || true; }

# The server ends by itself, or is told to.
ends() { wait "$walk_server" || fail "the server ended with status $?"; }

stop() {
  say "Nothing ends this server but a signal: Ctrl-C in its terminal, or kill from here."
  kill "$walk_server" 2>/dev/null || true
  wait "$walk_server" 2>/dev/null || true
}

walk() {
  exec 3>&1
  walk_log=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$walk_log'; kill \$(jobs -p) 2>/dev/null || true" EXIT
  say "Seven lessons, live. Left of the bar stands whose terminal it is. Read the program beside it:"
  echo "each lesson is a folder, with a README.md that explains what you see here."

  title 01-blocking-accept
  start 01-blocking-accept/blocking-accept
  say "It stands still in accept(), and would for ever. Now somebody connects:"
  by_hand
  ends

  title 02-selector-accept
  start 02-selector-accept/selector-accept
  say "It waits in select() instead. When a client comes, both lines come together: accept() did not wait."
  by_hand & # this client stays until the server lets it go, when the next one comes
  for ((i = 0; i < 3; ++i)); do beat; done
  by_hand &
  for ((i = 0; i < 3; ++i)); do beat; done
  stop

  title 03-callbacks
  start 03-callbacks/callbacks
  say "The same to look at; but the loop does not know what it calls: the function came with the key."
  by_hand
  stop

  title 04-echo-server
  start 04-echo-server/echo-server
  say "What you type comes back. The server ends with its client, as the source's does."
  by_hand "hello" "are you there?"
  ends

  title 05-echo-client
  start 04-echo-server/echo-server
  say "One loop that writes while there is something to write, and reads what comes back."
  client build/student/05-echo-client/echo-client localhost "$walk_port" </dev/null
  ends

  title 06-multiconn
  start 06-multiconn/multiconn-server
  say "Three connections at once, from one client program:"
  client build/student/06-multiconn/multiconn-client localhost "$walk_port" </dev/null
  stop
  say "The same work with a callback in each key:"
  start 06-multiconn/callback-server
  client build/student/06-multiconn/multiconn-client --connections 2 localhost "$walk_port" </dev/null
  stop

  title 07-chat
  start 07-chat/chat-server
  say "Two people in a chat. What one types, the other reads."
  chat_member ann 33 "is anybody here?" "how are you?"
  chat_member bob 35 "hello ann" "fine, thank you"
  wait "${chatting[@]}"
  stop

  say "That was the whole path. Now read and break it, one lesson at a time:"
  echo "  read   01-blocking-accept/README.md, and blocking-accept.cpp beside it"
  echo "  run    ./learn run 01           then, in another terminal: nc -d localhost 7342"
  echo "  test   ./learn check 01"
}

# chat_member NAME COLOUR LINE...: joins, types the lines, stays a little, and leaves.
chatting=()
chat_member() {
  local name=$1 colour=$2 program=build/student/07-chat/chat-client
  echo "\$ $program localhost $walk_port" | shown "$name" "$colour"
  {
    type_lines "$name" "$colour" 4 "${@:3}"
    for ((i = 0; i < 4; ++i)); do beat; done
  } | timeout 20 "$program" localhost "$walk_port" 2>&1 | shown "$name" "$colour" &
  chatting+=($!)
  beat
  beat
}
