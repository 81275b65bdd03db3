# shellcheck shell=bash
# The exercises: a copy of the starter to work on, its check told in plain words, hints, and how far one has come.
# Underneath is plain CTest: `cmake --build --preset tests --target mine-NAME test-exercises && ctest --preset work -R mine/NAME`.

work=work
progress=$work/progress # lines of NAME STATE, the last one counts

# The names of all exercises, in the order of the lessons.
exercises() {
  local folder
  for folder in 0?-*/exercises/*/; do basename "$folder"; done
}

# The folder of the exercise.
exercise_folder() {
  local folder
  for folder in 0?-*/exercises/"$1"; do
    if [[ -d $folder ]]; then
      echo "$folder"
      return
    fi
  done
  fail "there is no exercise '$1' (./learn exercise lists them)"
}

# What it is about: the rest of the title of its page.
exercise_about() { sed -n '1s/^# [^:]*: //p' "$(exercise_folder "$1")/README.md"; }

# passed, tried or "not yet".
exercise_state() {
  if grep -qs "^$1 passed$" "$progress"; then
    echo passed
  elif [[ -d $work/$1 ]]; then
    echo tried
  else
    echo "not yet"
  fi
}

list_exercises() {
  local name
  for name in $(exercises); do
    printf '%-20s %-8s %s\n' "$name" "$(exercise_state "$name")" "$(exercise_about "$name")"
  done
  echo "one of them: ./learn exercise NAME, and with --watch again each time you save"
}

show_progress() {
  local lesson folder name state left all=0 passed=0
  for lesson in 0?-*/; do
    left=${lesson%/}
    for folder in "$lesson"exercises/*/; do
      name=$(basename "$folder")
      state=$(exercise_state "$name")
      printf '%-20s %-20s %s\n' "$left" "$name" "$state"
      left=''
      all=$((all + 1))
      if [[ $state == passed ]]; then passed=$((passed + 1)); fi
    done
  done
  echo "$passed of $all passed"
}

# exercise_hint NAME N: the inside of the Nth <details> of its page.
exercise_hint() {
  [[ $2 =~ ^[123]$ ]] || fail "hint what? --hint 1, 2 or 3"
  awk -v wanted="$2" '
    /<details>/ { seen++ }
    seen == wanted && !/<\/?(details|summary)/ && (NF || shown) { print; shown = 1 }
    /<summary>/ && seen == wanted { gsub(/<[^>]*>/, ""); print }
    /<\/details>/ && seen == wanted { exit }' "$(exercise_folder "$1")/README.md"
}

# Prints a command, runs it, and keeps what it says in a file.
run_into() {
  printf '$'
  printf ' %q' "${@:2}"
  printf '\n'
  "${@:2}" >"$1" 2>&1
}

# What a failed check has to say, without what surrounds it: the story, what was expected, what there was instead.
tell_failure() {
  awk '
    /^checking: / { check = substr($0, 11) }
    /Timeout/ { late = 1 }
    /the story so far:$/ { print "  not so yet:  " check; print "what happened:"; inside = 1; next }
    inside && /^but:/ { sub(/.$/, ""); print; told = 1; exit }
    inside { print }
    /^-----/ { block = 1; next } # the long form, of an own selector: the name of the test, the place, the check
    /^=====/ { block = 0 }
    block && NF && !/^\.\.\.\.\./ { long = long "  " $0 "\n" }
    !inside { rest = rest $0 "\n" }
    END {
      if (!told && long) printf "not so yet:\n%s", long
      else if (!told && late) print "the check did not come to its end in a minute: something waits for ever"
      else if (!told) printf "%s", rest
    }' "$1"
}

# One round: builds the copy, checks it, tells. Returns 0 if it passed.
check_exercise() {
  local name=$1 folder=$2 log=$work/$1/check.log
  if ! run_into "$log" cmake --build --preset tests --target "mine-$name"; then
    echo "it does not build yet:"
    grep -E -A 4 'error|undefined reference' "$log" | head -n 40
    return 1
  fi
  if run_into "$log" ctest --preset work -R "^mine/$name\$"; then
    echo "$name passed" >>"$progress"
    echo "$name: passed.$(if [[ -e $folder/solution.cpp ]]; then echo " One way to do it: $folder/solution.cpp"; fi)"
    return 0
  fi
  echo "$name tried" >>"$progress"
  tell_failure "$log"
  echo "hints: ./learn exercise $name --hint 1 (then 2 and 3), or $folder/README.md"
  return 1
}

# When a student's files were last changed.
stamp() { ls -l --full-time "$work/$1"/*.cpp 2>/dev/null || ls -lT "$work/$1"/*.cpp; }

# Returns when they have changed since `before`: at once where the system tells, else within a second. It looks itself
# in either case, because some file systems tell nothing (those of Windows under WSL).
wait_for_change() {
  local before=$2
  while [[ $(stamp "$1") == "$before" ]]; do
    if command -v inotifywait >/dev/null; then
      inotifywait -qq -t 2 -e close_write -e moved_to "$work/$1" || true
    else
      sleep 0.5
    fi
  done
}

watch_exercise() {
  local before
  while true; do
    before=$(stamp "$1")
    check_exercise "$1" "$2" || true
    echo "waiting for you to save $work/$1/$1.cpp (Ctrl-C ends it)"
    wait_for_change "$1" "$before"
    printf '\n%s\n' "$(date +%T) saved"
  done
}

# exercise NAME [--watch | --hint N | --solution]
exercise() {
  local name=$1 folder
  folder=$(exercise_folder "$name")
  case ${2-} in
    --hint) exercise_hint "$name" "${3-}" && return ;;
    --solution)
      [[ -e $folder/solution.cpp ]] || fail "there are no solutions in a class's copy of the course; your teacher has them"
      echo "$folder/solution.cpp"
      return
      ;;
    '' | --watch) ;;
    *) fail "unknown option '$2' (--watch, --hint 1, --solution)" ;;
  esac
  need compiler cmake make catch2
  if [[ ! -e $work/$name/$name.cpp ]]; then
    mkdir -p "$work/$name"
    cp "$folder/starter.cpp" "$work/$name/$name.cpp"
    awk '/^## /{on = 0} on; /^## What to make/{on = 1}' "$folder/README.md"
    echo "your copy: $work/$name/$name.cpp; the whole page: $folder/README.md"
    run_into "$work/$name/check.log" cmake --preset tests # so that the build knows the new file
  fi
  local checks=test-exercises
  if [[ $name == own-selector ]]; then checks=own-contract; fi
  build tests --target "$checks"
  if [[ ${2-} == --watch ]]; then
    watch_exercise "$name" "$folder"
  else
    check_exercise "$name" "$folder"
  fi
}
