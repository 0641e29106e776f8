--- Letters of authorization (LOA-CFA): the paper, as PDF, that lets a data centre wire the cross connect.

local pdf = require "dxconnect.emulator.pdf"
local ports = require "dxconnect.emulator.ports"
local service_error = require "dxconnect.emulator.service_error"

local handlers = {}

local function loa_of(world, port, id, params)
  if ports.is_ended(port) then
    service_error.client("%s is %s: it has no LOA", id, ports.state(world, port))
  elseif ports.state(world, port) == "requested" or ports.state(world, port) == "ordering" then
    service_error.client("The LOA of %s is not available yet: it is in state %s", id, ports.state(world, port))
  end
  for _, one in ipairs(port._kind == "lag" and ports.members(world, port) or { port }) do
    one.loaIssueTime = math.floor(world:now())
  end
  local lines = {
    "Letter of Authorization and Connecting Facility Assignment",
    "",
    "From the dxconnect emulator. It authorizes nobody to wire anything.",
    "",
    "Port: " .. id,
    "Location: " .. port.location,
    "Device: " .. port.awsDeviceV2,
    "Bandwidth: " .. (port.bandwidth or port.connectionsBandwidth),
    "Issued: " .. world:date(),
  }
  if params.providerName or port.providerName then
    lines[#lines + 1] = "Provider: " .. (params.providerName or port.providerName)
  end
  return { loaContent = pdf.page(lines), loaContentType = "application/pdf" }
end

local function check_dedicated(port, id)
  if port._parent then
    service_error.client("Connection %s is a hosted connection: the LOA is its partner's", id)
  end
end

function handlers.DescribeLoa(world, params)
  local port = ports.get(world, params.connectionId)
  check_dedicated(port, params.connectionId)
  return loa_of(world, port, params.connectionId, params)
end

function handlers.DescribeConnectionLoa(world, params)
  local connection = world:get("connection", params.connectionId)
  check_dedicated(connection, params.connectionId)
  return { loa = loa_of(world, connection, params.connectionId, params) }
end

function handlers.DescribeInterconnectLoa(world, params)
  local interconnect = world:get("interconnect", params.interconnectId)
  return { loa = loa_of(world, interconnect, params.interconnectId, params) }
end

return handlers
