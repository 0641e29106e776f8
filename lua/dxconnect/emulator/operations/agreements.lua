--- What a partner has agreed to, and of which type it is.

local partners = require "dxconnect.emulator.partners"
local service_error = require "dxconnect.emulator.service_error"

local agreements = { "DirectConnectPartnerAgreement" }

local handlers = {}

local function signed_by(world)
  local all = world.state.agreements
  all[world.account] = all[world.account] or {}
  return all[world.account]
end

function handlers.DescribeCustomerMetadata(world)
  local signed, list = signed_by(world), {}
  for i, name in ipairs(agreements) do
    list[i] = { agreementName = name, status = signed[name] and "signed" or "unsigned" }
  end
  return { agreements = list, nniPartnerType = partners.type_of(world, "v2") }
end

function handlers.ConfirmCustomerAgreement(world, params)
  local signed, is_known = signed_by(world), params.agreementName == nil
  for _, name in ipairs(agreements) do
    is_known = is_known or name == params.agreementName
  end
  if not is_known then
    service_error.client("Agreement %s does not exist", params.agreementName)
  end
  for _, name in ipairs(agreements) do
    signed[name] = true
  end
  return { status = "signed" }
end

return handlers
