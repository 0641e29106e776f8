--- Proposals to associate a gateway with the Direct Connect gateway of another account.

local associations = require "dxconnect.emulator.associations"
local interfaces = require "dxconnect.emulator.interfaces"
local service_error = require "dxconnect.emulator.service_error"

local handlers = {}

-- The Direct Connect gateway, which may be another account's.
local function gateway_of(world, id, owner)
  local gateway = world:any("gateway", id)
  if not gateway or world.state.has_accounts and gateway.ownerAccount ~= owner then
    service_error.client("Direct Connect Gateway with ID %s does not exist", id)
  end
  local state = gateway.directConnectGatewayState
  if state ~= "available" and state ~= "pending" then
    service_error.client("Direct Connect Gateway %s is %s", id, state)
  end
end

local function existing_prefixes(world, direct_id, gateway_id)
  local association = associations.find(world, direct_id, gateway_id)
  return association and associations.merge(association.allowedPrefixesToDirectConnectGateway) or {}
end

function handlers.CreateDirectConnectGatewayAssociationProposal(world, params)
  local direct_id, gateway_id = params.directConnectGatewayId, params.gatewayId
  local owner = params.directConnectGatewayOwnerAccount
  gateway_of(world, direct_id, owner)
  for one in world:each_by("gateway_proposal", "_gateway", gateway_id) do
    if one.directConnectGatewayId == direct_id and one.proposalState == "requested" then
      service_error.client("A proposal for %s and Direct Connect Gateway %s already exists", gateway_id, direct_id)
    end
  end
  local existing = existing_prefixes(world, direct_id, gateway_id)
  local proposal = world:add("gateway_proposal", {
    proposalId = world:new_uuid(),
    directConnectGatewayId = direct_id,
    directConnectGatewayOwnerAccount = owner,
    associatedGateway = associations.gateway(world, gateway_id),
    existingAllowedPrefixesToDirectConnectGateway = existing,
    requestedAllowedPrefixesToDirectConnectGateway = associations.merge(existing,
      params.addAllowedPrefixesToDirectConnectGateway, params.removeAllowedPrefixesToDirectConnectGateway),
    _gateway = gateway_id,
  }, { owner })
  world:walk(proposal, { "requested" })
  return { directConnectGatewayAssociationProposal = proposal }
end

-- The proposal with that id, while it is open.
local function get_open(world, id)
  local proposal = world:get("gateway_proposal", id)
  if proposal.proposalState == "accepted" then
    service_error.client("Direct Connect Gateway Association Proposal  has been accepted!")
  elseif proposal.proposalState == "deleted" then
    service_error.client("Proposal with ID %s does not exist", id)
  end
  return proposal
end

function handlers.AcceptDirectConnectGatewayAssociationProposal(world, params)
  local proposal = get_open(world, params.proposalId)
  local direct = interfaces.get_gateway(world, params.directConnectGatewayId)
  local gateway = proposal.associatedGateway
  if proposal.directConnectGatewayId ~= params.directConnectGatewayId then
    service_error.client("Proposal %s is not for Direct Connect Gateway %s", params.proposalId,
      params.directConnectGatewayId)
  elseif world.state.has_accounts and gateway.ownerAccount ~= params.associatedGatewayOwnerAccount then
    service_error.client("Proposal %s is not for a gateway of account %s", params.proposalId,
      params.associatedGatewayOwnerAccount)
  end
  local prefixes = associations.merge(params.overrideAllowedPrefixesToDirectConnectGateway
    or proposal.requestedAllowedPrefixesToDirectConnectGateway)
  local association = associations.find(world, params.directConnectGatewayId, gateway.id)
  if association then
    associations.check_stable(association)
    associations.check_prefixes(world, gateway, prefixes)
    associations.update(world, association, prefixes)
  else
    associations.check_new(world, direct, gateway, prefixes)
    association = associations.new(world, direct, gateway, prefixes)
  end
  world:walk(proposal, { "accepted", world.GONE })
  return { directConnectGatewayAssociation = association }
end

function handlers.DeleteDirectConnectGatewayAssociationProposal(world, params)
  local proposal = world:get("gateway_proposal", params.proposalId)
  if proposal.proposalState ~= "deleted" then
    get_open(world, params.proposalId)
    world:walk(proposal, { "deleted", world.GONE })
  end
  return { directConnectGatewayAssociationProposal = proposal }
end

function handlers.DescribeDirectConnectGatewayAssociationProposals(world, params)
  if params.proposalId then
    world:get("gateway_proposal", params.proposalId)
  end
  local member = "directConnectGatewayAssociationProposals"
  return world:page(params, world:list("gateway_proposal"), member, nil, function(one)
    return (not params.proposalId or one.proposalId == params.proposalId)
      and (not params.directConnectGatewayId or one.directConnectGatewayId == params.directConnectGatewayId)
      and (not params.associatedGatewayId or one._gateway == params.associatedGatewayId)
  end)
end

return handlers
