local emulated = require "spec.support.emulated"

local failure = emulated.failure

local function direct_connect_gateway(client, params)
  params = params or {}
  params.directConnectGatewayName = params.directConnectGatewayName or "gate"
  return assert(client:create_direct_connect_gateway(params)).directConnectGateway
end

describe("Direct Connect gateways in the emulator", function()
  local client, record, _

  before_each(function()
    client, _, record = emulated.world()
  end)

  it("are made, renamed, listed and deleted", function()
    local gateway = direct_connect_gateway(client, {
      amazonSideAsn = 4200000001, tags = { { key = "a", value = "b" } },
    })
    assert.equal(4200000001, gateway.amazonSideAsn)
    assert.equal("pending", gateway.directConnectGatewayState)
    assert.same({ { key = "a", value = "b" } }, gateway.tags)
    record.now = record.now + 60
    local id = gateway.directConnectGatewayId
    local listed = assert(client:describe_direct_connect_gateways()).directConnectGateways
    assert.equal("available", listed[1].directConnectGatewayState)
    assert.equal("other", assert(client:update_direct_connect_gateway {
      directConnectGatewayId = id, newDirectConnectGatewayName = "other",
    }).directConnectGateway.directConnectGatewayName)
    assert.equal("deleting", assert(client:delete_direct_connect_gateway { directConnectGatewayId = id })
      .directConnectGateway.directConnectGatewayState)
    record.now = record.now + 60
    assert.matches("is deleted", failure(client:update_direct_connect_gateway {
      directConnectGatewayId = id, newDirectConnectGatewayName = "x",
    }))
    record.now = record.now + 900
    assert.matches("Direct Connect Gateway with ID .* does not exist",
      failure(client:describe_direct_connect_gateways { directConnectGatewayId = id }))
  end)

  it("are the same in every region", function()
    local id = direct_connect_gateway(client).directConnectGatewayId
    assert.equal(id, assert(client:describe_direct_connect_gateways({}, { region = "eu-west-1" }))
      .directConnectGateways[1].directConnectGatewayId)
  end)

  it("are tagged by an ARN without a region", function()
    local id = direct_connect_gateway(client).directConnectGatewayId
    local arn = "arn:aws:directconnect::111122223333:dx-gateway/" .. id
    assert(client:tag_resource { resourceArn = arn, tags = { { key = "x", value = "y" } } })
    assert.same({ { key = "x", value = "y" } }, assert(client:describe_tags { resourceArns = { arn } })
      .resourceTags[1].tags)
  end)
end)

describe("associations in the emulator", function()
  local client, emulator, record, gate

  before_each(function()
    client, emulator, record = emulated.world()
    gate = direct_connect_gateway(client).directConnectGatewayId
    record.now = record.now + 60
  end)

  local function associate(id, prefixes)
    return client:create_direct_connect_gateway_association {
      directConnectGatewayId = gate, gatewayId = id, addAllowedPrefixesToDirectConnectGateway = prefixes,
    }
  end

  local function described(params)
    return assert(client:describe_direct_connect_gateway_associations(params)).directConnectGatewayAssociations
  end

  it("take their time, by either kind of gateway", function()
    local association = assert(associate("tgw-1", { { cidr = "10.0.0.0/8" } })).directConnectGatewayAssociation
    assert.equal("associating", association.associationState)
    assert.same({ id = "tgw-1", type = "transitGateway", ownerAccount = "111122223333", region = "us-east-1" },
      association.associatedGateway)
    assert.same({ { cidr = "10.0.0.0/8" } }, association.allowedPrefixesToDirectConnectGateway)
    local other = assert(client:create_direct_connect_gateway { directConnectGatewayName = "other" })
      .directConnectGateway.directConnectGatewayId
    local virtual = assert(client:create_direct_connect_gateway_association {
      directConnectGatewayId = other, virtualGatewayId = "vgw-1",
    }).directConnectGatewayAssociation
    assert.equal("vgw-1", virtual.virtualGatewayId)
    assert.equal("virtualPrivateGateway", virtual.associatedGateway.type)
    record.now = record.now + 600
    for _, one in ipairs(described { directConnectGatewayId = gate }) do
      assert.equal("associated", one.associationState)
    end
    assert.same({ virtual.associationId }, { described { virtualGatewayId = "vgw-1" }[1].associationId })
    assert.equal(1, #described { associatedGatewayId = "tgw-1", directConnectGatewayId = gate })
    assert.equal(1, #described { associationId = association.associationId })
    assert.matches("is already associated", failure(associate("tgw-1")))
    assert.matches("has associated gateways", failure(client:delete_direct_connect_gateway {
      directConnectGatewayId = gate,
    }))
  end)

  it("change their prefixes once they stand", function()
    local id = assert(associate("vgw-1", { { cidr = "10.0.0.0/16" }, { cidr = "10.1.0.0/16" } }))
      .directConnectGatewayAssociation.associationId
    local function update()
      return client:update_direct_connect_gateway_association {
        associationId = id,
        addAllowedPrefixesToDirectConnectGateway = { { cidr = "10.2.0.0/16" } },
        removeAllowedPrefixesToDirectConnectGateway = { { cidr = "10.0.0.0/16" } },
      }
    end
    assert.matches("is in a transitioning state", failure(update()))
    record.now = record.now + 600
    local association = assert(update()).directConnectGatewayAssociation
    assert.equal("updating", association.associationState)
    assert.same({ { cidr = "10.1.0.0/16" }, { cidr = "10.2.0.0/16" } },
      association.allowedPrefixesToDirectConnectGateway)
    record.now = record.now + 120
    assert.equal("associated", described { associationId = id }[1].associationState)
    emulator:set(id, { stateChangeError = "the VPC is gone" })
    assert.equal("the VPC is gone", described { associationId = id }[1].stateChangeError)
  end)

  it("end, by their id or by the pair", function()
    local id = assert(associate("vgw-1")).directConnectGatewayAssociation.associationId
    assert(associate("vgw-2"))
    record.now = record.now + 600
    assert.equal("disassociating", assert(client:delete_direct_connect_gateway_association { associationId = id })
      .directConnectGatewayAssociation.associationState)
    assert(client:delete_direct_connect_gateway_association { associationId = id })
    assert(client:delete_direct_connect_gateway_association {
      directConnectGatewayId = gate, virtualGatewayId = "vgw-2",
    })
    record.now = record.now + 300
    assert.equal("disassociated", described { associationId = id }[1].associationState)
    assert(associate("vgw-1"))
    record.now = record.now + 900
    assert.equal(1, #described { directConnectGatewayId = gate })
    assert.matches("does not exist", failure(client:delete_direct_connect_gateway_association {
      directConnectGatewayId = gate, virtualGatewayId = "vgw-2",
    }))
  end)
end)

describe("proposals in the emulator", function()
  local client, record, owner, gate

  before_each(function()
    local keys = { access_key_id = "AKIDEXAMPLE", secret_access_key = "one", account_id = "111122223333" }
    local owner_keys = { access_key_id = "AKIDOTHER", secret_access_key = "two", account_id = "444455556666" }
    local emulator
    client, emulator, record = emulated.world({ credentials = { keys, owner_keys } }, { credentials = keys })
    owner = emulated.client(emulator, record, { credentials = owner_keys })
    gate = direct_connect_gateway(owner).directConnectGatewayId
    record.now = record.now + 60
  end)

  local function propose()
    return client:create_direct_connect_gateway_association_proposal {
      directConnectGatewayId = gate, directConnectGatewayOwnerAccount = "444455556666", gatewayId = "vgw-1",
      addAllowedPrefixesToDirectConnectGateway = { { cidr = "10.0.0.0/16" } },
    }
  end

  local function accept(id)
    return owner:accept_direct_connect_gateway_association_proposal {
      directConnectGatewayId = gate, proposalId = id, associatedGatewayOwnerAccount = "111122223333",
    }
  end

  it("are accepted by the gateway's owner, once", function()
    local proposal = assert(propose()).directConnectGatewayAssociationProposal
    assert.equal("requested", proposal.proposalState)
    assert.matches("already exists", failure(propose()))
    local seen = assert(owner:describe_direct_connect_gateway_association_proposals { directConnectGatewayId = gate })
    assert.same({ proposal }, seen.directConnectGatewayAssociationProposals)
    local association = assert(accept(proposal.proposalId)).directConnectGatewayAssociation
    assert.equal("associating", association.associationState)
    assert.equal("111122223333", association.associatedGateway.ownerAccount)
    assert.equal("444455556666", association.directConnectGatewayOwnerAccount)
    assert.same({ { cidr = "10.0.0.0/16" } }, association.allowedPrefixesToDirectConnectGateway)
    local _, err = accept(proposal.proposalId)
    assert.matches("Association Proposal  has been accepted!", err.message)
    assert.equal("already_done", err.reason)
    assert.equal(1, #assert(client:describe_direct_connect_gateway_associations { virtualGatewayId = "vgw-1" })
      .directConnectGatewayAssociations)
    assert.equal("accepted", assert(client:describe_direct_connect_gateway_association_proposals {
      proposalId = proposal.proposalId,
    }).directConnectGatewayAssociationProposals[1].proposalState)
  end)

  it("change what an association has already", function()
    assert(accept(assert(propose()).directConnectGatewayAssociationProposal.proposalId))
    record.now = record.now + 600
    local proposal = assert(client:create_direct_connect_gateway_association_proposal {
      directConnectGatewayId = gate, directConnectGatewayOwnerAccount = "444455556666", gatewayId = "vgw-1",
      addAllowedPrefixesToDirectConnectGateway = { { cidr = "10.1.0.0/16" } },
      removeAllowedPrefixesToDirectConnectGateway = { { cidr = "10.0.0.0/16" } },
    }).directConnectGatewayAssociationProposal
    assert.same({ { cidr = "10.0.0.0/16" } }, proposal.existingAllowedPrefixesToDirectConnectGateway)
    assert.same({ { cidr = "10.1.0.0/16" } }, proposal.requestedAllowedPrefixesToDirectConnectGateway)
    local association = assert(accept(proposal.proposalId)).directConnectGatewayAssociation
    assert.equal("updating", association.associationState)
    assert.same({ { cidr = "10.1.0.0/16" } }, association.allowedPrefixesToDirectConnectGateway)
  end)

  it("are withdrawn", function()
    local id = assert(propose()).directConnectGatewayAssociationProposal.proposalId
    for _ = 1, 2 do
      assert.equal("deleted", assert(client:delete_direct_connect_gateway_association_proposal { proposalId = id })
        .directConnectGatewayAssociationProposal.proposalState)
    end
    assert.matches("does not exist", failure(accept(id)))
    assert(propose())
  end)

  it("name the gateway's owner", function()
    assert.matches("does not exist", failure(client:create_direct_connect_gateway_association_proposal {
      directConnectGatewayId = gate, directConnectGatewayOwnerAccount = "999999999999", gatewayId = "vgw-1",
    }))
  end)
end)
