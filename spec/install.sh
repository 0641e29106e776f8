#!/usr/bin/env bash
# `make install`, `make uninstall` and the rock, each into a folder of its own, for every Lua.
set -u
cd "$(dirname "$0")/.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

check() {
  local what=$1
  shift
  if "$@" >"$work/log" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "not ok: $what"
    cat "$work/log"
  fi
}

# loads LUA VERSION TREE: the module and its core load from there, away from the checkout, and a call succeeds.
loads() {
  (cd "$work" && LUA_PATH="$3/share/lua/$2/?.lua;$3/share/lua/$2/?/init.lua;;" LUA_CPATH="$3/lib/lua/$2/?.so;;" \
    "$1" -e '
      local dxconnect = require "dxconnect"
      assert(#dxconnect.help() > 0)
      local client = assert(dxconnect.client{
        region = "us-east-1",
        transport = dxconnect.emulator{}.transport,
        credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "example" },
      })
      assert(#assert(client:describe_locations()).locations > 0)')
}

for pair in lua5.4:5.4 lua5.3:5.3 luajit:5.1 lua5.1:5.1; do
  lua=${pair%:*}
  version=${pair#*:}
  tree=$work/$lua
  mkdir -p "$tree/share/lua/$version/dxconnect"
  echo "return 1" >"$tree/share/lua/$version/dxconnect/neighbour.lua"
  check "install for $lua" make -s install "PREFIX=$tree" "LUA=$lua"
  check "the installed module loads in $lua" loads "$lua" "$version" "$tree"
  check "core.so is where $lua looks" test -f "$tree/lib/lua/$version/dxconnect/core.so"
  check "the command of $lua finds its modules from anywhere" sh -c "cd / && env -i PATH='$PATH' '$tree/bin/dxconnect' --version"
  check "the command of $lua finds them through a link" sh -c "ln -s '$tree/bin/dxconnect' '$work/link-$lua' && env -i PATH='$PATH' '$work/link-$lua' --version"
  check "uninstall for $lua" make -s uninstall "PREFIX=$tree" "LUA=$lua"
  check "uninstall for $lua leaves the neighbour, and it alone" \
    test "$(find "$tree" -type f)" = "$tree/share/lua/$version/dxconnect/neighbour.lua"
  check "install for $lua below DESTDIR" make -s install "DESTDIR=$work/stage" PREFIX=/usr "LUA=$lua"
  check "every module is installed for $lua" \
    test "$(cd lua && find dxconnect -name '*.lua' | sort)" = \
      "$(cd "$work/stage/usr/share/lua/$version" && find dxconnect -name '*.lua' | sort)"
  check "DESTDIR for $lua stands before PREFIX" test -f "$work/stage/usr/lib/lua/$version/dxconnect/core.so"
done

# says WORDS COMMAND...: the command's output has the words.
says() {
  local words=$1
  shift
  "$@" >"$work/said" 2>&1
  cat "$work/said"
  grep -qF -- "$words" "$work/said"
}

for name in 5.4 lua54 lua-5.4; do
  check "LUA=$name means Lua 5.4" make -s install "PREFIX=$work/$name" "LUA=$name"
  check "LUA=$name installs for Lua 5.4" loads lua5.4 5.4 "$work/$name"
done
mkdir "$work/bin"
ln -s "$(command -v lua5.3)" "$work/bin/lua"
check "LUA=lua is the version that it says it is" env "PATH=$work/bin:$PATH" make -s install "PREFIX=$work/lua" LUA=lua
check "LUA=lua installs for that version" loads lua5.3 5.3 "$work/lua"
check "the path of modules is told" says "LUA_PATH='$work/5.4/share/lua/5.4/?.lua;$work/5.4/share/lua/5.4/?/init.lua;;'" \
  make -s install "PREFIX=$work/5.4" LUA=lua5.4
check "the path of the core is told" says "LUA_CPATH='$work/5.4/lib/lua/5.4/?.so;;'" \
  make -s install "PREFIX=$work/5.4" LUA=lua5.4
check "a Lua that isn't there is named" says "lua5.9, the program that LUA names" make -s install "PREFIX=$work/no" LUA=lua5.9
check "what isn't a Lua is named" says "LUA=sh isn't one" make -s install "PREFIX=$work/no" LUA=sh
mkdir "$work/pc"
for library in libcrypto libssl lua5.4; do
  ln -s "$(pkg-config --variable=pcfiledir $library)/$library.pc" "$work/pc/"
done
check "a library that is missing is named, and it alone" test "$(
  PKG_CONFIG_LIBDIR="$work/pc" make -s install "PREFIX=$work/no" LUA=lua5.4 2>&1 | grep '^  ')" = \
  "  libcurl >= 7.80 with its headers, by pkg-config (none was found)"
check "what can't be built is not installed" test ! -e "$work/no"

for version in 5.4 5.3 5.1; do
  tree=$work/rocks-$version
  check "rock for Lua $version" env "HOME=$work" luarocks "--lua-version=$version" make --deps-mode=none --tree "$tree"
  check "the rock has every module for Lua $version" \
    test "$(cd lua && find dxconnect -name '*.lua' | sort)" = \
      "$(cd "$tree/share/lua/$version" && find dxconnect -name '*.lua' | sort)"
  check "the rock loads in Lua $version" loads "lua$version" "$version" "$tree"
  check "the rock for Lua $version has the command" sh -c "cd / && '$tree/bin/dxconnect' --version"
done

version=$(sed -n 's/^return "\(.*\)"$/\1/p' lua/dxconnect/version.lua)
check "the archive of a version" make -s dist "BUILD=$work/build"
check "the version's rock is built from the archive" env "HOME=$work" luarocks --lua-version=5.4 install --deps-mode=none \
  --tree "$work/dist" "$work/build/dist/dxconnect-$version-1.rockspec"
check "the version's rock loads" loads lua5.4 5.4 "$work/dist"

check "the reference, in an empty environment" env -i "PATH=$PATH" make -s docs "BUILD=$work/build"
check "the reference has its pages" test -s "$work/build/doc/index.html"
check "the targets are listed" sh -c 'make -s help | grep -q "^  uninstall "'

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
