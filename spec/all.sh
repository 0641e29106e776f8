#!/usr/bin/env bash
# The whole suite: every spec on each Lua, once more under the sanitizers, the core's under valgrind, allocations that
# fail, fuzz targets. Every part runs in an empty environment; two run side by side. Set-up that fails counts as a failure.
# Its last line adds all of it up: `N passed, N failed`.
#   FUZZ_SECONDS  how long each fuzz target runs (2 unless told)
#   PART_SECONDS  how long a part may take (half an hour and what fuzzing takes, unless told): a hang is a failure
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
  timeout -k 10 "$PART_SECONDS" "${clean[@]}" "$@" >"$work/$name.log" 2>&1 </dev/null
  status=$?
  if [ "$status" = 124 ] || [ "$status" = 137 ]; then
    echo "ended after $PART_SECONDS s" >>"$work/$name.log"
  fi
  count "$name" "$status"
  read -r passed failed <"$work/$name.count"
  if [ "$failed" = 0 ]; then
    printf '  %-28s %5d ok  %4d s\n' "$name" "$passed" $((SECONDS - start))
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


echo "building for lua5.4, lua5.3, luajit, lua5.1, and with sanitizers"
sanitize='-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined'
for lua in lua5.4 lua5.3 luajit lua5.1; do
  step make -s -j2 "LUA=$lua"
done
step make -s build/certificates/ca.pem
step make -s -j2 LUA=lua5.4 BUILD=build/sanitize "CFLAGS=$sanitize"
# Modules stay loaded to the end, so that a leak's report can name its functions.
step sh -c 'mkdir -p build/sanitize && cc -shared -fPIC -o build/sanitize/stay.so spec/support/stay.c'

sanitized=(
  env DXCONNECT_BUILD=build/sanitize
  "LD_PRELOAD=$(cc -print-file-name=libasan.so) $PWD/build/sanitize/stay.so"
  "ASAN_OPTIONS=detect_leaks=1:abort_on_error=0:detect_stack_use_after_return=1:allocator_may_return_null=1"
  "LSAN_OPTIONS=suppressions=$PWD/spec/support/leaks.supp:print_suppressions=0"
  "UBSAN_OPTIONS=print_stacktrace=1"
)
valgrind=(
  valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite --show-leak-kinds=definite
  --keep-debuginfo=yes --num-callers=30 "--suppressions=$PWD/spec/support/valgrind.supp"
)
# The specs of the core, where memory is handled by hand; the rest would add hours, not paths.
mapfile -t core_specs < <(grep -lE 'require[ (]*"dxconnect\.core"' $(find spec -name '*_spec.lua') | grep -v /help)

echo "running the specs"
{
  part lua5.4 lua5.4 spec/run.lua -o plainTerminal
  part lua5.3 lua5.3 spec/run.lua -o plainTerminal
  part luajit luajit spec/run.lua -o plainTerminal
  part lua5.1 lua5.1 spec/run.lua -o plainTerminal
} &
{
  part sanitizers "${sanitized[@]}" lua5.4 spec/run.lua -o plainTerminal
  [ ${#core_specs[@]} -gt 0 ] &&
    part valgrind env -u LD_PRELOAD "${valgrind[@]}" lua5.4 spec/run.lua -o plainTerminal --exclude-tags=slow "${core_specs[@]}"
  part install bash spec/install.sh
  [ -f spec/alloc/run.sh ] && part allocations sh spec/alloc/run.sh
  [ -f spec/fuzz/run.sh ] && part fuzz env "FUZZ_SECONDS=${FUZZ_SECONDS:-2}" sh spec/fuzz/run.sh
} &
wait

if [ "$(tree)" != "$before" ]; then
  echo "  the tree is not as it was:"
  tree | sed 's/^/    | /'
  echo "0 1" >"$work/tree.count"
fi

read -r passed failed < <(cat "$work"/*.count | awk '{ ok += $1; bad += $2 } END { print ok + 0, bad + 0 }')
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
