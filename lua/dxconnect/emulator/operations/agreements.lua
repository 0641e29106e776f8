--- What a partner has agreed to.

local service_error = require "dxconnect.emulator.service_error"

local names = { "DirectConnectPartnerAgreement" }

local handlers = {}

local function signed_by(world)
  local agreements = world.state.agreements
  agreements[world.account] = agreements[world.account] or {}
  return agreements[world.account]
end

function handlers.DescribeCustomerMetadata(world)
  local signed, list = signed_by(world), {}
  for i, name in ipairs(names) do
    list[i] = { agreementName = name, status = signed[name] and "signed" or "unsigned" }
  end
  return { agreements = list, nniPartnerType = "v2" }
end

function handlers.ConfirmCustomerAgreement(world, params)
  local signed, is_known = signed_by(world), params.agreementName == nil
  for _, name in ipairs(names) do
    is_known = is_known or name == params.agreementName
  end
  if not is_known then
    service_error.client("Agreement %s does not exist", params.agreementName)
  end
  for _, name in ipairs(names) do
    signed[name] = true
  end
  return { status = "signed" }
end

return handlers
