#!/usr/bin/env bash
# The specs, in two speeds. Its last line adds all of it up: `N passed, N failed`.
#   suite.sh test   on Lua 5.4, all that needs no other Lua, sanitizer, nginx or browser: `make test`
#   suite.sh check  the rest: other Luas, sanitizers, valgrind, failing allocations, fuzz targets, nginx, the browser,
#                   sweeps, a busy machine, installs: `make check`
# Every part runs in an empty environment. Set-up that fails counts as a failure.
#   FUZZ_SECONDS  how long each fuzz target runs (2 unless told)
#   PART_SECONDS  how long a part may take (half an hour and what fuzzing takes, unless told): a hang is a failure
#   PARTS         an extended regular expression: check only those parts
# Specs say with a tag what they need: #nginx (with the browser), #luajit (one that can fork), #sweep (long, for check
# alone), #slow (not under valgrind).
set -u
cd "$(dirname "$0")/.." || exit 1

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
mkdir "$work/tmp"

PART_SECONDS=${PART_SECONDS:-$((1800 + 10 * ${FUZZ_SECONDS:-2}))}

# Servers live where not every user looks.
clean=(env -i "PATH=$PATH:/usr/sbin:/sbin" "TMPDIR=$work/tmp" LC_ALL=C)
for name in LUA_PATH LUA_CPATH; do
  [ -n "${!name-}" ] && clean+=("$name=${!name}")
done

tree() { git status --porcelain --untracked-files=all 2>/dev/null | grep -v '^.. build/'; }
before=$(tree)

# count NAME STATUS: adds up busted's closing lines in the log; a run that says nothing, or ends badly without
# naming a failure, is one.
count() {
  awk -v status="$2" '
    /^[0-9]+ success(es)? \/ [0-9]+ failures? \/ [0-9]+ errors? \/ [0-9]+ pending/ { seen = 1; ok += $1; bad += $4 + $7 + $10 }
    /^[0-9]+ passed, [0-9]+ failed$/ { seen = 1; ok += $1; bad += $3 }
    END { if (!seen || (status != 0 && bad == 0)) bad++; print ok + 0, bad + 0 }' "$work/$1.log" >"$work/$1.count"
}

# part NAME COMMAND...: runs it, keeps the log, says how it went. What hangs is ended, and has failed.
part() {
  local name=$1 start=$SECONDS status passed failed
  shift
  [[ $name =~ ^(${PARTS:-.*})$ ]] || return 0
  timeout -k 10 "$PART_SECONDS" "${clean[@]}" "$@" >"$work/$name.log" 2>&1 </dev/null
  status=$?
  if [ "$status" = 124 ] || [ "$status" = 137 ]; then
    echo "ended after $PART_SECONDS s" >>"$work/$name.log"
  fi
  count "$name" "$status"
  read -r passed failed <"$work/$name.count"
  if [ "$failed" = 0 ]; then
    printf '  %-28s %5d ok  %4d s\n' "$name" "$passed" $((SECONDS - start))
    grep -h 'not installed' "$work/$name.log" | sort -u | sed 's/^/    /' # what could not be compared with
  else
    printf '  %-28s %5d ok  %4d s  %d FAILED\n' "$name" "$passed" $((SECONDS - start)) "$failed"
    sed 's/^/    | /' "$work/$name.log" | tail -n 300
  fi
}

# step COMMAND...: set-up, silent unless it fails; then it counts as a failure.
step() {
  if ! "${clean[@]}" "$@" >"$work/step.log" 2>&1; then
    echo "  set-up failed: $*"
    sed 's/^/    | /' "$work/step.log"
    echo "0 1" >"$work/step-$RANDOM$RANDOM.count"
    return 1
  fi
}

# Specs load a core with asserts from build/test; what they start runs on what users build.
build() {
  step make -s -j2 "LUA=$1"
  step make -s -j2 "LUA=$1" BUILD=build/test ASSERTS=1
}
specs=(DXCONNECT_BUILD=build/test)

# What the folders of spec/ take; the largest comes first, so that the last to end are small.
folders() {
  for folder in spec spec/*/; do
    depth=(); [ "$folder" = spec ] && depth=(-maxdepth 1)
    find "$folder" "${depth[@]}" -name '*_spec.lua' -printf '%s\n' |
      awk -v folder="$folder" '{ size += $1 } END { if (NR > 0) print size, folder }'
  done | sort -rn | cut -d ' ' -f 2
}

make_test() {
  echo "building"
  build lua5.4
  step make -s build/certificates/ca.pem
  echo "running the specs"
  local folder files
  while read -r folder; do
    files=$folder
    [ "$folder" = spec ] && files=$(echo spec/*_spec.lua)
    while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n; done
    # shellcheck disable=SC2086
    part "$(basename "$folder")" env "${specs[@]}" lua5.4 spec/run.lua -o plainTerminal --exclude-tags=nginx,luajit,sweep $files &
  done < <(folders)
  wait
}

# Both cores are kept busy by something else, and no Python has botocore: what else is there must not matter.
busy() {
  mkdir -p "$work/bin"
  printf '#!/bin/sh\nexec %s -I -S "$@"\n' "$(command -v python3 || echo /bin/false)" >"$work/bin/python3"
  chmod +x "$work/bin/python3"
  local load=()
  for _ in 1 2; do
    (while :; do :; done) &
    load+=($!)
  done
  part busy env "PATH=$work/bin:$PATH:/usr/sbin:/sbin" "${specs[@]}" lua5.4 spec/run.lua -o plainTerminal \
    --exclude-tags=nginx,luajit,sweep --shuffle
  kill -KILL "${load[@]}" # no trap of this shell may run in them
}

make_check() {
  echo "building for lua5.4, lua5.3, luajit, lua5.1, and with sanitizers"
  local sanitize='-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined'
  for lua in lua5.4 lua5.3 luajit lua5.1; do
    build "$lua"
  done
  step make -s build/certificates/ca.pem
  step make -s -j2 LUA=lua5.4 BUILD=build/sanitize ASSERTS=1 "CFLAGS=$sanitize"
  # Modules stay loaded to the end, so that a leak's report can name its functions.
  step sh -c 'mkdir -p build/sanitize && cc -shared -fPIC -o build/sanitize/stay.so spec/support/stay.c'

  local run=(spec/run.lua -o plainTerminal)
  local sanitized=(
    env DXCONNECT_BUILD=build/sanitize
    "LD_PRELOAD=$(cc -print-file-name=libasan.so) $PWD/build/sanitize/stay.so"
    "ASAN_OPTIONS=detect_leaks=1:abort_on_error=0:detect_stack_use_after_return=1:allocator_may_return_null=1"
    "LSAN_OPTIONS=suppressions=$PWD/spec/support/leaks.supp:print_suppressions=0"
    "UBSAN_OPTIONS=print_stacktrace=1"
  )
  local valgrind=(
    valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite --show-leak-kinds=definite
    --keep-debuginfo=yes --num-callers=30 "--suppressions=$PWD/spec/support/valgrind.supp"
  )
  # The specs of the core, where memory is handled by hand; the rest would add hours, not paths.
  local core_specs
  mapfile -t core_specs < <(find spec -name '*_spec.lua' ! -path 'spec/help/*' -exec \
    grep -lE 'require[ (]*"dxconnect\.core"' {} +)

  echo "running the specs"
  {
    for lua in lua5.3 luajit lua5.1; do
      part "$lua" env "${specs[@]}" "$lua" "${run[@]}" --exclude-tags=nginx,luajit,sweep
    done
    part nginx env "${specs[@]}" lua5.4 "${run[@]}" --tags=nginx,luajit
    part sweeps env "${specs[@]}" lua5.4 "${run[@]}" --tags=sweep
    part install bash spec/install.sh
  } &
  {
    part sanitizers "${sanitized[@]}" lua5.4 "${run[@]}" --exclude-tags=nginx,luajit,sweep
    part valgrind env "${specs[@]}" "${valgrind[@]}" lua5.4 "${run[@]}" --exclude-tags=nginx,luajit,sweep,slow "${core_specs[@]}"
    part allocations sh spec/alloc/run.sh
    part fuzz env "FUZZ_SECONDS=${FUZZ_SECONDS:-2}" sh spec/fuzz/run.sh
  } &
  wait
  busy
}

case ${1-} in
  test) make_test ;;
  check) make_check ;;
  *) echo "usage: suite.sh test|check" >&2; exit 2 ;;
esac

if [ "$(tree)" != "$before" ]; then
  echo "  the tree is not as it was:"
  tree | sed 's/^/    | /'
  echo "0 1" >"$work/tree.count"
fi

read -r passed failed < <(cat "$work"/*.count | awk '{ ok += $1; bad += $2 } END { print ok + 0, bad + 0 }')
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
