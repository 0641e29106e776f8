--- Waits for everything that comes and goes, on the emulator.

local dxconnect = require "dxconnect"
local emulated = require "spec.support.emulated"

describe("client:wait_until on the emulator", function()
  local client, location, mac_sec_location

  before_each(function()
    client = emulated.world()
    location = assert(client:describe_locations()).locations[1].locationCode
    mac_sec_location = emulated.mac_sec_location(client)
  end)

  local function wait(state, params, options)
    local resource, err = client:wait_until(state, params, options)
    assert.is_table(resource, tostring(err))
    return resource
  end

  local function new_connection()
    return assert(client:create_connection {
      location = mac_sec_location, bandwidth = "10Gbps", connectionName = "c", requestMACSec = true,
    }).connectionId
  end

  local function new_gateway()
    return assert(client:create_direct_connect_gateway { directConnectGatewayName = "g" })
      .directConnectGateway.directConnectGatewayId
  end

  local function new_interface(connection, gateway)
    return assert(client:create_private_virtual_interface {
      connectionId = connection,
      newPrivateVirtualInterface = {
        virtualInterfaceName = "v", vlan = 7, asn = 65000, directConnectGatewayId = gateway,
      },
    }).virtualInterfaceId
  end

  it("sees ports come and go", function()
    local id = new_connection()
    assert.equal("pending", wait("connection_pending", { connectionId = id }).connectionState)
    assert.equal("available", wait("connection_available", { connectionId = id }).connectionState)
    assert(client:delete_connection { connectionId = id })
    assert.equal("deleting", wait("connection_deleting", { connectionId = id }).connectionState)
    assert.equal("deleted", wait("connection_deleted", { connectionId = id }).connectionState)

    id = assert(client:create_interconnect { location = location, bandwidth = "1Gbps", interconnectName = "i" })
      .interconnectId
    wait("interconnect_available", { interconnectId = id })
    assert(client:delete_interconnect { interconnectId = id })
    wait("interconnect_deleted", { interconnectId = id })

    id = assert(client:create_lag {
      location = location, connectionsBandwidth = "1Gbps", numberOfConnections = 1, lagName = "l",
    }).lagId
    wait("lag_available", { lagId = id })
  end)

  it("sees keys come and go", function()
    local id = new_connection()
    wait("connection_available", { connectionId = id })
    local key = dxconnect.macsec.generate()
    assert(client:associate_mac_sec_key { connectionId = id, ckn = key.ckn, cak = key.cak })
    local associated = wait("mac_sec_key_associated", { connectionId = id, ckn = key.ckn })
    wait("port_encryption_up", { connectionId = id })
    assert(client:disassociate_mac_sec_key { connectionId = id, secretARN = associated.secretARN })
    wait("mac_sec_key_disassociated", { connectionId = id, secretARN = associated.secretARN })
    client.system.sleep(3600)
    assert.same({}, wait("mac_sec_key_disassociated", { connectionId = id }))
  end)

  it("sees interfaces, peers, sessions, gateways and attachments come and go", function()
    local connection, gateway = new_connection(), new_gateway()
    wait("connection_available", { connectionId = connection })
    wait("gateway_available", { directConnectGatewayId = gateway })
    local id = new_interface(connection, gateway)
    local named = { virtualInterfaceId = id }
    wait("virtual_interface_available", named)
    wait("bgp_peer_available", named)
    wait("bgp_status_up", named)
    assert.equal(gateway, wait("gateway_attachment_attached", named).directConnectGatewayId)
    wait("gateway_attachment_attached", { directConnectGatewayId = gateway })

    assert(client:start_bgp_failover_test { virtualInterfaceId = id })
    wait("virtual_interface_testing", named)
    assert(client:stop_bgp_failover_test { virtualInterfaceId = id })
    wait("virtual_interface_available", named)

    local peer = wait("bgp_peer_available", named).bgpPeerId
    assert(client:create_bgp_peer { virtualInterfaceId = id, newBGPPeer = { asn = 65000, addressFamily = "ipv6" } })
    assert.equal(2, #wait("bgp_peer_available", named))
    assert.equal(2, #wait("bgp_status_up", named))
    assert(client:delete_bgp_peer { virtualInterfaceId = id, bgpPeerId = peer })
    wait("bgp_peer_deleted", { virtualInterfaceId = id, bgpPeerId = peer })

    assert(client:delete_virtual_interface(named))
    wait("virtual_interface_deleted", named)
    wait("gateway_attachment_detached", named)
    client.system.sleep(3600)
    wait("virtual_interface_deleted", named)
    assert(client:delete_direct_connect_gateway { directConnectGatewayId = gateway })
    wait("gateway_deleted", { directConnectGatewayId = gateway })
  end)

  it("sees associations and proposals come and go", function()
    local gateway = new_gateway()
    wait("gateway_available", { directConnectGatewayId = gateway })
    local association = assert(client:create_direct_connect_gateway_association {
      directConnectGatewayId = gateway, virtualGatewayId = "vgw-0123456789abcdef0",
    }).directConnectGatewayAssociation.associationId
    wait("gateway_association_associated", { associationId = association })
    assert(client:delete_direct_connect_gateway_association { associationId = association })
    wait("gateway_association_disassociated", { associationId = association })

    local account = assert(client:describe_direct_connect_gateways()).directConnectGateways[1].ownerAccount
    local function propose()
      return assert(client:create_direct_connect_gateway_association_proposal {
        directConnectGatewayId = gateway, directConnectGatewayOwnerAccount = account,
        gatewayId = "vgw-0123456789abcdef1",
      }).directConnectGatewayAssociationProposal.proposalId
    end
    local proposal = propose()
    wait("gateway_proposal_requested", { proposalId = proposal })
    assert(client:delete_direct_connect_gateway_association_proposal { proposalId = proposal })
    wait("gateway_proposal_deleted", { proposalId = proposal })
    proposal = propose()
    assert(client:accept_direct_connect_gateway_association_proposal {
      directConnectGatewayId = gateway, proposalId = proposal, associatedGatewayOwnerAccount = account,
    })
    wait("gateway_proposal_accepted", { proposalId = proposal })
  end)

  it("sees resiliency groups come and go", function()
    local id = assert(client:create_resiliency_group {
      resiliencyGroupName = "r", intendedResiliencyModel = "high-resiliency",
    }).resiliencyGroup.resiliencyGroupId
    wait("resiliency_group_available", { resiliencyGroupId = id })
    assert(client:delete_resiliency_group { resiliencyGroupId = id })
    wait("resiliency_group_deleted", { resiliencyGroupId = id })
  end)
end)
