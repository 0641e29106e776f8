--- A certificate for the served emulator: for localhost and 127.0.0.1, signed by itself, made by the program openssl.

local system = require "dxconnect.system"

local COMMAND = [[d=$(mktemp -d) && cd "$d" &&
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=localhost \
    -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' -keyout key.pem -out certificate.pem >/dev/null 2>&1 &&
  echo "$d"]]

--- Makes a certificate, in a folder of its own below the folder for temporary files.
-- @treturn[1] table `{certificate, key}`: paths; `remove()` deletes them
-- @treturn[2] nil
-- @treturn[2] string message
local function make()
  local world = system.new()
  local said = world.run(COMMAND)
  local folder = said and said:match("^(/[^\n]*)\n")
  if not folder then
    return nil, "--tls needs the program openssl, to make a certificate"
  end
  return {
    certificate = folder .. "/certificate.pem",
    key = folder .. "/key.pem",
    remove = function()
      world.run(("rm -r '%s'"):format(folder:gsub("'", "'\\''")))
    end,
  }
end

return { make = make }
