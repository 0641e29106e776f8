rockspec_format = "3.0"
package = "dxconnect"
version = "scm-1"
source = {
  url = "git+file://.",
}
description = {
  summary = "The AWS Direct Connect API for Lua, signed and sent from a C core",
  detailed = [[
    Every operation of AWS Direct Connect as a function: parameters checked before they are sent, Signature Version 4,
    retries that cannot order a circuit twice, MACsec key rotation, waiters, many calls at once, and an emulator
    to test against. For Lua 5.4, 5.3, 5.1 and LuaJIT, OpenResty included.
  ]],
  license = "MIT",
  labels = { "aws", "networking", "openresty" },
}
supported_platforms = { "unix" }
dependencies = {
  "lua >= 5.1, < 5.5",
  "lua-cjson >= 2.1.0",
  "argparse >= 0.7",
}
-- The Makefile finds libraries and their flags by pkg-config, and every file of the rock by itself.
external_dependencies = {
  CURL = { library = "curl" },
  CRYPTO = { library = "crypto" },
}
build = {
  type = "make",
  build_target = "build",
  variables = {
    LUA = "$(LUA)",
    LUA_CFLAGS = "-I$(LUA_INCDIR)",
    CC = "$(CC)",
    CFLAGS = "$(CFLAGS)",
    OUT = "build/rock",
  },
  install_variables = {
    PREFIX = "$(PREFIX)",
    LUADIR = "$(LUADIR)",
    LIBDIR = "$(LIBDIR)",
    BINDIR = "$(BINDIR)",
  },
}
