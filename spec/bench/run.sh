#!/bin/sh
# What a call costs beside the least that a C program can do: builds bare.c, has report.lua measure and print a table.
# Then inventory.lua prints one of inventories of a hundred to ten thousand interfaces.
#   BENCH=quick   every piece once and briefly, to see that it works: the figures mean nothing then
#   BENCH_LUAS    the Lua programs to measure (lua5.4 and luajit unless told)
set -eu
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
child=
clean_up() {
  [ -z "$child" ] || kill "$child" 2>/dev/null || true
  for pid in "$work"/*/nginx.pid; do
    [ ! -s "$pid" ] || kill "$(cat "$pid")" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

libraries=$(pkg-config --cflags --libs libcurl libcrypto)
# shellcheck disable=SC2086
${CC:-cc} -std=c99 -D_DEFAULT_SOURCE -Wall -Wextra -O2 -o "$work/bare" spec/bench/bare.c $libraries

luas=${BENCH_LUAS:-lua5.4 luajit}
set -- env -i "PATH=$PATH:/usr/sbin:/sbin" "TMPDIR=$work" LC_ALL=C "BENCH=${BENCH:-}" "BENCH_LUAS=$luas"
[ -z "${LUA_PATH:-}" ] || set -- "$@" "LUA_PATH=$LUA_PATH"
[ -z "${LUA_CPATH:-}" ] || set -- "$@" "LUA_CPATH=$LUA_CPATH"
timeout 900 "$@" "${luas%% *}" spec/bench/report.lua "$work" &
child=$!
wait "$child"
echo
timeout 600 "$@" "${luas%% *}" spec/bench/inventory.lua "${luas%% *}" &
child=$!
wait "$child"
