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
}
-- Libraries and their flags are found by pkg-config, in the Makefile.
external_dependencies = {
  CURL = { library = "curl" },
  CRYPTO = { library = "crypto" },
}
build = {
  type = "make",
  build_target = "build",
  build_variables = {
    CC = "$(CC)",
    CFLAGS = "$(CFLAGS)",
    LUA_CFLAGS = "-I$(LUA_INCDIR)",
    OUT = "build/rock",
  },
  install_pass = false,
  install = {
    lib = {
      ["dxconnect.core"] = "build/rock/dxconnect/core.so",
    },
    lua = {
      ["dxconnect.batch"] = "lua/dxconnect/batch.lua",
      ["dxconnect.client"] = "lua/dxconnect/client.lua",
      ["dxconnect.config"] = "lua/dxconnect/config.lua",
      ["dxconnect.create_once"] = "lua/dxconnect/create_once.lua",
      ["dxconnect.credentials.assume_role"] = "lua/dxconnect/credentials/assume_role.lua",
      ["dxconnect.credentials.cache"] = "lua/dxconnect/credentials/cache.lua",
      ["dxconnect.credentials.chain"] = "lua/dxconnect/credentials/chain.lua",
      ["dxconnect.credentials.container"] = "lua/dxconnect/credentials/container.lua",
      ["dxconnect.credentials.document"] = "lua/dxconnect/credentials/document.lua",
      ["dxconnect.credentials.environment"] = "lua/dxconnect/credentials/environment.lua",
      ["dxconnect.credentials"] = "lua/dxconnect/credentials/init.lua",
      ["dxconnect.credentials.instance_metadata"] = "lua/dxconnect/credentials/instance_metadata.lua",
      ["dxconnect.credentials.keys"] = "lua/dxconnect/credentials/keys.lua",
      ["dxconnect.credentials.login"] = "lua/dxconnect/credentials/login.lua",
      ["dxconnect.credentials.process"] = "lua/dxconnect/credentials/process.lua",
      ["dxconnect.credentials.profile"] = "lua/dxconnect/credentials/profile.lua",
      ["dxconnect.credentials.sso"] = "lua/dxconnect/credentials/sso.lua",
      ["dxconnect.credentials.static"] = "lua/dxconnect/credentials/static.lua",
      ["dxconnect.credentials.sts"] = "lua/dxconnect/credentials/sts.lua",
      ["dxconnect.credentials.token_file"] = "lua/dxconnect/credentials/token_file.lua",
      ["dxconnect.credentials.web_identity"] = "lua/dxconnect/credentials/web_identity.lua",
      ["dxconnect.endpoint"] = "lua/dxconnect/endpoint.lua",
      ["dxconnect.errors"] = "lua/dxconnect/errors.lua",
      ["dxconnect.explain"] = "lua/dxconnect/explain.lua",
      ["dxconnect.fifo"] = "lua/dxconnect/fifo.lua",
      ["dxconnect.help"] = "lua/dxconnect/help.lua",
      ["dxconnect.help.example"] = "lua/dxconnect/help/example.lua",
      ["dxconnect.help.guide"] = "lua/dxconnect/help/guide.lua",
      ["dxconnect.help.members"] = "lua/dxconnect/help/members.lua",
      ["dxconnect.help.operations"] = "lua/dxconnect/help/operations.lua",
      ["dxconnect.help.render"] = "lua/dxconnect/help/render.lua",
      ["dxconnect.http"] = "lua/dxconnect/http.lua",
      ["dxconnect.http_date"] = "lua/dxconnect/http_date.lua",
      ["dxconnect.ini"] = "lua/dxconnect/ini.lua",
      dxconnect = "lua/dxconnect/init.lua",
      ["dxconnect.light_lock"] = "lua/dxconnect/light_lock.lua",
      ["dxconnect.light_threads"] = "lua/dxconnect/light_threads.lua",
      ["dxconnect.lock"] = "lua/dxconnect/lock.lua",
      ["dxconnect.log"] = "lua/dxconnect/log.lua",
      ["dxconnect.names"] = "lua/dxconnect/names.lua",
      ["dxconnect.options"] = "lua/dxconnect/options.lua",
      ["dxconnect.pipeline"] = "lua/dxconnect/pipeline.lua",
      ["dxconnect.progress"] = "lua/dxconnect/progress.lua",
      ["dxconnect.reasons"] = "lua/dxconnect/reasons.lua",
      ["dxconnect.recognition"] = "lua/dxconnect/recognition.lua",
      ["dxconnect.retry"] = "lua/dxconnect/retry.lua",
      ["dxconnect.schedule"] = "lua/dxconnect/schedule.lua",
      ["dxconnect.secret"] = "lua/dxconnect/secret.lua",
      ["dxconnect.shared_files"] = "lua/dxconnect/shared_files.lua",
      ["dxconnect.show"] = "lua/dxconnect/show.lua",
      ["dxconnect.sign"] = "lua/dxconnect/sign.lua",
      ["dxconnect.system"] = "lua/dxconnect/system.lua",
      ["dxconnect.tasks"] = "lua/dxconnect/tasks.lua",
      ["dxconnect.timers"] = "lua/dxconnect/timers.lua",
      ["dxconnect.timestamp"] = "lua/dxconnect/timestamp.lua",
      ["dxconnect.transport.cosocket"] = "lua/dxconnect/transport/cosocket.lua",
      ["dxconnect.transport.curl"] = "lua/dxconnect/transport/curl.lua",
      ["dxconnect.transport.func"] = "lua/dxconnect/transport/func.lua",
      ["dxconnect.transport.http1"] = "lua/dxconnect/transport/http1.lua",
      ["dxconnect.transport.proxy"] = "lua/dxconnect/transport/proxy.lua",
      ["dxconnect.transport.resty"] = "lua/dxconnect/transport/resty.lua",
      ["dxconnect.transport.trust"] = "lua/dxconnect/transport/trust.lua",
      ["dxconnect.user_agent"] = "lua/dxconnect/user_agent.lua",
    },
  },
}
