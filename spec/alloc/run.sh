#!/bin/sh
# Makes allocations fail, each in turn, and looks whether the core comes through: see runner.c. Closes with a line
# `N passed, N failed`, over the failures injected.
#   ALLOC_LIMIT  how many of each kind and scenario (0: every one; 25 unless told, 10 for Luas without the sanitizer)
#   ALLOC_LUAS   for which Luas (lua5.4 under ASan; lua5.3, luajit and lua5.1 without)
set -u
cd "$(dirname "$0")/../.." || exit 1
out=build/alloc
wrap='-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup'
total=0
failed=0

fail() {
  echo "$1" >&2
  echo "0 passed, 1 failed"
  exit 1
}

make -s build/certificates/ca.pem || fail "the server was not built"
work=$(mktemp -d) || fail "no room for temporary files"
servers=
trap 'kill $servers 2>/dev/null; rm -rf "$work"' EXIT INT TERM
printf '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n' >"$work/secret"
chmod 600 "$work/secret"

body='{"locations":[{"locationCode":"A1"}]}'
answer="send=HTTP/1.1%20200%20OK%0d%0aContent-Length:%20${#body}%0d%0a%0d%0a$body"

# serve NAME OPTION...: starts a server that answers; its port is in $port.
serve() {
  name=$1
  shift
  mkfifo "$work/$name"
  build/faultd "$@" "$answer" >"$work/$name" &
  servers="$servers $!"
  exec 9<"$work/$name"
  read -r port _ <&9
}
serve http
http=http://127.0.0.1:$port
exec 8<&9 # the server ends when nobody reads from it
serve https --tls build/certificates/good.pem
https=https://127.0.0.1:$port

# sweep LUA LIMIT CFLAGS...: builds the core and the runner for a Lua, and runs it.
sweep() {
  lua=$1
  limit=${ALLOC_LIMIT:-$2}
  shift 2
  make -s -j2 ASSERTS=1 "LUA=$lua" "BUILD=$out" "CFLAGS=-g -fno-omit-frame-pointer $*" "LDFLAGS=$wrap" || fail "the core was not built"
  # shellcheck disable=SC2046
  cc -std=gnu99 -g "$@" -rdynamic $(pkg-config --cflags "$lua") -o "$out/$lua/runner" spec/alloc/runner.c \
    $(pkg-config --libs "$lua") -ldl -lm || fail "the runner was not built"
  echo "$lua"
  timeout "${ALLOC_SECONDS:-600}" "$out/$lua/runner" spec/alloc/scenarios.lua "$limit" "$out/$lua" "$http" "$https" \
    build/certificates/ca.pem "$work/secret" >"$work/log" 2>&1
  status=$?
  cat "$work/log"
  summary=$(sed -n 's/^\([0-9]*\) allocations failed, \([0-9]*\) of them badly$/\1 \2/p' "$work/log")
  done=${summary% *}
  bad=${summary#* }
  if [ -z "$summary" ] || { [ "$status" != 0 ] && [ "$bad" = 0 ]; }; then
    echo "$lua: the runner ended with status $status"
    bad=$((${bad:-0} + 1))
  fi
  total=$((total + ${done:-0} - bad))
  failed=$((failed + bad))
}

export ASAN_OPTIONS="detect_leaks=1:allocator_may_return_null=1"
export LSAN_OPTIONS="suppressions=$PWD/spec/alloc/leaks.supp:print_suppressions=0"
for name in ${ALLOC_LUAS:-lua5.4 lua5.3 luajit lua5.1}; do
  case $name in
    lua5.4) sweep "$name" 25 -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined ;;
    *) sweep "$name" 10 -O1 ;;
  esac
done
[ "$total" -gt 0 ] || failed=$((failed + 1))
echo "$total passed, $failed failed"
[ "$failed" = 0 ]
