#!/bin/sh
# `make demo-openresty`: the emulator on a free loopback port, and nginx with the page against it until Ctrl-C. Nothing
# leaves this machine. PORT says where the page is (8080), SPEED how fast time runs in the emulator (20 times).
set -u
cd "$(dirname "$0")/../.." || exit 1
root=$PWD
port=${PORT:-8080}
export LUA_PATH="$root/lua/?.lua;$root/lua/?/init.lua;${LUA_PATH:-};"
export LUA_CPATH="$root/build/luajit/?.so;${LUA_CPATH:-};"
PATH=$PATH:/usr/sbin:/sbin:/usr/local/openresty/nginx/sbin

work=$(mktemp -d) || exit 1
mkdir "$work/tmp"
emulator=
nginx=
finish() {
  trap - EXIT INT TERM
  for process in $nginx $emulator; do
    kill "$process" 2>/dev/null && wait "$process" 2>/dev/null
  done
  rm -rf "$work"
}
trap finish EXIT
trap 'finish; exit 0' INT TERM

# States that take minutes there take seconds here, slowly enough to see them change.
dxconnect="luajit lua/dxconnect/command/launcher"
cat >"$work/accounts.json" <<'JSON'
[{"access_key_id": "AKIDPRODUCTION", "secret_access_key": "production", "account_id": "111122223333"},
 {"access_key_id": "AKIDLABORATORY", "secret_access_key": "laboratory", "account_id": "444455556666"}]
JSON
$dxconnect emulator --seed estate --credentials "$work/accounts.json" --speed "${SPEED:-20}" \
  >"$work/url" 2>"$work/errors" &
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

url=$(head -n 1 "$work/url")
for name in PRODUCTION LABORATORY; do
  small=$(echo $name | tr '[:upper:]' '[:lower:]')
  printf '[profile %s]\nregion = us-east-1\nendpoint_url = %s\naws_access_key_id = AKID%s\naws_secret_access_key = %s\n' \
    "$small" "$url" "$name" "$small"
done >"$work/config"

# Becomes a command with the accounts of nobody: what the caller's environment and files hold has no part in this.
nobody() {
  exec env -i PATH="$PATH" LUA_PATH="$LUA_PATH" LUA_CPATH="$LUA_CPATH" DXCONNECT_INTERVAL=2 \
    DXCONNECT_PROFILES="production laboratory" AWS_CONFIG_FILE="$work/config" \
    AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true "$@"
}

# Debian has nginx's Lua as modules to load; in OpenResty it is built in.
modules=
for folder in /usr/lib/nginx/modules /usr/share/nginx/modules /usr/lib64/nginx/modules; do
  if [ -e "$folder/ngx_http_lua_module.so" ]; then
    modules="load_module $folder/ndk_http_module.so; load_module $folder/ngx_http_lua_module.so;"
    break
  fi
done
[ "$(id -u)" = 0 ] && modules="user root; $modules"
# The emulator speaks plain HTTP; real use needs the system's certificates.
certificates=/etc/ssl/certs/ca-certificates.crt
without=
[ -e "$certificates" ] || without='/lua_ssl_trusted_certificate/d'
sed -e "$without" -e "s|@MODULES@|$modules|" -e "s|@ROOT@|$root|g" -e "s|@CERTIFICATES@|$certificates|" \
  -e "s|@PORT@|$port|" examples/openresty/nginx.conf >"$work/nginx.conf"

(nobody nginx -p "$work" -c nginx.conf -e stderr) &
nginx=$!
tries=0
until [ -s "$work/nginx.pid" ]; do
  tries=$((tries + 1))
  if [ "$tries" -gt 100 ] || ! kill -0 "$nginx" 2>/dev/null; then
    echo "nginx did not start" >&2
    exit 1
  fi
  sleep 0.1
done

echo "http://127.0.0.1:$port/                the picture, findings, and what changed last"
echo "http://127.0.0.1:$port/inventory.json  all of it as JSON; also findings.json and metrics"
echo "http://127.0.0.1:$port/connections     connections and their keys as JSON, by a call in the request"
echo "Ctrl-C ends it."
# Something changes while one looks, after the first picture: the laboratory orders a port, and a session of production goes down on purpose.
call() {
  (nobody $dxconnect call --yes --profile "$1" "$2" --params "$3") >/dev/null || echo "$2 did not work" >&2
}
sleep 1
call laboratory create_connection '{"location": "EqDC2", "bandwidth": "1Gbps", "connectionName": "bench"}'
call production start_bgp_failover_test '{"virtualInterfaceId": "dxvif-estate02", "testDurationInMinutes": 4320}'
wait "$nginx"
