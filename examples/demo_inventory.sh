#!/bin/sh
# `make demo-inventory`: the emulator with a seeded estate on a free loopback port, and examples/inventory.lua against
# it. Nothing leaves this machine. PICTURE says where the picture goes (estate.svg in the folder for temporary files).
set -u
cd "$(dirname "$0")/.." || exit 1
LUA=${LUA:-lua5.4}
build=$("$LUA" -e 'print(jit and "luajit" or "lua" .. _VERSION:match("%d%.%d"))') || exit 1
export LUA_PATH="$PWD/lua/?.lua;$PWD/lua/?/init.lua;${LUA_PATH:-};"
export LUA_CPATH="$PWD/build/$build/?.so;${LUA_CPATH:-};"

work=$(mktemp -d) || exit 1
emulator=
finish() {
  [ -n "$emulator" ] && kill "$emulator" 2>/dev/null && wait "$emulator" 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

"$LUA" lua/dxconnect/command/launcher emulator --seed estate >"$work/url" 2>"$work/errors" &
emulator=$!
tries=0
until [ -s "$work/url" ]; do
  tries=$((tries + 1))
  if [ "$tries" -gt 100 ] || ! kill -0 "$emulator" 2>/dev/null; then
    echo "the emulator did not start:" >&2
    cat "$work/errors" >&2
    exit 1
  fi
  sleep 0.1
done

# An account of nobody's: what the caller's environment and files hold has no part in this.
env -i PATH="$PATH" LUA_PATH="$LUA_PATH" LUA_CPATH="$LUA_CPATH" AWS_REGION=us-east-1 \
  AWS_ENDPOINT_URL_DIRECT_CONNECT="$(head -n 1 "$work/url")" \
  AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY \
  AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true \
  "$LUA" examples/inventory.lua "${PICTURE:-${TMPDIR:-/tmp}/estate.svg}" demo
